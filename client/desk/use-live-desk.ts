// Keeps the list of articles as it is at the server, and tells who is in which of them.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PresentPerson } from '../../shared/protocol/events.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { keys } from '../api/queries.ts';
import { useLive, useLiveEvent } from '../app/live-context.ts';
import { useObservable } from '../ui/useObservable.ts';

export function useLiveDesk(): Readonly<Record<string, readonly PresentPerson[]>> {
  const live = useLive();
  const queries = useQueryClient();
  const connected = useObservable(live.connected);

  useEffect(() => live.watchDesk(), [live]);
  // Whatever happened while there was no connection was not told.
  useEffect(() => {
    if (connected) void queries.invalidateQueries({ queryKey: keys.articles });
  }, [connected, queries]);

  const update = (change: (articles: ArticleSummary[]) => ArticleSummary[]) =>
    queries.setQueryData<ArticleSummary[]>(keys.articles, (known) => known && change(known));
  useLiveEvent('desk.article', (summary) =>
    update((articles) =>
      [summary, ...articles.filter(({ id }) => id !== summary.id)].sort((a, b) => b.changedAt - a.changedAt),
    ),
  );
  useLiveEvent('desk.removed', (articleId) => update((articles) => articles.filter(({ id }) => id !== articleId)));

  return useObservable(live.presence);
}
