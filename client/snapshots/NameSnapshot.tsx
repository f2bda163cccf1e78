// Takes a snapshot now and gives it a name.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
import { BookmarkIcon } from '../ui/icons.tsx';
import { useToast } from '../ui/Toast.tsx';

export function NameSnapshot({ articleId, onTaken }: { articleId: string; onTaken: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setBusy(true);
    setError(null);
    try {
      const { snapshotId } = await api.takeSnapshot(articleId, name);
      await queries.invalidateQueries({ queryKey: keys.snapshots(articleId) });
      onTaken(snapshotId);
      toast({ kind: 'good', title: t('snapshots.taken') });
      setOpen(false);
      setName('');
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Button variant="primary" icon={<BookmarkIcon />} onClick={() => setOpen(true)}>
        {t('snapshots.take')}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="s"
        title={t('snapshots.takeTitle')}
        description={t('snapshots.takeBody')}
      >
        <form className="form" onSubmit={submit}>
          <TextField
            label={t('snapshots.name')}
            value={name}
            onChange={setName}
            error={error === null ? undefined : errorText(error, t)}
            placeholder={t('snapshots.namePlaceholder')}
            maxLength={200}
            required
          />
          <div className="form-actions form-actions-end">
            <Button onClick={() => setOpen(false)}>{t('app.cancel')}</Button>
            <Button type="submit" variant="primary" busy={busy}>
              {t('snapshots.take')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
