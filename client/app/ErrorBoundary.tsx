// Catches what breaks while rendering, so that a bug in one page leaves a way out of it.
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/display.tsx';
import { WarningIcon } from '../ui/icons.tsx';

interface Props {
  /** When it changes, the children are tried again: the address, usually. */
  resetKey: string;
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.error && previous.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children;
  }
}

function Broken({ error }: { error: Error }) {
  const { t } = useTranslation();
  // A page's code that cannot be fetched is an app that was rebuilt meanwhile, or a cut network.
  const outdated = /dynamically imported module|module script|preload/i.test(error.message);
  return (
    <main className="page page-narrow" role="alert">
      <EmptyState
        icon={<WarningIcon size={24} />}
        title={outdated ? t('app.outdatedTitle') : t('app.brokenTitle')}
        actions={
          <>
            <Button variant="primary" onClick={() => location.reload()}>
              {t('app.reload')}
            </Button>
            <Button onClick={() => location.assign('/')}>{t('app.toDesk')}</Button>
          </>
        }
      >
        <p>{outdated ? t('app.outdatedBody') : t('app.brokenBody')}</p>
      </EmptyState>
    </main>
  );
}
