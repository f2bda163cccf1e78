// What the rest of the server asks of storage. One contract, one test suite (tests/storage), several engines.
// Everything is asynchronous: the embedded engine runs in a thread of its own, PostgreSQL is across a socket.
import type { Role, Standing } from '../../shared/access/roles.ts';
import type {
  ArticleSummary,
  Invitation,
  Notification,
  Person,
  SnapshotInfo,
  TokenInfo,
} from '../../shared/protocol/rest.ts';

/** One accepted update on its way into the log. */
export interface LogEntry {
  articleId: string;
  /** null: the server itself (anchors, repair). */
  personId: string | null;
  /** Epoch ms. */
  at: number;
  /** Yjs update, V1. */
  update: Uint8Array;
  /** Yjs client ids that `personId` uses here for the first time: recorded as theirs in the same transaction. */
  clients?: readonly number[];
}

/** The outcome of a command, remembered so that the same command sent again has no second effect. */
export interface CommandRecord {
  id: string;
  articleId: string;
  personId: string;
  at: number;
  /** JSON. */
  result: string;
}

export interface StoredState {
  /** Number of the last log row that `state` contains; 0 if there is none. */
  seq: number;
  /** Whole document as one V1 update, or null before the first compaction. */
  state: Uint8Array | null;
  /** The rows after `seq`, oldest first. */
  tail: Uint8Array[];
  /** Number of the last row. */
  head: number;
}

export interface HistoryRow {
  seq: number;
  personId: string | null;
  at: number;
  bytes: number;
}

/** The append-only sequence of accepted updates of each article. */
export interface UpdateLog {
  /**
   * Appends all entries, with the outcomes of commands, in one durable transaction: when the promise resolves everything is
   * flushed to disk; when it rejects nothing of it is stored. Answers with the number of the last row per article.
   */
  append(entries: readonly LogEntry[], commands?: readonly CommandRecord[]): Promise<Map<string, number>>;
  /** Null if there is no such article. */
  load(articleId: string): Promise<StoredState | null>;
  /** Stores the document as it is after row `seq`. Rows stay as history. */
  compact(articleId: string, seq: number, state: Uint8Array, stateVector: Uint8Array): Promise<void>;
  history(articleId: string, range?: { from?: number; to?: number }): Promise<HistoryRow[]>;
  /** Updates of rows 1 to `to`, oldest first. */
  replay(articleId: string, to?: number): Promise<Uint8Array[]>;
  findCommand(id: string): Promise<CommandRecord | null>;
  /** The person who first used this Yjs client id in the article, after recording `personId` as owner if nobody was. */
  claimClientId(articleId: string, clientId: number, personId: string): Promise<string>;
  /** All recorded owners, for a room that opens. */
  clientIds(articleId: string): Promise<Map<number, string>>;
}

export interface NewArticle {
  id: string;
  title: string;
  sourceLanguage: string;
  targetLanguages: string[];
  deadline: number | null;
  createdBy: string;
  createdAt: number;
  /** The initial content: the first row of the log, in the same transaction as the article. */
  update: Uint8Array;
  summary: ArticleSummary;
}

export interface ArticleStore {
  /** False, and nothing stored, if the id exists. */
  create(article: NewArticle): Promise<boolean>;
  summary(id: string): Promise<ArticleSummary | null>;
  /** Newest change first. */
  list(): Promise<ArticleSummary[]>;
  /** Replaces the derived figures (progress, counts, title, deadline, languages, changedAt). */
  saveSummary(summary: ArticleSummary): Promise<void>;
  epoch(id: string): Promise<number>;
  /** Begins another history (a backup was restored). Only while no room is live. */
  setEpoch(id: string, epoch: number): Promise<void>;
  remove(id: string): Promise<void>;
  standing(articleId: string, personId: string): Promise<Standing | null>;
  standings(articleId: string): Promise<Map<string, Standing>>;
  setStanding(articleId: string, personId: string, standing: Standing | null): Promise<void>;
}

export interface SnapshotStore {
  /** `state`: the whole document as one V1 update. */
  create(info: SnapshotInfo, state: Uint8Array): Promise<void>;
  /** Newest first. */
  list(articleId: string): Promise<SnapshotInfo[]>;
  load(articleId: string, snapshotId: string): Promise<{ info: SnapshotInfo; state: Uint8Array } | null>;
}

export interface NewPerson {
  id: string;
  name: string;
  role: Role;
  languages: string[];
  color: string;
  createdAt: number;
}

/** People and what proves who they are. Secrets come in as sha256 hex; the clear ones are never stored. */
export interface PeopleStore {
  create(person: NewPerson): Promise<void>;
  find(id: string): Promise<Person | null>;
  /** Removed people included: their names still stand beside what they wrote. */
  list(): Promise<Person[]>;
  change(
    id: string,
    change: Partial<Pick<Person, 'name' | 'role' | 'languages' | 'removedAt' | 'lastSeenAt'>>,
  ): Promise<void>;

  createSession(session: { hash: string; personId: string; createdAt: number; expiresAt: number }): Promise<void>;
  /** The living person of an unexpired session. */
  findSession(hash: string, now: number): Promise<{ person: Person; expiresAt: number } | null>;
  extendSession(hash: string, expiresAt: number): Promise<void>;
  endSession(hash: string): Promise<void>;
  endSessionsOf(personId: string): Promise<void>;

  createToken(token: { id: string; hash: string; personId: string; name: string; createdAt: number }): Promise<void>;
  findToken(hash: string): Promise<{ person: Person; token: TokenInfo } | null>;
  touchToken(id: string, at: number): Promise<void>;
  tokensOf(personId: string): Promise<TokenInfo[]>;
  /** False if this person has no such token. */
  revokeToken(personId: string, tokenId: string): Promise<boolean>;

  /** One-time sign-in links (of an existing person) and invitations (of one to come). */
  createLink(link: { hash: string; personId: string; createdAt: number; expiresAt: number }): Promise<void>;
  /** Uses the link up and answers with its person; null if unknown, used or expired. Atomic: one of two wins. */
  useLink(hash: string, now: number): Promise<Person | null>;
  createInvitation(invitation: Invitation & { hash: string; createdBy: string }): Promise<void>;
  findInvitation(hash: string, now: number): Promise<Invitation | null>;
  useInvitation(hash: string, now: number): Promise<Invitation | null>;
  invitations(): Promise<Invitation[]>;
  revokeInvitation(id: string): Promise<boolean>;

  /**
   * Deletes the sessions, links and invitations that have expired by `now`. Answers with the people whose sessions these were,
   * each once, and with the end of the session that will end next.
   */
  purge(now: number): Promise<{ sessionsOf: string[]; nextExpiry: number | null }>;
}

export interface NotificationStore {
  create(personId: string, notification: Notification): Promise<void>;
  list(personId: string, limit: number): Promise<Notification[]>;
  markRead(personId: string, ids: readonly string[] | 'all', at: number): Promise<void>;
}

export interface Storage {
  readonly log: UpdateLog;
  readonly articles: ArticleStore;
  readonly snapshots: SnapshotStore;
  readonly people: PeopleStore;
  readonly notifications: NotificationStore;
  /** Resolves if storage can be read and written now. */
  check(): Promise<void>;
  /** A consistent copy of everything, into a new file (embedded engine). */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Starting failed for a reason that the person who runs the server can mend. */
export class StorageStartError extends Error {
  readonly code: 'not-writable' | 'newer-version' | 'not-a-database' | 'in-use' | 'no-sqlite';
  constructor(code: StorageStartError['code'], message: string) {
    super(message);
    this.name = 'StorageStartError';
    this.code = code;
  }
}
