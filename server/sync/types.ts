// The room as everything outside server/sync sees it. Commands and the server's own reactions change a document through
// `transact` only; nobody outside learns of a change before its commit.
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type * as Y from 'yjs';
import type { Standing } from '../../shared/access/roles.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import type { Peers } from './peers.ts';

/** Whose change it is: a person's, or the server's own (null). */
export type By = Pick<Person, 'id'> | null;

/** The origin of every transaction in a room's Y.Doc. */
export interface ChangeOrigin {
  personId: string | null;
  /**
   * `sync`: typed in an editor; `command`: asked for; `reaction`: the server's consequence of another change; `remote`: committed
   * by another process, its consequences included; `merge`: the same, where changes of this process come after it in the log;
   * `again`: committed once, consequences included, and lost by storage.
   */
  via: 'sync' | 'command' | 'reaction' | 'load' | 'remote' | 'merge' | 'again';
}

export interface Room {
  readonly articleId: string;
  readonly epoch: number;
  /** Read at will; it may be ahead of what is committed. Change it through `transact` alone. */
  readonly doc: Y.Doc;
  /**
   * Runs `change` in one Yjs transaction, at once and synchronously, reactions included; resolves with its value when
   * everything is committed. If `change` throws, it must have thrown before it touched the document; the error is passed on.
   * `command`, given, is recorded in the same commit.
   */
  transact<T>(
    by: By,
    change: (doc: Y.Doc) => T,
    command?: { id: string; personId: string; result: (value: T) => unknown },
  ): Promise<T>;
  /** Other processes write to the article too. */
  readonly shared: boolean;
  /**
   * Runs `work` on the newest state while no other process runs any for this article: what it looks at and then changes by
   * `transact` is one step for everybody. Typing goes on meanwhile. In a process that is alone it just runs.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Resolves when everything that is in `doc` now is committed. Whoever shows `doc` to somebody waits for it. Rejects with
   * `not-saved` if it could not be committed, or not for long.
   */
  committed(): Promise<void>;
  /** Number of the last committed row of the log; `doc` holds it, and perhaps more. */
  readonly lastRow: number;
  /** Resolves when `doc` has at least what the state vector says; rejects with `behind-client` after `timeoutMs`. */
  waitFor(stateVector: Uint8Array, timeoutMs: number): Promise<void>;
  /** People connected now, each once. */
  present(): Person[];
}

/**
 * What the server does by itself after a transaction (anchors, repair of ids, review, summaries). Called synchronously within
 * `afterTransaction` of every change but its own; it may change the document through `change`, which commits in the same batch.
 */
export type Reaction = (room: Room, transaction: Y.Transaction, change: (work: (doc: Y.Doc) => void) => void) => void;

export interface Rooms {
  /**
   * Opens the article's room, loads it if needed, runs `use`, keeps the room live meanwhile.
   * Throws `article-not-found`, `article-unreadable`, `shutting-down`.
   */
  use<T>(articleId: string, use: (room: Room) => Promise<T> | T): Promise<T>;
  /** The room if it is in memory now, with its document. Rejects like `use`. */
  live(articleId: string): Promise<Room | null>;
  /** Applies changed rights to open connections at once: closes those of ended sessions, sends a new `hello` to the others. */
  rightsChanged(personId: string): Promise<void>;
  /** Drops the article's room and closes its connections (article deleted, backup restored). */
  drop(articleId: string): Promise<void>;
  /**
   * Asks anew who everybody here is and what they may do, and looks at the log of every room: news may have been lost. Rejects if
   * storage cannot be asked.
   */
  lookAgain(): Promise<void>;
  /** Sends everybody away, to come back, and forgets all rooms: what they hold may be long past. */
  startOver(): void;
  /** Figures for /metrics. `storing`: changes are taken in; false while storage cannot keep them. */
  stats(): {
    rooms: number;
    /** Rooms whose document was built. */
    documents: number;
    connections: number;
    slowReaders: number;
    pendingBytes: number;
    storing: boolean;
  };
  /** Stops accepting, commits, closes everybody with 4503. */
  close(): Promise<void>;
}

/** Who is at the other end of a connection; asked anew whenever rights may have changed. */
export interface Identity {
  person: Person;
  /** Key of the session or token: when it ends, its connections are closed. */
  credential: string;
}

