// Where an invitation's link leads: what is offered, and the name under which one joins.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api } from '../api/calls.ts';
import { keys, useInvitation } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/display.tsx';
import { TextField } from '../ui/Field.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { errorText } from './error-text.ts';
import { PublicPage } from './PublicPage.tsx';
import { useFormats, useLanguageName } from './use-formats.ts';
import { useSubmit } from './use-submit.ts';

export default function InvitationPage({ token }: { token: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageName();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const invitation = useInvitation(token);
  const [name, setName] = useState('');
  const { busy, error, onSubmit } = useSubmit(async () => {
    await api.acceptInvitation({ token, name });
    await queries.refetchQueries({ queryKey: keys.session });
    navigate('/');
  }, name.trim() !== '');

  if (invitation.isPending) {
    return (
      <PublicPage title={t('app.invitation.title')}>
        <p aria-busy="true">
          <Skeleton width="100%" height="3.2em" />
        </p>
      </PublicPage>
    );
  }
  if (invitation.isError) {
    return (
      <PublicPage title={t('app.invitation.title')}>
        <p className="notice notice-warn" role="alert">
          <WarningIcon />
          {errorText(invitation.error, t)}
        </p>
        <p>{t('app.invitation.askAgain')}</p>
      </PublicPage>
    );
  }
  const { role, languages, note, expiresAt } = invitation.data;
  return (
    <PublicPage title={t('app.invitation.title')}>
      <p>{t('app.invitation.intro', { role: t(`roles.${role}`) })}</p>
      {languages.length > 0 && (
        <p>{t('app.invitation.languages', { languages: languages.map(languageName).join(', ') })}</p>
      )}
      {note !== '' && <blockquote className="invitation-note">{note}</blockquote>}
      <form className="form" onSubmit={onSubmit}>
        <TextField
          label={t('app.invitation.name')}
          hint={t('app.invitation.nameHint')}
          error={error}
          value={name}
          onChange={setName}
          autoComplete="name"
          maxLength={100}
          required
        />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={busy}>
            {t('app.invitation.join')}
          </Button>
          <span className="soft">{t('app.invitation.expires', { date: formats.date(expiresAt) })}</span>
        </div>
      </form>
    </PublicPage>
  );
}
