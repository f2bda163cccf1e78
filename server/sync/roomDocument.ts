// The document of a live article, and what of it is committed. Changes enter through `applyFromClient` (already judged by the
// guard), `transact`, and `applyRemote` (committed by another process); whatever the document then emits, its own tidying and
// the server's reactions included, goes into the same batch. It knows the committer and the audience, no sockets and no storage.
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { META_ROOT } from '../../shared/article/roots.ts';
import type { Exclusive, LogEntry, UpdateLog } from '../storage/types.ts';
import type { Audience, CommittedUpdate, Member } from './audience.ts';
import type { Committer, Committing, RoomBatch } from './committer.ts';
import type { Following } from './following.ts';
import { RootNames } from './guard/store.ts';
import { Outline } from './outline.ts';
import type { RoomLine } from './peers.ts';
import { putBack } from './puttingBack.ts';
import type { RememberedRow } from './remembered.ts';
import type { By, ChangeOrigin, Room, SyncDependencies, SyncOptions } from './types.ts';
import { Uncommitted } from './uncommitted.ts';
import { CommitWaiters, notSaved, WordWaiters } from './waiting.ts';

export interface DocumentParts {
  articleId: string;
  epoch: number;
  /** Holds what is in the log, to the row that `following` is at. */
  doc: Y.Doc;
  owners: Map<number, string>;
  audience: Audience;
  following: Following;
  line: RoomLine;
  /** Other processes write too. */
  shared: boolean;
  /** The server that `doc` was read from (Lineage.name). */
  server: string;
  /** Keeps what was committed, should storage lose it; null if it never does. */
  remember: ((rows: readonly RememberedRow[]) => void) | null;
  /** Resolves when the document holds what was in the log when this was called. Rejects with `not-saved`. */
  catchUp(): Promise<void>;
  dependencies: SyncDependencies;
  committer: Committer;
  log: UpdateLog;
  options: SyncOptions;
  logger: Logger;
  /** It is beyond help. */
  failed(error: unknown): void;
}

export class RoomDocument implements Room, Committing {
  readonly articleId: string;
  readonly epoch: number;
  readonly doc: Y.Doc;
  readonly roots: RootNames;
  readonly outline: Outline;
  readonly owners: Map<number, string>;
  /** Other processes write to the article too. */
  readonly shared: boolean;

