// Takes a snapshot under a name.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useToast } from '../../ui/Toast.tsx';
import { useWorkspace } from '../context.tsx';

const LONGEST = 200;

export function SnapshotDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation();
  const { workspace } = useWorkspace();
  const toast = useToast();
  const [name, setName] = useState('');

  function take(): void {
    workspace.session
      .send('snapshot.create', { name: name.trim() })
      .then(() => toast({ kind: 'good', title: t('workspace.snapshot.taken') }))
      .catch(workspace.onError);
    setName('');
    onClose();
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('workspace.snapshot.title')}
      description={t('workspace.snapshot.explain')}
      size="s"
      footer={
        <Button variant="primary" type="submit" form="snapshot-form" disabled={name.trim() === ''}>
          {t('workspace.snapshot.take')}
        </Button>
      }
    >
      <form
        id="snapshot-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') take();
        }}
      >
        <TextField label={t('workspace.snapshot.name')} value={name} onChange={setName} maxLength={LONGEST} autoFocus />
      </form>
    </Dialog>
  );
}
