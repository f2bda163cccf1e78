// What the server said, remembered by key (TanStack Query). Pages ask through these hooks; live events refresh the keys.
import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { DeskFilter } from '../../shared/desk/finding.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { api } from './calls.ts';

export const keys = {
  session: ['session'] as const,
  articles: ['articles'] as const,
  articlesFound: (filter: DeskFilter) => ['articles', filter] as const,
  languages: ['languages'] as const,
  article: (id: string) => ['article', id] as const,
  snapshots: (articleId: string) => ['snapshots', articleId] as const,
  snapshotText: (articleId: string, snapshotId: string, language: string) =>
    ['snapshot-text', articleId, snapshotId, language] as const,
  text: (articleId: string, language: string) => ['text', articleId, language] as const,
  people: ['people'] as const,
  invitations: ['invitations'] as const,
  invitation: (token: string) => ['invitation', token] as const,
  tokens: ['tokens'] as const,
  notifications: ['notifications'] as const,
};

const RETRIES = 2;
const FRESH_FOR_MS = 10_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_FOR_MS,
        // Asked even when the browser thinks that it is offline: who is signed in is kept by the service worker.
        networkMode: 'always',
        // What the server refused stays refused; only a lost connection is worth another try.
        retry: (failures, error) => failures < RETRIES && !(error instanceof KopuroError && error.status < 500),
      },
      mutations: { retry: false },
    },
  });
}

export const useSessionQuery = () => useQuery({ queryKey: keys.session, queryFn: api.session, staleTime: Infinity });
/** Page by page. While another filter is asked for, what the last one found stays. */
export const useArticles = (filter: DeskFilter) =>
  useInfiniteQuery({
    queryKey: keys.articlesFound(filter),
    queryFn: ({ pageParam, signal }) => api.articles(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
export const useLanguages = () => useQuery({ queryKey: keys.languages, queryFn: api.languages });
export const useArticle = (id: string) => useQuery({ queryKey: keys.article(id), queryFn: () => api.article(id) });
export const usePeople = () => useQuery({ queryKey: keys.people, queryFn: api.people });
export const useInvitations = (enabled: boolean) =>
  useQuery({ queryKey: keys.invitations, queryFn: api.invitations, enabled });
export const useInvitation = (token: string) =>
  useQuery({ queryKey: keys.invitation(token), queryFn: () => api.invitationByToken(token), retry: false });
export const useTokens = () => useQuery({ queryKey: keys.tokens, queryFn: api.tokens });
export const useNotifications = () => useQuery({ queryKey: keys.notifications, queryFn: api.notifications });
export const useSnapshots = (articleId: string) =>
  useQuery({ queryKey: keys.snapshots(articleId), queryFn: () => api.snapshots(articleId) });
export const useSnapshotText = (articleId: string, snapshotId: string | null, language: string) =>
  useQuery({
    queryKey: keys.snapshotText(articleId, snapshotId ?? '', language),
    queryFn: () => api.snapshotText(articleId, snapshotId ?? '', language),
    enabled: snapshotId !== null && language !== '',
    staleTime: Infinity, // a snapshot never changes
  });
export const useText = (articleId: string, language: string, enabled: boolean) =>
  useQuery({ queryKey: keys.text(articleId, language), queryFn: () => api.text(articleId, language), enabled });
