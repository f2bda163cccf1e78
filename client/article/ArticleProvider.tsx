// The open article in React: opens the session, opens it anew after a refusal, and gives it to every component below.
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import { useLive } from '../app/live-context.ts';
import { liveLine } from './command-line.ts';
import { openArticleSession } from './session.ts';
import { type CarriedWords, letGo } from './succession.ts';
import type { ArticleSession } from './types.ts';

const ArticleContext = createContext<ArticleSession | null>(null);

/** The session of the open article. Only below an ArticleProvider. */
export function useArticle(): ArticleSession {
  const session = use(ArticleContext);
  if (!session) throw new Error('useArticle needs an ArticleProvider above it');
  return session;
}

interface Props {
  articleId: string;
  person: Person;
  /** The server has closed for good. */
  onClosed(reason: ErrorCode): void;
  children: ReactNode;
}

export function ArticleProvider({ articleId, person, onClosed, children }: Props) {
  const live = useLive();
  const [session, setSession] = useState<ArticleSession | null>(null);

  // The person's rights come with the session's own `hello`: only another person or article opens a new one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let current: ArticleSession | null = null;
    let left = false;
    const open = (carried: CarriedWords | null) => {
      if (left) {
        if (carried) letGo(carried);
        return;
      }
      current = openArticleSession({
        articleId,
        person,
        carried,
        line: liveLine(live),
        storage: window.localStorage,
        syncUrl: `${location.origin.replace(/^http/, 'ws')}/sync`,
        onReplaced: open,
        onClosed,
      });
      setSession(current);
    };
    open(null);
    return () => {
      left = true;
      current?.destroy();
      setSession(null);
    };
  }, [articleId, person.id, live]);

  if (!session) return null;
  return <ArticleContext value={session}>{children}</ArticleContext>;
}
