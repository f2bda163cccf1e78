// The open article as every part of the workspace sees it: one Y.Doc, its connection, its outbox, what is saved.

import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Standing } from '../../shared/access/roles.ts';
import type { CommandInput, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';

/** A value that changes; for `useSyncExternalStore` (see `useObservable`). `get` answers the same object until it changes. */
export interface Observable<T> {
  get(): T;
  subscribe(listener: () => void): () => void;
}

/** What the indicator beside the title says. It is never wrong: `saved` only after the server's word for everything typed. */
export type SaveStatus =
  | { state: 'loading'; progress: number | null }
  | { state: 'saved' }
  | { state: 'saving'; changes: number }
  | { state: 'offline'; changes: number }
  /** There is a connection, but the server cannot store: changes wait here until it can. */
  | { state: 'unstored'; changes: number }
  | { state: 'refused'; reason: ErrorCode; kept: KeptWords[] };

/** Words that could not be kept in the article: offered to their author as a copy. */
export interface KeptWords {
  language: string;
  blockId: string;
  text: string;
}

/** A command that waits in the outbox (IndexedDB, in order). */
export interface PendingCommand {
  id: string;
  type: CommandType;
  payload: unknown;
  at: number;
}

export interface ArticleSession {
  readonly articleId: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly person: Person;
  readonly standing: Observable<Standing>;
  /**
   * Languages whose text may be edited now: what the server's last `hello` said, and none while a refusal is being dealt with
   * or while this client's schema is older than the article's.
   */
  readonly editable: Observable<readonly string[]>;
  readonly status: Observable<SaveStatus>;
  /** True from the server's word that it cannot store anything until everything is saved. */
  readonly outage: Observable<boolean>;
  readonly pending: Observable<readonly PendingCommand[]>;
  /** True once the document is here, from IndexedDB or from the server. Editors bind only then. */
  readonly ready: Observable<boolean>;
  /** Why the server cannot give the document now, though it goes on being asked; null while there is no such reason. */
  readonly obstacle: Observable<ErrorCode | null>;
  /**
   * Puts a command into the outbox and sends it when there is a connection. Resolves with its result once the server has
   * answered, however long that takes; rejects with a KopuroError if the server refused it.
   */
  send<T extends CommandType>(type: T, payload: CommandInput<T>): Promise<CommandResult<T>>;
  dismissKept(): void;
  destroy(): void;
}
