// One more language into which the article is to be translated.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { articleLanguages } from '../../../shared/article/meta.ts';
import { OFFERED_LANGUAGES } from '../../app/languages.ts';
import { useLanguageLabel } from '../../app/use-formats.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';
import { useWorkspace } from '../context.tsx';

export function LanguageDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  return open ? <OpenDialog onClose={onClose} /> : null;
}

function OpenDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const name = useLanguageLabel();
  const { workspace, meta } = useWorkspace();
  const present = articleLanguages(meta);
  const [chosen, setChosen] = useState('');
  const offered = OFFERED_LANGUAGES.filter((language) => !present.includes(language));

  function add(): void {
    workspace.session.send('article.addLanguage', { language: chosen }).catch(workspace.onError);
    workspace.arrangement.show(chosen);
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('workspace.addLanguage.title')}
      size="s"
      footer={
        <Button variant="primary" disabled={chosen === ''} onClick={add}>
          {t('workspace.addLanguage.add')}
        </Button>
      }
    >
      <Select
        label={t('import.targets')}
        value={chosen}
        onChange={setChosen}
        options={[
          { value: '', label: t('workspace.addLanguage.choose') },
          ...offered.map((value) => ({ value, label: name(value) })),
        ]}
      />
    </Dialog>
  );
}