  readonly #parts: DocumentParts;
  /** Counts changes of the document, and commands without any; what is committed is told by the same count. */
  #version = 0;
  #committedVersion = 0;
  /** While a command has the article to itself. */
  #exclusive: Exclusive | null = null;
  readonly #uncommitted: Uncommitted;
  #underWay: {
    version: number;
    update: CommittedUpdate | null;
    /** Its first row, as far as we know, and whose client ids it uses for the first time. */
    from: number;
    owners: [number, string][];
    entries: readonly LogEntry[];
  } | null = null;
  readonly #commitWaiters = new CommitWaiters();
  readonly #wordWaiters = new WordWaiters();
  #sender: { member: Member; clients: readonly number[] } | null = null;
  #failure: unknown = null;
  #languages: ReadonlySet<string>;
  #changedAt: number;
  #unsettled = false;

  constructor(parts: DocumentParts) {
    const { articleId, epoch, doc, owners, shared } = parts;
    this.#parts = parts;
    this.articleId = articleId;
    this.epoch = epoch;
    this.doc = doc;
    this.owners = owners;
    this.shared = shared;
    this.roots = new RootNames(doc);
    this.outline = new Outline(doc);
    this.#uncommitted = new Uncommitted(articleId);
    this.#changedAt = parts.dependencies.now();
    this.#languages = new Set(articleLanguages(readMeta(doc)));
    doc.on('afterTransaction', (transaction) => this.#react(transaction));
    doc.on('update', (update, origin) => this.#collect(update, origin));
    doc.getMap(META_ROOT).observe(() => this.#languagesMayHaveChanged());
  }

  get languages(): ReadonlySet<string> {
    return this.#languages;
  }

  get version(): number {
    return this.#version;
  }

  get committedVersion(): number {
    return this.#committedVersion;
  }

  /** Whether changes of clients may be applied; if not they could not be kept. */
  get storing(): boolean {
    return this.#parts.committer.storing;
  }

  get changedAt(): number {
    return this.#changedAt;
  }

  /** Changed since `settled` was called last. */
  get unsettled(): boolean {
    return this.#unsettled;
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  get lastRow(): number {
    return this.#parts.following.head;
  }

  /** Everything in `doc` is in the log. */
  get isCommitted(): boolean {
    return this.#version === this.#committedVersion;
  }

  markSettled(): void {
    this.#unsettled = false;
  }

  present() {
    return this.#parts.audience.people();
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (!this.shared) return work();
    return this.#parts.log.exclusively(this.articleId, async (exclusive) => {
      await this.#parts.catchUp();
      this.#exclusive = exclusive;
      try {
        return await work();
      } finally {
        this.#exclusive = null;
      }
    });
  }

  async transact<T>(
    by: By,
    change: (doc: Y.Doc) => T,
    command?: { id: string; personId: string; result: (value: T) => unknown },
  ): Promise<T> {
    if (this.#failure !== null || !this.storing) throw notSaved();
    const before = this.#version;
    const origin: ChangeOrigin = { personId: by?.id ?? null, via: 'command' };
    let value: T;
    try {
      value = this.doc.transact(() => change(this.doc), origin);
    } catch (error) {
      if (this.#version !== before) this.#fail(error); // a bug: half of a change is in the document
      throw error;
    }
    if (command) {
      const result = JSON.stringify(command.result(value)) ?? 'null';
      const { id, personId } = command;
      this.#uncommitted.addCommand({ id, personId, at: this.#parts.dependencies.now(), result });
      this.#version += 1;
      this.#parts.committer.announce(this, 0);
    }
    this.#parts.committer.hurry();
    await this.#committedBefore(Number.POSITIVE_INFINITY); // whoever asked must know how it ended
    return value;
  }

  /** Applies what the guard has accepted. False: Yjs threw, which is our bug; the room is gone and nothing of it was stored. */
  applyFromClient(member: Member, update: Uint8Array, newClients: readonly number[]): boolean {
    const origin: ChangeOrigin = { personId: member.person.id, via: 'sync' };
    for (const client of newClients) this.owners.set(client, member.person.id);
    this.#sender = { member, clients: newClients };
    try {
      Y.applyUpdate(this.doc, update, origin);
      const { pendingStructs, pendingDs } = this.doc.store;
      if (pendingStructs !== null || pendingDs !== null)
        throw new Error('the guard let through what Yjs cannot integrate');
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    } finally {
      this.#sender = null;
    }
  }

  committed(): Promise<void> {
    return this.#committedBefore(this.#parts.dependencies.now() + this.#parts.options.commitPatienceMs);
  }

  /** Looks at time: fails whoever has waited long enough for a commit. */
  sweep(): void {
    this.#commitWaiters.sweep(this.#parts.dependencies.now(), notSaved);
  }

  waitFor(stateVector: Uint8Array, timeoutMs: number): Promise<void> {
    if (this.shared) this.#parts.following.lookLater();
    return this.#wordWaiters.wait(this.doc, stateVector, timeoutMs);
  }

  /** What somebody waits for may have come. */
  lookForWords(): void {
    this.#wordWaiters.look();
  }

  /** What somebody has who has been told everything that is committed. Looks at every client id: for rare occasions. */
  committedStateVector(): Uint8Array {
    const state = Y.decodeStateVector(Y.encodeStateVector(this.doc));
    for (const [client, clock] of this.#uncommitted.firstClocks()) {
      if (clock > 0) state.set(client, clock);
      else state.delete(client);
    }
    return Y.encodeStateVector(state);
  }

  takeBatch(): RoomBatch | null {
    if (this.#failure !== null || this.#committedVersion === this.#version) return null;
    const { update, ...taken } = this.#uncommitted.take();
    const owners = taken.entries.flatMap(({ personId, clients = [] }) =>
      personId === null ? [] : clients.map((client): [number, string] => [client, personId]),
    );
    const from = this.#parts.following.head + 1;
    this.#underWay = { version: this.#version, update, from, owners, entries: taken.entries };
    return { ...taken, after: this.#parts.following.head };
  }

  batchCommitted(head: number | undefined): void {
    if (this.#failure !== null) return;
    const { version, update, from, owners, entries } = this.#underWay!;
    this.#underWay = null;
    this.#uncommitted.committed();
    this.#committedVersion = version;
    if (head !== undefined) this.#parts.following.appended(head);
    this.#parts.remember?.(entries.map(asRemembered));
    this.#parts.audience.committed(version, update);
    if (head !== undefined && update) {
      const personId = soleAuthor(entries);
      const { server } = this.#parts;
      this.#parts.line.tellRows({ epoch: this.epoch, from, to: head, update: update.bytes, owners, personId, server });
    }
    this.#commitWaiters.committed(version);
  }

  /** Another process was first: the batch comes after what it appended. Null if it may not, since it was decided without that. */
  async overtaken(decides: boolean): Promise<number | null> {
    if (!this.shared) return null;
    await this.#parts.following.catchUp();
    if (decides && !(await this.#exclusive?.isHeld())) return null;
    if (this.#underWay) this.#underWay.from = this.#parts.following.head + 1;
    return this.#parts.following.head;
  }

  batchLost(error: unknown): void {
    this.#fail(error);
  }

  /** Rows that another process has committed. Throws if they do not fit. */
  applyRemote(updates: readonly Uint8Array[]): void {
    // What is not committed here comes after these rows: nobody but us will look at both together.
    const origin: ChangeOrigin = { personId: null, via: this.isCommitted ? 'remote' : 'merge' };
    this.doc.transact((transaction) => {
      for (const update of updates) Y.applyUpdate(this.doc, update, origin);
      transaction.local = true; // its tidying was done, and committed, where it came from
    }, origin);
    const { pendingStructs, pendingDs } = this.doc.store;
    if (pendingStructs !== null || pendingDs !== null) throw new Error('rows of another process do not fit');
    this.#changedAt = this.#parts.dependencies.now();
  }

  /**
   * Takes in what was committed once and storage has lost; what the document lacked is committed anew. Answers with how many rows
   * it could take: if not all, it is beyond help.
   */
  putBack(rows: readonly RememberedRow[]): number {
    return putBack(this.doc, rows);
  }

  /** Its room has ended: whoever waits is told that it failed. */
  end(reason: unknown): void {
    this.#failure ??= reason;
    this.#parts.committer.withdraw(this, this.#uncommitted.drop());
    this.#commitWaiters.fail(notSaved());
    this.#wordWaiters.fail(notSaved());
    this.doc.destroy();
  }

  #committedBefore(until: number): Promise<void> {
    if (this.#failure !== null) return Promise.reject(notSaved());
    if (this.#version === this.#committedVersion) return Promise.resolve();
    return this.#commitWaiters.wait(this.#version, until);
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#parts.failed(error);
  }

  #collect(update: Uint8Array, origin: unknown): void {
    if (this.#failure !== null) return;
    const { personId, via } = describeOrigin(origin);
    if (via === 'remote' || via === 'merge') return; // it is in the log
    const isSenders = via === 'sync' && this.#sender !== null;
    const at = this.#parts.dependencies.now();
    this.#uncommitted.add({
      personId,
      sender: isSenders ? this.#sender!.member : null,
      at,
      update,
      clients: isSenders ? this.#sender!.clients : [],
    });
    this.#version += 1;
    this.#changedAt = at;
    this.#unsettled = true;
    this.#parts.committer.announce(this, update.length);
    this.#wordWaiters.look();
  }

  #react(transaction: Y.Transaction): void {
    const { via } = describeOrigin(transaction.origin);
    if ((via !== 'sync' && via !== 'command' && via !== 'merge') || transaction.changed.size === 0) return;
    const origin: ChangeOrigin = { personId: null, via: 'reaction' };
    const change = (work: (doc: Y.Doc) => void) => this.doc.transact(() => work(this.doc), origin);
    for (const reaction of this.#parts.dependencies.reactions) {
      try {
        reaction(this, transaction, change);
      } catch (error) {
        // A bug in a reaction must not cost the person who typed their words.
        this.#parts.logger.error({ err: error, article: this.articleId }, 'a reaction failed');
      }
    }
  }

  #languagesMayHaveChanged(): void {
    const languages = articleLanguages(readMeta(this.doc));
    if (languages.length === this.#languages.size && languages.every((one) => this.#languages.has(one))) return;
    this.#languages = new Set(languages);
    // The change counts once this transaction has been collected; nobody is told before its commit.
    queueMicrotask(() => {
      this.#committedBefore(Number.POSITIVE_INFINITY).then(
        () => {
          for (const member of this.#parts.audience) member.greet();
        },
        (error: unknown) => this.#parts.logger.debug({ err: error }, 'languages changed in a room that failed'),
      );
    });
  }
}

/** Yjs's own tidying has no origin: it is the server's. */
function describeOrigin(origin: unknown): ChangeOrigin {
  return (origin as ChangeOrigin | null) ?? { personId: null, via: 'reaction' };
}

function asRemembered({ personId, update, clients = [] }: LogEntry): RememberedRow {
  return { personId, update, owners: personId === null ? [] : clients.map((client) => [client, personId]) };
}

/** Null if they are the server's own, or of several. */
function soleAuthor(entries: readonly LogEntry[]): string | null {
  const [first] = entries;
  return first && entries.every(({ personId }) => personId === first.personId) ? first.personId : null;
}
