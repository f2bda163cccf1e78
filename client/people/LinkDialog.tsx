// A link to be passed on by hand: shown once, with a button that copies it.
import { useTranslation } from 'react-i18next';
import { useFormats } from '../app/use-formats.ts';
import { Button } from '../ui/Button.tsx';
import { CopyField } from '../ui/CopyField.tsx';
import { Dialog } from '../ui/Dialog.tsx';

export interface LinkDialogProps {
  title: string;
  url: string;
  expiresAt: number;
  hint: string;
  onClose: () => void;
}

export function LinkDialog({ title, url, expiresAt, hint, onClose }: LinkDialogProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Dialog
      open
      keepOpen
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={hint}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('people.done')}
        </Button>
      }
    >
      <CopyField
        label={t('people.link')}
        value={url}
        hint={t('people.linkExpires', { date: formats.dateTime(expiresAt) })}
      />
    </Dialog>
  );
}
