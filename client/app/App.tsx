// The web app: providers, who is signed in, and which page stands at which address. Pages are fetched when first visited.
import { type QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { Route, Switch, useLocation } from 'wouter';
import { keys, useSessionQuery } from '../api/queries.ts';
import { ActionRoot } from '../margin/ActionRoot.tsx';
import { ToastProvider } from '../ui/Toast.tsx';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { ErrorView } from './ErrorView.tsx';
import type { Live } from './live.ts';
import { LiveContext, useLive, useLiveEvent } from './live-context.ts';
import { NotFoundPage } from './NotFoundPage.tsx';
import { SignInPage } from './SignInPage.tsx';
import { PersonContext } from './session.tsx';

const DeskPage = lazy(() => import('../desk/DeskPage.tsx'));
const fetchWorkspace = () => import('../workspace/WorkspacePage.tsx');
const WorkspacePage = lazy(fetchWorkspace);
const SnapshotsPage = lazy(() => import('../snapshots/SnapshotsPage.tsx'));
const ClaimsPage = lazy(() => import('../claims/ClaimsPage.tsx'));
const PeoplePage = lazy(() => import('../people/PeoplePage.tsx'));
const SettingsPage = lazy(() => import('../settings/SettingsPage.tsx'));
const InvitationPage = lazy(() => import('./InvitationPage.tsx'));

/** Begins to fetch what the address will need, while the session is still being asked for. */
export function fetchAhead(path: string): void {
  // If it fails, the page itself asks again and says so.
  if (/^\/articles\/[^/]+$/.test(path)) fetchWorkspace().catch(() => {});
}

interface AppProps {
  translator: i18n;
  queries: QueryClient;
  live: Live;
}

export function App({ translator, queries, live }: AppProps) {
  return (
    <I18nextProvider i18n={translator}>
      <QueryClientProvider client={queries}>
        <LiveContext value={live}>
          <TooltipProvider delayDuration={400}>
            <ToastProvider>
              <ActionRoot>
                <Pages />
              </ActionRoot>
            </ToastProvider>
          </TooltipProvider>
        </LiveContext>
      </QueryClientProvider>
    </I18nextProvider>
  );
}

function Pages() {
  const [location] = useLocation();
  return (
    <ErrorBoundary resetKey={location}>
      <Suspense fallback={<Waiting />}>
        <Switch>
          <Route path="/sign-in">
            <SignInPage />
          </Route>
          <Route path="/invite/:token">{({ token }) => <InvitationPage token={token} />}</Route>
          <Route>
            <SignedIn>
              <Switch>
                <Route path="/">
                  <DeskPage />
                </Route>
                <Route path="/articles/:id">{({ id }) => <WorkspacePage key={id} articleId={id} />}</Route>
                <Route path="/articles/:id/snapshots">{({ id }) => <SnapshotsPage key={id} articleId={id} />}</Route>
                <Route path="/articles/:id/claims">{({ id }) => <ClaimsPage key={id} articleId={id} />}</Route>
                <Route path="/people">
                  <PeoplePage />
                </Route>
                <Route path="/settings">
                  <SettingsPage />
                </Route>
                <Route>
                  <NotFoundPage />
                </Route>
              </Switch>
            </SignedIn>
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

/** Shows its children to somebody who is signed in, with the live connection open; the sign-in page to anybody else. */
function SignedIn({ children }: { children: ReactNode }) {
  const { i18n: translator } = useTranslation();
  const live = useLive();
  const queries = useQueryClient();
  const session = useSessionQuery();
  const person = session.data?.person ?? null;
  const personId = person?.id;
  const language = translator.language;

  useEffect(() => {
    if (personId === undefined) return;
    live.open(language);
    return () => live.close();
  }, [live, personId, language]);
  useLiveEvent('session.changed', () => void queries.invalidateQueries({ queryKey: keys.session }));

  if (session.isPending) return <Waiting />;
  if (session.isError && !session.data) {
    return (
      <main className="page page-narrow">
        <ErrorView error={session.error} onRetry={() => session.refetch()} />
      </main>
    );
  }
  if (!person) return <SignInPage />;
  return <PersonContext value={person}>{children}</PersonContext>;
}

/** Holds the place of the top bar, so that nothing moves when the page is here. */
function Waiting() {
  return (
    <div className="frame" aria-busy="true">
      <div className="top-bar" />
    </div>
  );
}