/** What the sync engine asks of the rest, handed in by app.ts. */
export interface SyncDependencies {
  /** Whose this credential is and what they may do in this article, now; null if it is no longer good. */
  rights(credential: string, articleId: string): Promise<{ person: Person; standing: Standing } | null>;
  reactions: readonly Reaction[];
  /** Called when people joined or left a room. */
  presenceChanged(articleId: string, people: Person[]): void;
  /** Called before a room leaves memory and when one was changed and fell idle: a place for automatic snapshots. */
  settled(room: Room): Promise<void>;
  /** Something that a client sent was refused, and why: a code of a small set. For figures only. */
  refused?(code: string): void;
  now(): number;
}

/** What is known of a WebSocket that asks to join an article, once HTTP has proved who is behind it. */
export interface ConnectionRequest {
  articleId: string;
  identity: Identity;
  /** The client understands our own messages (`?v=1`). */
  ours: boolean;
  /** It takes its first state in pieces and is told how much comes (`?pieces=1`). */
  inPieces?: boolean;
  /** `?schema=`: the version of the article's schema that it knows; NaN if it is no number. Another than ours reads only. */
  schema?: number;
  /** `?epoch=`: the history that the client holds. */
  epoch?: number;
}

/** The whole sync engine: rooms for commands, and a door for WebSockets. Made by `createRooms` (server/sync/rooms.ts). */
export interface SyncEngine extends Rooms {
  /**
   * Takes over an accepted WebSocket: listens at once (nothing that arrives early is lost), then opens the room and speaks.
   * It never throws: whatever is wrong (no such article, no standing, another epoch, malformed input) closes the socket
   * with a code of shared/protocol/sync.ts. Call it in the same tick in which the socket was accepted, with
   * `perMessageDeflate: false` and `maxPayload: MAX_FRAME_BYTES` set on the WebSocketServer.
   */
  acceptConnection(socket: WebSocket, request: ConnectionRequest): void;
}

export interface SyncParts {
  /** Other processes; none if left out. */
  peers?: Peers;
  storage: Storage;
  dependencies: SyncDependencies;
  logger: Logger;
  options?: Partial<SyncOptions>;
}

/** Bounds and intervals; every one has a default in server/sync/options.ts. */
export interface SyncOptions {
  /** A longer message closes its connection. */
  maxFrameBytes: number;
  /** What one connection may send while its article loads. */
  maxQueuedBytes: number;
  /** Sync updates that one connection may send in a second, on average and in a burst. */
  updatesPerSecond: number;
  updateBurst: number;
  /** The same for all connections of one person together. */
  personUpdatesPerSecond: number;
  personUpdateBurst: number;
  /** Open connections of one person to this process, and to one article of it, at most. */
  personConnections: number;
  articleConnections: number;
  /** Connections that one person may open in a second, on average and in a burst. */
  personJoinsPerSecond: number;
  personJoinBurst: number;
  /** Bytes that a reader may leave unread before it is taken off live frames, and before it is closed. */
  slowReaderBytes: number;
  stoppedReaderBytes: number;
  stoppedReaderMs: number;
  /** Presence changes of a room are collected this long. */
  presenceIntervalMs: number;
  /** The log of every live room is looked at this often, if other processes write too. */
  lookMs: number;
  /** After storage has turned out to be another server, an article is opened no sooner: other processes may put something back. */
  puttingBackMs: number;
  /** A connection that heard nothing this long gets an empty presence message. */
  keepAliveMs: number;
  /** A connection from which nothing came this long is asked for a sign of life (half of it), and cut off (all of it). */
  silentMs: number;
  /** A room with nobody in it leaves memory after this. */
  idleMs: number;
  /** A changed room in which nothing happened this long has settled. */
  settleMs: number;
  /** Rows after which the log of an article is compacted. */
  compactAfterRows: number;
  /** Attempts at a commit, and the pause before the second one (it doubles). */
  commitAttempts: number;
  commitRetryMs: number;
  /** Commits begin no sooner after one another; one that comes after a while of quiet begins at once. */
  commitIntervalMs: number;
  /** After a commit has finally failed, storage is looked at again after this; each time it still fails the pause doubles. */
  outageMs: number;
  /** Bytes, in all articles together, that may wait for their commit before nothing more is taken in. */
  maxPendingBytes: number;
  /** Closing takes no longer than this, whatever hangs. */
  closeMs: number;
  /** Whoever wants to be shown the document waits this long for the commit of what is in it. */
  commitPatienceMs: number;
}
