// Every call of the web app to /api, typed by the shared contracts. Types only are taken from there: zod stays out of the
// first screen.
import type { z } from 'zod';
import type { Block } from '../../shared/article/blocks.ts';
import { randomId } from '../../shared/article/ids.ts';
import type { DeskFilter } from '../../shared/desk/finding.ts';
import type { CommandInput, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import type {
  ArticleDetail,
  ArticleList,
  acceptInvitationSchema,
  changePersonSchema,
  createArticleSchema,
  createTokenSchema,
  ImportFormat,
  ImportPreview,
  Invitation,
  inviteSchema,
  Notification,
  Person,
  Session,
  SnapshotInfo,
  TokenInfo,
} from '../../shared/protocol/rest.ts';
import { request, upload } from './client.ts';

export type NewArticle = z.input<typeof createArticleSchema>;
export type PersonChange = z.input<typeof changePersonSchema>;
export type NewInvitation = z.input<typeof inviteSchema>;
export type AcceptInvitation = z.input<typeof acceptInvitationSchema>;
export type NewToken = z.input<typeof createTokenSchema>;

/** A block as an export in the format `json` has it. */
export type ExportedBlock = Block;

/** Rows that the board asks for at once. */
export const ARTICLES_A_PAGE = 50;

function listArticles(filter: DeskFilter, cursor: string | null, signal?: AbortSignal): Promise<ArticleList> {
  const { search, language, state, mine } = filter;
  const query = new URLSearchParams({
    limit: String(ARTICLES_A_PAGE),
    ...(search === '' ? {} : { search }),
    ...(language === '' ? {} : { language }),
    ...(state === 'all' ? {} : { state }),
    ...(mine ? { mine: 'yes' } : {}),
    ...(cursor === null ? {} : { cursor }),
  });
  return request<ArticleList>('GET', `/api/articles?${query}`, { signal });
}

export const api = {
  session: () => request<Session>('GET', '/api/session'),
  signOut: () => request<void>('DELETE', '/api/session'),

  articles: listArticles,
  languages: () => request<{ languages: string[] }>('GET', '/api/languages').then((answer) => answer.languages),
  article: (id: string) => request<ArticleDetail>('GET', `/api/articles/${id}`),
  createArticle: (article: NewArticle, signal?: AbortSignal) =>
    request<{ id: string }>('POST', '/api/articles', { body: article, signal }),
  deleteArticle: (id: string) => request<void>('DELETE', `/api/articles/${id}`),
  /** Without a format the server recognises one. */
  previewText: (content: string, format?: ImportFormat, signal?: AbortSignal) =>
    request<ImportPreview>('POST', '/api/import/preview', { body: { content, format }, signal }),
  previewFile: (file: File, options: { signal?: AbortSignal; onProgress?: (share: number) => void }) =>
    upload<ImportPreview>('/api/import/preview', file, options),

  /** Any command over REST, for pages without an open article. */
  command: <T extends CommandType>(articleId: string, type: T, payload: CommandInput<T>) =>
    request<{ result: CommandResult<T> }>('POST', `/api/articles/${articleId}/commands`, {
      body: { id: randomId(), type, payload },
    }),

  snapshots: (articleId: string) =>
    request<{ snapshots: SnapshotInfo[] }>('GET', `/api/articles/${articleId}/snapshots`).then(
      (answer) => answer.snapshots,
    ),
  takeSnapshot: (articleId: string, name: string) =>
    request<{ snapshotId: string }>('POST', `/api/articles/${articleId}/snapshots`, { body: { name } }),
  restoreSnapshot: (articleId: string, snapshotId: string) =>
    request<unknown>('POST', `/api/articles/${articleId}/snapshots/${snapshotId}/restore`),
  snapshotText: (articleId: string, snapshotId: string, language: string) =>
    request<{ blocks: ExportedBlock[] }>(
      'GET',
      `/api/articles/${articleId}/snapshots/${snapshotId}/texts/${language}?format=json`,
    ).then((answer) => answer.blocks),
  text: (articleId: string, language: string) =>
    request<{ blocks: ExportedBlock[] }>('GET', `/api/articles/${articleId}/texts/${language}?format=json`).then(
      (answer) => answer.blocks,
    ),

  people: () => request<{ people: Person[] }>('GET', '/api/people').then((answer) => answer.people),
  changePerson: (id: string, change: PersonChange) => request<unknown>('PATCH', `/api/people/${id}`, { body: change }),
  signInLink: (personId: string) =>
    request<{ url: string; expiresAt: number }>('POST', `/api/people/${personId}/sign-in-link`),
  removePerson: (id: string) => request<void>('DELETE', `/api/people/${id}`),

  invitations: () =>
    request<{ invitations: Invitation[] }>('GET', '/api/invitations').then((answer) => answer.invitations),
  invite: (invitation: NewInvitation) =>
    request<{ invitation: Invitation; url: string }>('POST', '/api/invitations', { body: invitation }),
  revokeInvitation: (id: string) => request<void>('DELETE', `/api/invitations/${id}`),
  invitationByToken: (token: string) =>
    request<{ invitation: Invitation }>('GET', `/api/invitations/by-token/${encodeURIComponent(token)}`).then(
      (answer) => answer.invitation,
    ),
  acceptInvitation: (acceptance: AcceptInvitation) =>
    request<unknown>('POST', '/api/invitations/accept', { body: acceptance }),

  tokens: () => request<{ tokens: TokenInfo[] }>('GET', '/api/tokens').then((answer) => answer.tokens),
  createToken: (token: NewToken) => request<{ token: string; info: TokenInfo }>('POST', '/api/tokens', { body: token }),
  revokeToken: (id: string) => request<void>('DELETE', `/api/tokens/${id}`),

  notifications: () =>
    request<{ notifications: Notification[] }>('GET', '/api/notifications').then((answer) => answer.notifications),
  readNotifications: (ids: readonly string[] | 'all') =>
    request<unknown>('POST', '/api/notifications/read', { body: { ids } }),
};
