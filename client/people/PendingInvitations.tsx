// Invitations that nobody has used yet, and the way to take one back.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Invitation } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys, useInvitations } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { useFormats, useLanguageName, useNow } from '../app/use-formats.ts';
import { Button } from '../ui/Button.tsx';
import { useToast } from '../ui/Toast.tsx';

export function PendingInvitations() {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageName();
  const now = useNow();
  const queries = useQueryClient();
  const toast = useToast();
  const invitations = useInvitations(true);
  const pending = invitations.data?.filter(({ usedAt, expiresAt }) => usedAt === null && expiresAt > now) ?? [];
  if (pending.length === 0) return null;

  const revoke = async (invitation: Invitation) => {
    try {
      await api.revokeInvitation(invitation.id);
    } catch (error) {
      toast({ kind: 'danger', title: t('people.revokeFailed'), body: errorText(error, t) });
    }
    await queries.invalidateQueries({ queryKey: keys.invitations });
  };

  return (
    <section className="section pending" aria-labelledby="pending-invitations">
      <h2 className="section-title" id="pending-invitations">
        {t('people.pending')}
      </h2>
      <ul className="people">
        {pending.map((invitation) => (
          <li key={invitation.id} className="person">
            <div className="person-words">
              <span className="person-name">
                {[t(`roles.${invitation.role}`), ...invitation.languages.map(languageName)].join('\u00a0· ')}
              </span>
              {invitation.note !== '' && <span className="person-facts">{invitation.note}</span>}
            </div>
            <span className="person-seen">
              {t('people.linkExpires', { date: formats.day(invitation.expiresAt, now) })}
            </span>
            <Button size="s" onClick={() => revoke(invitation)}>
              {t('people.revoke')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
