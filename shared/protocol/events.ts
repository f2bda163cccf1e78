// What travels over socket.io (path /live). In: `command` and `watch`, each answered through its acknowledgement.
import type { Role } from '../access/roles.ts';
import type { CommandEnvelope } from './commands.ts';
import type { ErrorBody } from './errors.ts';
import type { ArticleSummary, Notification } from './rest.ts';

/** Somebody who has an article open. */
export interface PresentPerson {
  id: string;
  name: string;
  role: Role;
  color: string;
}

/** So many articles may be watched over one connection. */
export const MOST_WATCHED = 500;

export type CommandAnswer = { result: unknown } | ErrorBody;

export interface ClientEvents {
  command: (envelope: CommandEnvelope, answer: (answer: CommandAnswer) => void) => void;
  /**
   * Ask for news of these articles, in the stead of those asked for before, and to be told that there is news of others
   * (`desk.news`). Answered with who is in them. Those beyond the first MOST_WATCHED are left out.
   */
  'desk.watch': (
    articleIds: readonly string[],
    answer: (state: { presence: Record<string, PresentPerson[]> }) => void,
  ) => void;
  'desk.unwatch': () => void;
}

export interface ServerEvents {
  /** Who is in an article that is watched; an empty list when the last one left. At most once in a second per article. */
  'desk.presence': (articleId: string, people: PresentPerson[]) => void;
  /** An article that is watched changed. At most once in a second per article. */
  'desk.article': (summary: ArticleSummary) => void;
  /** To whoever watches any: articles were made, or are worked at that were at rest. At most once in five seconds. */
  'desk.news': () => void;
  'desk.removed': (articleId: string) => void;
  notification: (notification: Notification) => void;
  /** The person's role, languages or name changed, or the session ended (`null`): ask /api/session anew. */
  'session.changed': () => void;
  'snapshots.changed': (articleId: string) => void;
  /** A snapshot was restored: undo stacks are to be cleared. */
  'article.restored': (articleId: string) => void;
  'people.changed': () => void;
}

/** What an awareness state holds. `user` is stamped by the server; the rest comes from the editor. */
export interface PresenceState {
  user?: { id: string; name: string; role: Role; color: string };
  /** y-prosemirror's cursor (JSON relative positions), with the language of the text that it stands in. */
  cursor?: { anchor: unknown; head: unknown } | null;
  language?: string | null;
  blockId?: string | null;
}
