// Invites somebody: a role and languages make a link, which one passes on oneself.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../shared/access/roles.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
import { LinkDialog } from './LinkDialog.tsx';
import { RoleAndLanguages } from './RoleAndLanguages.tsx';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>('translator');
  const [languages, setLanguages] = useState<string[]>([]);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<{ url: string; expiresAt: number } | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { url, invitation } = await api.invite({ role, languages, note });
      setMade({ url, expiresAt: invitation.expiresAt });
      await queries.invalidateQueries({ queryKey: keys.invitations });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  if (made) {
    return (
      <LinkDialog
        title={t('people.invitationMade')}
        url={made.url}
        expiresAt={made.expiresAt}
        hint={t('people.invitationHint')}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('people.inviteTitle')}>
      <form className="form" onSubmit={submit}>
        <RoleAndLanguages role={role} languages={languages} onRole={setRole} onLanguages={setLanguages} />
        <TextField
          label={t('people.note')}
          hint={t('people.noteHint')}
          value={note}
          onChange={setNote}
          maxLength={200}
        />
        {error !== null && (
          <p className="notice notice-danger" role="alert">
            {errorText(error, t)}
          </p>
        )}
        <div className="form-actions form-actions-end">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('people.makeLink')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
