// For whoever is not signed in: how to get a link. There are no passwords, so there is no form.
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'wouter';
import { useSessionQuery } from '../api/queries.ts';
import { WarningIcon } from '../ui/icons.tsx';
import { PublicPage } from './PublicPage.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const session = useSessionQuery();
  const linkFailed = search.get('error') === 'sign-in-link-invalid';
  return (
    <PublicPage title={t('app.signIn.title')}>
      {linkFailed && (
        <p className="notice notice-warn" role="alert">
          <WarningIcon />
          {t('errors.sign-in-link-invalid')}
        </p>
      )}
      {session.data?.person ? (
        <p>
          {t('app.signIn.already', { name: session.data.person.name })} <Link href="/">{t('app.toDesk')}</Link>
        </p>
      ) : (
        <>
          <p>{t('app.signIn.intro')}</p>
          <dl className="ways">
            <dt>{t('app.signIn.memberTerm')}</dt>
            <dd>{t('app.signIn.member')}</dd>
            <dt>{t('app.signIn.newTerm')}</dt>
            <dd>{t('app.signIn.new')}</dd>
            <dt>{t('app.signIn.operatorTerm')}</dt>
            <dd>
              {t('app.signIn.operator')} <code>npm run --silent kopuro -- person add</code>
            </dd>
          </dl>
        </>
      )}
    </PublicPage>
  );
}
