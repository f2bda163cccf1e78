// After a refusal: why, and the words that could not stay in the article, to be copied before they are let go.
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import type { SaveStatus } from '../../article/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { CopyIcon } from '../../ui/icons.tsx';
import { useToast } from '../../ui/Toast.tsx';

interface Props {
  status: Extract<SaveStatus, { state: 'refused' }>;
  open: boolean;
  onOpenChange(open: boolean): void;
  onDismiss(): void;
}

export function KeptWordsDialog({ status, open, onOpenChange, onDismiss }: Props) {
  const { t } = useTranslation();
  const name = useLanguageName();
  const toast = useToast();
  const { kept, reason } = status;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(kept.map(({ text }) => text).join('\n\n'));
      toast({ kind: 'good', title: t('workspace.kept.copied') });
    } catch {
      toast({ kind: 'danger', title: t('workspace.kept.notCopied') });
    }
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('workspace.kept.title')}
      description={`${t(`errors.${reason}`)} ${kept.length > 0 ? t('workspace.kept.explain') : t('workspace.kept.nothing')}`}
      footer={
        <>
          {kept.length > 0 && (
            <Button variant="primary" icon={<CopyIcon />} onClick={copy}>
              {t('workspace.kept.copy')}
            </Button>
          )}
          <Button variant={kept.length > 0 ? 'quiet' : 'primary'} onClick={onDismiss}>
            {kept.length > 0 ? t('workspace.kept.letGo') : t('workspace.kept.understood')}
          </Button>
        </>
      }
    >
      {kept.map(({ language, blockId, text }) => (
        <section key={`${language}/${blockId}`} className="ws-kept">
          <h3 className="ws-kept-language">{name(language)}</h3>
          <p lang={language} className="ws-kept-text">
            {text}
          </p>
        </section>
      ))}
    </Dialog>
  );
}
