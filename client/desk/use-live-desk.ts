// Keeps the articles on the board as they are at the server, and tells who is in which of them.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { conditionsOf, type DeskFilter } from '../../shared/desk/finding.ts';
import type { PresentPerson } from '../../shared/protocol/events.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { useLive, useLiveEvent } from '../app/live-context.ts';
import { usePerson } from '../app/session.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { type ArticlePages, withChanged, withFirst, without } from './pages.ts';

/** All desks are told at the same moment that something has come; they do not all ask in it. */
const ASK_WITHIN_MS = 500;

export function useLiveDesk(
  filter: DeskFilter,
  shown: readonly ArticleSummary[],
): Readonly<Record<string, readonly PresentPerson[]>> {
  const live = useLive();
  const person = usePerson();
  const queries = useQueryClient();
  const connected = useObservable(live.connected);
  const ids = useMemo(() => shown.map(({ id }) => id).join(' '), [shown]);

  useEffect(() => live.watchArticles(ids === '' ? [] : ids.split(' ')), [live, ids]);
  // Whatever happened while there was no connection was not told.
  useEffect(() => {
    if (connected) void queries.invalidateQueries({ queryKey: keys.articles });
  }, [connected, queries]);

  const update = (change: (pages: ArticlePages) => ArticlePages) =>
    queries.setQueryData<ArticlePages>(keys.articlesFound(filter), (known) => known && change(known));
  useLiveEvent('desk.article', (summary) =>
    update((pages) => withChanged(pages, summary, conditionsOf(filter, person))),
  );
  useLiveEvent('desk.removed', (articleId) => update((pages) => without(pages, articleId)));
  useLiveEvent('desk.news', () => {
    setTimeout(() => void askForNews(), Math.random() * ASK_WITHIN_MS);
  });

  /** What has come or risen to the top since. If it cannot be asked, the connection that comes back asks for everything. */
  async function askForNews(): Promise<void> {
    const queryKey = keys.articlesFound(filter);
    void queries.invalidateQueries({ queryKey: keys.languages });
    const fresh = await api.articles(filter, null).catch(() => null);
    const known = queries.getQueryData<ArticlePages>(queryKey);
    if (!fresh || !known) return;
    const pages = withFirst(known, fresh);
    if (pages) queries.setQueryData<ArticlePages>(queryKey, pages);
    else await queries.resetQueries({ queryKey });
  }

  return useObservable(live.presence);
}
