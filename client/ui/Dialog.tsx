// Dialogs: a window over the page that holds the focus, closed by Esc, by its button or by a click outside.
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button.tsx';
import { CloseIcon } from './icons.tsx';

const FIRST_INSIDE = ['.dialog-body', '.dialog-footer']
  .map((part) => `${part} :is(input, textarea, select, button, a[href]):not(:disabled)`)
  .join(', ');

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** A sentence under the title. */
  description?: ReactNode;
  size?: 's' | 'm' | 'l';
  /** Buttons at the bottom right; the last one is the main one. */
  footer?: ReactNode;
  /** What was written inside would be lost: clicks outside do not close. */
  keepOpen?: boolean;
  children?: ReactNode;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  size = 'm',
  footer,
  keepOpen = false,
  children,
}: DialogProps) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-overlay">
          <Radix.Content
            className={`dialog dialog-${size}`}
            {...(description ? {} : { 'aria-describedby': undefined })}
            onInteractOutside={(event) => keepOpen && event.preventDefault()}
            // Not the button that closes, whose tooltip would take the first Esc: the first thing inside, else the window.
            onOpenAutoFocus={(event) => {
              event.preventDefault();
              const content = event.currentTarget as HTMLElement;
              (content.querySelector<HTMLElement>(FIRST_INSIDE) ?? content).focus();
            }}
          >
            <div className="dialog-header">
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton label={t('app.close')} icon={<CloseIcon />} />
              </Radix.Close>
            </div>
            <div className="dialog-body">
              {description && <Radix.Description className="dialog-description">{description}</Radix.Description>}
              {children}
            </div>
            {footer && <div className="dialog-footer">{footer}</div>}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen, and whether it can be undone. */
  description: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  /** The dialog shows that it is busy until this settles, and closes when it resolved. Show errors yourself. */
  onConfirm: () => Promise<unknown> | undefined;
}

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  danger = false,
  onConfirm,
}: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      size="s"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('app.cancel')}</Button>
          <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={confirm}>
            {confirmLabel}
          </Button>
        </>
      }
    />
  );
}
