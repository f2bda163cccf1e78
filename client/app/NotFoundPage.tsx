// For addresses where nothing is.
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { EmptyState } from '../ui/display.tsx';
import { Page } from './Page.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('app.notFoundTitle')} hideHeading>
      <EmptyState
        title={t('app.notFoundTitle')}
        actions={
          <Link href="/" className="button button-primary">
            {t('app.toDesk')}
          </Link>
        }
      >
        <p>{t('app.notFoundBody')}</p>
      </EmptyState>
    </Page>
  );
}
