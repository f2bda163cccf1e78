// What the rest of the server asks of storage. One contract, one test suite (tests/storage), several engines.
// Everything is asynchronous: the embedded engine runs in a thread of its own, PostgreSQL is across a socket.
import type { Role, Standing } from '../../shared/access/roles.ts';
import type { Condition } from '../../shared/desk/finding.ts';
import type {
  ArticleSummary,
  Invitation,
  Notification,
  Person,
  SnapshotInfo,
  TokenInfo,
} from '../../shared/protocol/rest.ts';
import type { Damage } from './errors.ts';

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

/**
 * What an article is made of: `state`, then each of `tail`, applied in this order to an empty document. That is also the whole
 * answer to a client that has nothing yet: `state` is at rest compressed, but handed out as the plain V1 update that travels
 * in a sync message, so nothing need be built or encoded to send it.
 */
export interface StoredState {
  /** Number of the last log row that `state` contains; without a state, of the row before the first one (0, usually). */
  seq: number;
  /** Whole document as one V1 update, or null before the first compaction. */
  state: Uint8Array | null;
  /** Yjs state vector of `state`: what a client that has `state` lacks nothing of. */
  stateVector: Uint8Array | null;
  /** Where `state` may be cut into pieces (server/updates/places.ts); null if it is short, or from before there were any. */
  places: Uint8Array | null;
  /** The rows after `seq`, oldest first: V1 updates. */
  tail: Uint8Array[];
  /** Number of the last row: `seq` plus the length of `tail`. */
  head: number;
  /** Of the article, as the desk has them: the document may be ahead by a moment. */
  languages: readonly string[];
}

/** Rows `from` to `to`, all of one person and, if they are several, of one minute: first change and last. */
export interface HistoryRow {
  from: number;
  to: number;
  personId: string | null;
  at: number;
  until: number;
  bytes: number;
}

export interface RowInfo {
  seq: number;
  personId: string | null;
  at: number;
  bytes: number;
}

/**
 * Why nothing of one article was appended. `conflict`: its last row is `head`, which is not what was expected, because another
 * process appended meanwhile. `busy`: another process held it for too long; the same may succeed a moment later.
 * `foreign-client`: one of the client ids to be recorded is somebody else's since.
 */
export type Refusal = { code: 'conflict'; head: number } | { code: 'busy' } | { code: 'foreign-client' };

/** A row of the log as it was appended. */
export interface LogRow {
  seq: number;
  personId: string | null;
  update: Uint8Array;
}

/** Held by one process of all at a time. */
export interface Exclusive {
  /** Whether it has been held without a break until now: a process that slept may have lost it. Never rejects. */
  isHeld(): Promise<boolean>;
}

/** Each article is in one of the two. */
export interface Appended {
  /** Number of the last row of each article that got rows. */
  heads: Map<string, number>;
  refused: Map<string, Refusal>;
}

/** A Yjs client id, and who may write under it in this article. */
export interface Lease {
  articleId: string;
  clientId: number;
  personId: string;
}

