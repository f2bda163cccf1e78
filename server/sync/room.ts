// An article that somebody is at in this process: who is connected, what newcomers hear, how it follows the log. At first it is
// stored: readers are served from what the log holds, and no document is built for them. It is live once somebody needs the
// document, which is then built piece by piece as one newcomer more. It knows neither sockets nor storage.
import type { Logger } from 'pino';
import type { KopuroError } from '../../shared/protocol/errors.ts';
import type { UpdateLog } from '../storage/types.ts';
import { breathe } from '../updates/pieces.ts';
import { Audience } from './audience.ts';
import type { Committer } from './committer.ts';
import type { FirstState, FirstStateReader } from './firstState.ts';
import { Following } from './following.ts';
import { payloadOf } from './frames.ts';
import { DocumentBuilder } from './load.ts';
import type { Outline } from './outline.ts';
import type { Peers, RoomEars, RoomLine } from './peers.ts';
import type { RememberedRow } from './remembered.ts';
import { RoomDocument } from './roomDocument.ts';
import type { StoredOutline } from './storedOutline.ts';
import type { SyncDependencies, SyncOptions } from './types.ts';
import { notSaved } from './waiting.ts';

export interface RoomParts {
  articleId: string;
  epoch: number;
  firstState: FirstState;
  /** A place at the beginning of `firstState`, from which the document will be built. */
  reader: FirstStateReader;
  /** What is stored, in outline; null: the document has to be built before anybody may join. */
  outline: StoredOutline | null;
  /** Of the article, as far as is known without its document. */
  languages: readonly string[];
  /** Number of the last row of the log, and of the last one in the compacted state. */
  head: number;
  compactedHead: number;
  owners: Map<number, string>;
  /** The server that all of this was read from (Lineage.name). */
  server: string;
  /** Keeps what was committed, should storage lose it; null if it never does. */
  remember: ((rows: readonly RememberedRow[]) => void) | null;
  dependencies: SyncDependencies;
  committer: Committer;
  peers: Peers;
  log: UpdateLog;
  options: SyncOptions;
  logger: Logger;
  /** The room is beyond help: to be forgotten and loaded anew. */
  failed(room: LiveRoom, reason?: KopuroError): void;
}

type Phase =
  /** `opening`: the document is being built. */
  | { kind: 'stored'; outline: StoredOutline | null; reader: FirstStateReader; opening: Promise<RoomDocument> | null }
  | { kind: 'live'; document: RoomDocument };

/** Rows of other processes, or bytes of them, after which a stored room is opened rather than that it collects more. */
const MOST_ROWS_ELSEWHERE = 500;
const MOST_BYTES_ELSEWHERE = 1024 * 1024;

export class LiveRoom {
  readonly articleId: string;
  readonly epoch: number;
  readonly audience: Audience;
  /** Whose client id is whose. The server's own ids have no owner. */
  readonly owners: Map<number, string>;

  readonly #parts: RoomParts;
  readonly #following: Following;
  readonly #line: RoomLine;
  readonly #openedAt: number;
  readonly #storedLanguages: ReadonlySet<string>;
  #phase: Phase;
  #compactedHead: number;
  #elsewhere = { rows: 0, bytes: 0 };
  #failure: unknown = null;

