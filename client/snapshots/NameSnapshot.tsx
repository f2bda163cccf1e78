// Takes a snapshot now and gives it a name.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { useSubmit } from '../app/use-submit.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { BookmarkIcon } from '../ui/icons.tsx';
import { useToast } from '../ui/Toast.tsx';

export function NameSnapshot({ articleId, onTaken }: { articleId: string; onTaken: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const submit = useSubmit(async () => {
    const { snapshotId } = await api.takeSnapshot(articleId, name);
    await queries.invalidateQueries({ queryKey: keys.snapshots(articleId) });
    onTaken(snapshotId);
    toast({ kind: 'good', title: t('snapshots.taken') });
    setOpen(false);
    setName('');
  }, name.trim() !== '');

  return (
    <>
      <Button variant="primary" icon={<BookmarkIcon />} onClick={() => setOpen(true)}>
        {t('snapshots.take')}
      </Button>
      {open && (
        <FormDialog
          size="s"
          title={t('snapshots.takeTitle')}
          description={t('snapshots.takeBody')}
          submit={submit}
          submitLabel={t('snapshots.take')}
          onClose={() => setOpen(false)}
        >
          <TextField
            label={t('snapshots.name')}
            value={name}
            onChange={setName}
            placeholder={t('snapshots.namePlaceholder')}
            maxLength={200}
            required
          />
        </FormDialog>
      )}
    </>
  );
}