/** The append-only sequence of accepted updates of each article: what rooms need, and need soon. */
export interface UpdateLog {
  /**
   * Appends all entries, with the outcomes of commands, durably: when the promise resolves everything that is not refused is
   * flushed to disk; when it rejects nothing of it is stored, or (a connection broke in the middle) that is not known.
   * `after`: the number of the last row that an article is believed to have; entries and commands of an article that has
   * another one are refused, those of other articles are not concerned.
   */
  append(
    entries: readonly LogEntry[],
    commands?: readonly CommandRecord[],
    after?: ReadonlyMap<string, number>,
  ): Promise<Appended>;
  /** Null if there is no such article. Checksums and numbers are looked at; throws LogDamage rather than give a part. */
  load(articleId: string): Promise<StoredState | null>;
  /** What is said of rows `from` to `to`, oldest first: those that have not become history. */
  rowInfos(articleId: string, range: { from: number; to: number }): Promise<RowInfo[]>;
  findCommand(id: string): Promise<CommandRecord | null>;
  /** Records what nobody else has used yet, in one transaction; what somebody has stays theirs. */
  recordLeases(leases: readonly Lease[]): Promise<void>;
  /**
   * The rows after `seq`, oldest first, checksums looked at; null if some of them are history by now (or there is no such
   * article): then it has to be loaded anew. Throws LogDamage.
   */
  rowsAfter(articleId: string, seq: number): Promise<LogRow[] | null>;
  /** Last row and epoch of each of these articles; those that do not exist are left out. */
  heads(articleIds: readonly string[]): Promise<Map<string, { head: number; epoch: number }>>;
  /**
   * Runs `work` while no other process, and nothing else in this one, runs any for this article. It keeps nobody from
   * appending. Throws StorageError `busy` after some seconds of waiting.
   */
  exclusively<T>(articleId: string, work: (exclusive: Exclusive) => Promise<T>): Promise<T>;
  /** All recorded owners, for a room that opens. */
  clientIds(articleId: string): Promise<Map<number, string>>;
}

export interface ArticleReport {
  articleId: string;
  /** Rows of the log that were replayed. */
  updates: number;
  snapshots: number;
  damaged: Damage[];
}

/** How an article was mended: nothing was wrong; the state made anew from the rows; old history replaced by the state. */
export interface Mended {
  from: 'nothing' | 'history' | 'state';
  /** The article could be opened before, as another document: whoever holds that has to begin anew. */
  epochRaised: boolean;
}

/** What another history begins with: a snapshot, or a whole document as one V1 update. */
export type HistorySource = { snapshotId: string } | { update: Uint8Array };

/**
 * The quiet side of the log: whole documents, built in a thread of their own, one article after the other. Nothing here is
 * waited for by somebody who types. All of it throws StorageError `reference` if there is no such article, and LogDamage for
 * what cannot be read.
 */
export interface Archive {
  /**
   * Stores the document as it is after row `upTo`, and merges the rows that it holds into history. A crash on the way leaves
   * an older state and more rows; a state that is newer already stays.
   */
  compact(articleId: string, upTo: number): Promise<void>;
  /** Who changed what and when, oldest first, rows `from` to `to` (those merged with them included). */
  history(articleId: string, range?: { from?: number; to?: number }): Promise<HistoryRow[]>;
  /** The document after row `seq` as one V1 update; after an earlier one if `seq` lies within rows that were merged. */
  documentAt(articleId: string, seq: number): Promise<{ seq: number; update: Uint8Array }>;
  /** Reads everything of an article and says what is damaged. Changes nothing. */
  verify(articleId: string): Promise<ArticleReport>;
  /** Mends what can be mended out of the log itself, without loss of text; null if that cannot be. */
  mend(articleId: string, at: number): Promise<Mended | null>;
  /** Sets the history aside and begins another one, of a higher epoch. Only while no room is live. */
  replaceHistory(articleId: string, source: HistorySource, at: number): Promise<void>;
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

export interface ArticlePage {
  articles: ArticleSummary[];
  /** Null on the last page. */
  next: string | null;
  /** How many there are on all pages together; null if they are too many to be counted at each asking. */
  total: number | null;
}

export interface ArticleStore {
  /** False, and nothing stored, if the id exists. */
  create(article: NewArticle): Promise<boolean>;
  summary(id: string): Promise<ArticleSummary | null>;
  /**
   * At most `limit` of those that meet all conditions, newest change first, after those of the page whose `next` is `cursor`; a
   * cursor that is none begins at the first. What changes meanwhile moves to the first page.
   */
  page(limit: number, cursor?: string, conditions?: readonly Condition[]): Promise<ArticlePage>;
  /** All languages of all articles, sorted by tag. */
  languages(): Promise<string[]>;
  /** Of all articles. */
  ids(): Promise<string[]>;
  /**
   * Replaces the derived figures (progress, counts, title, deadline, languages, changedAt) of these articles, each named once,
   * in one transaction. Answers with the ids of those that exist; nothing is stored of others.
   */
  saveSummaries(summaries: readonly ArticleSummary[]): Promise<ReadonlySet<string>>;
  epoch(id: string): Promise<number>;
  /** Begins another history (a backup was restored). Only while no room is live. */
  setEpoch(id: string, epoch: number): Promise<void>;
  remove(id: string): Promise<void>;
  standing(articleId: string, personId: string): Promise<Standing | null>;
  standings(articleId: string): Promise<Map<string, Standing>>;
  setStanding(articleId: string, personId: string, standing: Standing | null): Promise<void>;
}

/** A snapshot before its words are counted. */
export type NewSnapshot = Omit<SnapshotInfo, 'words'>;

export interface SnapshotStore {
  /** Stores the article as it was after row `seq` of its log, which is committed. In the archive's thread and order. */
  take(snapshot: NewSnapshot, seq: number): Promise<SnapshotInfo>;
  /** Newest first. */
  list(articleId: string): Promise<SnapshotInfo[]>;
  /** `state`: the whole document as one V1 update. Throws LogDamage. */
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
  /** Those whose role is editor everywhere, and who are not removed, in the order of `list`. */
  editors(): Promise<Person[]>;
  /** Of these people, removed ones included, by id. */
  names(ids: readonly string[]): Promise<Map<string, string>>;
  change(
    id: string,
    change: Partial<Pick<Person, 'name' | 'role' | 'languages' | 'removedAt' | 'lastSeenAt'>>,
  ): Promise<void>;

