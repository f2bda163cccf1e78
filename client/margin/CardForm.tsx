// A form inside a card: Ctrl+Enter sends, Esc gives up. Where the words are one line, Enter alone sends.
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';

interface Props {
  label: string;
  onSend(): void;
  onCancel(): void;
  ready: boolean;
  sendLabel: string;
  oneLine?: boolean;
  children: ReactNode;
}

export function CardForm({ label, onSend, onCancel, ready, sendLabel, oneLine = false, children }: Props) {
  const { t } = useTranslation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onSend();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || (oneLine && isTextArea(event.target)))) {
      event.preventDefault();
      if (ready) onSend();
    }
  };
  return (
    <form className="card-form" aria-label={label} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      {children}
      <div className="card-buttons">
        <Button size="s" variant="primary" type="submit" disabled={!ready}>
          {sendLabel}
        </Button>
        <Button size="s" variant="quiet" onClick={onCancel}>
          {t('margin.cancel')}
        </Button>
      </div>
    </form>
  );
}

function isTextArea(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement;
}