  constructor(parts: RoomParts) {
    const { articleId, epoch, outline, reader, peers } = parts;
    this.#parts = parts;
    this.articleId = articleId;
    this.epoch = epoch;
    this.owners = parts.owners;
    this.#compactedHead = parts.compactedHead;
    this.#openedAt = parts.dependencies.now();
    this.#storedLanguages = new Set(parts.languages);
    this.#phase = { kind: 'stored', outline, reader, opening: null };
    this.#following = new Following({
      articleId,
      log: parts.log,
      epoch,
      head: parts.head,
      server: parts.server,
      apply: (rows, owners) => this.#applyRemote(rows, owners),
      replaced: (why) => this.#parts.failed(this, why),
      failed: (error) => parts.logger.warn({ err: error, article: articleId }, 'catching up with the log failed'),
    });
    this.#line = peers.open(articleId, this.#ears());
    this.audience = new Audience({
      firstState: parts.firstState,
      options: parts.options,
      now: parts.dependencies.now,
      peopleChanged: (people) => parts.dependencies.presenceChanged(articleId, people),
      tell: peers.shared ? (presence) => this.#line.tellPresence(presence) : null,
    });
  }

  /** Null as long as nobody has needed it. */
  get document(): RoomDocument | null {
    return this.#phase.kind === 'live' ? this.#phase.document : null;
  }

  /** What can be said as long as there is no document; null from then on. */
  get stored(): StoredOutline | null {
    if (this.#phase.kind === 'live') return null;
    if (this.#phase.outline === null) throw new Error(`article ${this.articleId} was joined before it could be read`);
    return this.#phase.outline;
  }

  /** What the article says of itself: of its document once there is one. */
  get outline(): Outline | StoredOutline {
    return this.document?.outline ?? this.stored!;
  }

  get languages(): ReadonlySet<string> {
    return this.document?.languages ?? this.#storedLanguages;
  }

  /** Counts changes of the document; what is stored is none. */
  get version(): number {
    return this.document?.version ?? 0;
  }

  get committedVersion(): number {
    return this.document?.committedVersion ?? 0;
  }

  /** Everything in the document is in the log. */
  get isCommitted(): boolean {
    return this.version === this.committedVersion;
  }

  /** Whether changes of clients may be applied; if not they could not be kept. */
  get storing(): boolean {
    return this.#parts.committer.storing;
  }

  get changedAt(): number {
    return this.document?.changedAt ?? this.#openedAt;
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  get shared(): boolean {
    return this.#parts.peers.shared;
  }

  get rowsSinceCompaction(): number {
    return this.#following.head - this.#compactedHead;
  }

  get lastRow(): number {
    return this.#following.head;
  }

  compactedAt(seq: number): void {
    this.#compactedHead = seq;
  }

  /**
   * The document, built now if it has not been. Others have their turn meanwhile. Rejects with `article-unreadable` if it cannot
   * be built, with `not-saved` if the room ends before.
   */
  opened(): Promise<RoomDocument> {
    const phase = this.#phase;
    if (phase.kind === 'live') return Promise.resolve(phase.document);
    phase.opening ??= this.#open(phase.reader, phase.outline);
    return phase.opening;
  }

  /** Somebody may need the document soon. */
  prepare(): void {
    if (this.document === null && !this.failed) this.opened().catch(() => {}); // whoever needs it is told
  }

  /** Resolves when the room holds what was in the log when this was called. */
  async catchUp(): Promise<void> {
    if (!this.shared || this.failed) return;
    try {
      await this.#following.catchUp();
    } catch (error) {
      this.#parts.logger.warn({ err: error, article: this.articleId }, 'catching up with the log failed');
      throw notSaved();
    }
  }

  /** The log, asked when `lastRow` was `known`, is said to be at this row (undefined: there is no such article). */
  lookIfBehind(at: { head: number; epoch: number } | undefined, known: number): void {
    if (!this.failed) this.#following.lookIfBehind(at, known);
  }

  async committed(): Promise<void> {
    await this.document?.committed();
  }

  /** What somebody has who has been told everything that is committed. */
  committedStateVector(): Uint8Array {
    return this.document?.committedStateVector() ?? this.stored!.stateVector();
  }

  /** Looks at time: cuts off who has stopped reading, and fails whoever has waited long enough for a commit. */
  sweep(): void {
    this.audience.sweep();
    this.document?.sweep();
  }

  /** Ends the room: everybody is told to come back, whoever waits is told that it failed. */
  destroy(reason: unknown): void {
    this.#failure ??= reason;
    this.#following.end();
    this.audience.dismiss();
    this.#line.hangUp();
    if (this.#phase.kind === 'live') this.#phase.document.end(reason);
    else this.#phase.reader.release();
  }

  async #open(reader: FirstStateReader, outline: StoredOutline | null): Promise<RoomDocument> {
    const builder = new DocumentBuilder(this.articleId);
    try {
      let message = reader.next();
      while (message !== null) {
        builder.apply(payloadOf(message.message));
        message = reader.next();
        if (message !== null) await breathe();
        if (this.failed) throw notSaved();
      }
      // From here until the document hears live rows nothing is awaited, so that none falls between.
      return this.#goLive(builder, outline);
    } catch (error) {
      builder.discard();
      this.#fail(error);
      throw error;
    }
  }

  #goLive(builder: DocumentBuilder, outline: StoredOutline | null): RoomDocument {
    const { server, remember, dependencies, committer, log, options, logger } = this.#parts;
    const document = new RoomDocument({
      articleId: this.articleId,
      epoch: this.epoch,
      doc: builder.finish(outline),
      owners: this.owners,
      audience: this.audience,
      following: this.#following,
      line: this.#line,
      shared: this.shared,
      server,
      remember,
      catchUp: () => this.catchUp(),
      dependencies,
      committer,
      log,
      options,
      logger,
      failed: (error) => this.#fail(error),
    });
    if (this.#phase.kind === 'stored') this.#phase.reader.release();
    this.#phase = { kind: 'live', document };
    if (!sameMembers(document.languages, this.#storedLanguages)) for (const member of this.audience) member.greet();
    return document;
  }

  #fail(error: unknown): void {
    if (this.failed) return;
    this.#parts.logger.error({ err: error, article: this.articleId }, 'room dropped; its clients will sync anew');
    this.#failure = error;
    this.#parts.failed(this);
  }

  /** Rows that are committed already, and what everybody here hears of them. */
  #applyRemote(rows: readonly Pick<RememberedRow, 'personId' | 'update'>[], owners: RememberedRow['owners']): void {
    if (this.failed) return;
    const newOwners = owners.filter(([client]) => !this.owners.has(client));
    for (const [client, personId] of newOwners) this.owners.set(client, personId);
    const updates = rows.map(({ update }) => update);
    const phase = this.#phase;
    try {
      if (phase.kind === 'live') phase.document.applyRemote(updates);
      else for (const update of updates) phase.outline?.add(update);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#parts.remember?.(rows.map(({ personId, update }) => ({ personId, update, owners: newOwners })));
    for (const update of updates) this.audience.heard(update);
    if (phase.kind === 'live') phase.document.lookForWords();
    else this.#countElsewhere(updates);
  }

  /** Readers hear what others write elsewhere; where that is much, the document holds it better than a list does. */
  #countElsewhere(updates: readonly Uint8Array[]): void {
    this.#elsewhere.rows += updates.length;
    for (const { length } of updates) this.#elsewhere.bytes += length;
    if (this.#elsewhere.rows > MOST_ROWS_ELSEWHERE || this.#elsewhere.bytes > MOST_BYTES_ELSEWHERE) this.prepare();
  }

  #ears(): RoomEars {
    return {
      rows: (rows) => this.#following.heard(rows),
      presence: (process, presence) => {
        // Clients repeat what they hear of others: before it is told to them it has to be somebody's.
        for (const [client, state] of presence.states) {
          const { id } = (state?.user ?? {}) as { id?: string };
          if (id !== undefined && !this.owners.has(client)) this.owners.set(client, id);
        }
        this.audience.hearOf(process, presence);
      },
      whoIsHere: () => this.audience.wholePresence(),
      gone: (process) => this.audience.forget(process),
      listening: () => this.#following.lookLater(),
    };
  }
}

function sameMembers(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((member) => other.has(member));
}
