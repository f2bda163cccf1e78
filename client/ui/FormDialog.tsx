// A dialog that is a form: its fields, what went wrong, and two buttons.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Submit } from '../app/use-submit.ts';
import { Button } from './Button.tsx';
import { Dialog, type DialogProps } from './Dialog.tsx';

export interface FormDialogProps extends Pick<DialogProps, 'title' | 'description' | 'size'> {
  submit: Submit;
  submitLabel: string;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog({ submit, submitLabel, onClose, children, ...dialog }: FormDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog {...dialog} open onOpenChange={(open) => !open && onClose()}>
      <form className="form" onSubmit={submit.onSubmit}>
        {children}
        {submit.error !== undefined && (
          <p className="notice notice-danger" role="alert">
            {submit.error}
          </p>
        )}
        <div className="form-actions form-actions-end">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" variant="primary" busy={submit.busy}>
            {submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