  createSession(session: { hash: string; personId: string; createdAt: number; expiresAt: number }): Promise<void>;
  /** The living person of an unexpired session. */
  findSession(hash: string, now: number): Promise<{ person: Person; expiresAt: number } | null>;
  /**
   * The living person behind an unexpired session or a token, and what this article gives them in the place of what they may
   * everywhere (null: nothing else), both at one moment.
   */
  findRights(
    credential: { kind: 'session' | 'token'; hash: string },
    articleId: string,
    now: number,
  ): Promise<{ person: Person; standing: Standing | null } | null>;
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

/** Which server storage is on, where that can change while this process runs. */
export interface Lineage {
  /** The same in all processes that ask the same server, since the same start of it. */
  readonly name: string;
  /**
   * `changed` is called when storage turns out to be another server, or the same one started anew: the last of what was
   * committed may be missing there. What was asked of the former server and is not answered by then fails or is asked anew; an
   * append fails.
   */
  watch(changed: () => void): void;
}

export interface Storage {
  /** Null: what is committed here stays (embedded engine). */
  readonly lineage: Lineage | null;
  readonly log: UpdateLog;
  readonly archive: Archive;
  readonly articles: ArticleStore;
  readonly snapshots: SnapshotStore;
  readonly people: PeopleStore;
  readonly notifications: NotificationStore;
  /** Epoch ms by the clock that all processes on this storage share. */
  time(): Promise<number>;
  /** Resolves if storage can be read and written now. */
  check(): Promise<void>;
  /** Rejects if storage has failed to come back for so long that only a start of the process may help. Waits for nothing. */
  requireHope(): Promise<void>;
  /** Runs `work` while no other process that shares this storage does something of the same name. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A consistent copy of everything, into a new file (embedded engine). */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Starting failed for a reason that the person who runs the server can mend. */
export class StorageStartError extends Error {
  readonly code:
    | 'not-writable'
    | 'newer-version'
    | 'older-version'
    | 'unfinished-move'
    | 'not-a-database'
    | 'in-use'
    | 'no-sqlite'
    | 'database-unreachable'
    | 'database-login'
    | 'database-missing'
    | 'database-rights'
    | 'database-unsuitable'
    | 'foreign-database';
  /** What a sentence about it needs. No secrets. */
  readonly values: Record<string, string>;
  constructor(code: StorageStartError['code'], message: string, values: Record<string, string> = {}) {
    super(message);
    this.name = 'StorageStartError';
    this.code = code;
    this.values = values;
  }
}
