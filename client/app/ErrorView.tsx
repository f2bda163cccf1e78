// A failure where a page or a part of it should be: what happened, what was kept, what to do now.
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/display.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { errorText } from './error-text.ts';

export function ErrorView({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <EmptyState
        icon={<WarningIcon size={24} />}
        title={t('app.failedTitle')}
        actions={onRetry && <Button onClick={onRetry}>{t('app.tryAgain')}</Button>}
      >
        <p>{errorText(error, t)}</p>
      </EmptyState>
    </div>
  );
}
