// Invites somebody: a role and languages make a link, which one passes on oneself.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../shared/access/roles.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { useSubmit } from '../app/use-submit.ts';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { LinkDialog } from './LinkDialog.tsx';
import { RoleAndLanguages } from './RoleAndLanguages.tsx';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>('translator');
  const [languages, setLanguages] = useState<string[]>([]);
  const [note, setNote] = useState('');
  const [made, setMade] = useState<{ url: string; expiresAt: number } | null>(null);

  const submit = useSubmit(async () => {
    const { url, invitation } = await api.invite({ role, languages, note });
    setMade({ url, expiresAt: invitation.expiresAt });
    await queries.invalidateQueries({ queryKey: keys.invitations });
  });

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
    <FormDialog title={t('people.inviteTitle')} submit={submit} submitLabel={t('people.makeLink')} onClose={onClose}>
      <RoleAndLanguages role={role} languages={languages} onRole={setRole} onLanguages={setLanguages} />
      <TextField label={t('people.note')} hint={t('people.noteHint')} value={note} onChange={setNote} maxLength={200} />
    </FormDialog>
  );
}
