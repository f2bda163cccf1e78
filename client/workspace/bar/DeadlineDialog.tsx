// When the article must be ready.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/use-formats.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useWorkspace } from '../context.tsx';

export function DeadlineDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { meta } = useWorkspace();
  return open ? <OpenDialog key={meta.deadline} onClose={onClose} /> : null;
}

function OpenDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { workspace, meta } = useWorkspace();
  const [value, setValue] = useState(() => toField(meta.deadline));

  function save(deadline: number | null): void {
    workspace.session.send('article.change', { deadline }).catch(workspace.onError);
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('workspace.deadline.title')}
      size="s"
      footer={
        <>
          {meta.deadline !== null && (
            <Button variant="quiet" onClick={() => save(null)}>
              {t('workspace.deadline.remove')}
            </Button>
          )}
          <Button variant="primary" disabled={value === ''} onClick={() => save(new Date(value).getTime())}>
            {t('workspace.deadline.save')}
          </Button>
        </>
      }
    >
      {/* The browser writes the field in its own language; the hint says it in the reader's. */}
      <TextField
        type="datetime-local"
        label={t('workspace.deadline.when')}
        hint={value === '' ? undefined : formats.dateTime(new Date(value).getTime())}
        value={value}
        onChange={setValue}
      />
    </Dialog>
  );
}

/** The form of <input type="datetime-local">: local time without a zone. */
function toField(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
