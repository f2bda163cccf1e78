// The claims of an article over REST, and when to ask anew.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Annotation } from '../../shared/annotation/types.ts';
import { request } from '../api/client.ts';
import { useLive, useLiveEvent } from '../app/live-context.ts';

const key = (articleId: string) => ['annotations', articleId] as const;

/** All annotations of an article; asked anew whenever the server says that the article changed. */
export function useAnnotations(articleId: string) {
  const live = useLive();
  const queries = useQueryClient();
  useEffect(() => live.watchArticles([articleId]), [live, articleId]);
  useLiveEvent('desk.article', ({ id }) => {
    if (id === articleId) void queries.invalidateQueries({ queryKey: key(articleId) });
  });
  return useQuery({
    queryKey: key(articleId),
    queryFn: () =>
      request<{ annotations: Annotation[] }>('GET', `/api/articles/${articleId}/annotations`).then(
        (answer) => answer.annotations,
      ),
  });
}
