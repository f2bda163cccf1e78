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

export type CommandAnswer = { result: unknown } | ErrorBody;

export interface ClientEvents {
  command: (envelope: CommandEnvelope, answer: (answer: CommandAnswer) => void) => void;
  /** Ask for the desk's events (presence and summaries of all articles that one may read). */
  'desk.watch': (answer: (state: { presence: Record<string, PresentPerson[]> }) => void) => void;
  'desk.unwatch': () => void;
}

export interface ServerEvents {
  /** Who is in an article now; an empty list when the last one left. */
  'desk.presence': (articleId: string, people: PresentPerson[]) => void;
  /** An article was made or changed; sent at most once in two seconds per article. */
  'desk.article': (summary: ArticleSummary) => void;
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
