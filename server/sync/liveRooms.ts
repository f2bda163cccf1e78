// The rooms of this process: opens one when somebody needs it, keeps it while anybody does, lets it go when everything of it is
// on disk. When storage turns out to be another server it forgets them, and puts back what that server lacks. It knows storage and
// rooms, no connections.
import type { Logger } from 'pino';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { Storage } from '../storage/types.ts';
import type { Committer } from './committer.ts';
import { FirstState, type FirstUpdates } from './firstState.ts';
import { readStored } from './load.ts';
import type { Peers } from './peers.ts';
import { recordOwners } from './puttingBack.ts';
import { Remembered, type RememberedRow } from './remembered.ts';
import { LiveRoom } from './room.ts';
import type { SyncDependencies, SyncOptions } from './types.ts';

/** A room that is cold has no entry. */
type Entry =
  | { kind: 'loading'; loaded: Promise<LiveRoom> }
  | { kind: 'live'; room: LiveRoom; users: number; idleSince: number }
  /** Being put away; whoever comes now revives it. */
  | { kind: 'draining'; room: LiveRoom; users: number; revived: boolean };

/** Databases take a bounded number of parameters. */
const ROOMS_AT_A_LOOK = 5_000;
/** Articles in which something is put back at the same time, and how often it is tried, a second apart. */
const PUTTING_BACK_AT_ONCE = 8;
const PUTTING_BACK_ATTEMPTS = 60;
const PUTTING_BACK_PAUSE_MS = 1_000;

export interface LiveRoomsParts {
  storage: Storage;
  committer: Committer;
  peers: Peers;
  dependencies: SyncDependencies;
  options: SyncOptions;
  logger: Logger;
}

export class LiveRooms {
  readonly #parts: LiveRoomsParts;
  readonly #entries = new Map<string, Entry>();
  /** Rooms whose `settled` is under way. */
  readonly #settling = new Map<LiveRoom, Promise<void>>();
  #closing = false;
  readonly #remembered = new Remembered();
  /** Counts how often everything that is being loaded was to be forgotten. */
  #generation = 0;
  /** When articles may be opened; steady clock. */
  #closedUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: LiveRoomsParts) {
    this.#parts = parts;
  }

  get count(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.kind !== 'loading') count += 1;
    return count;
  }

  /** Of rooms whose document was built. */
  get documents(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.kind !== 'loading' && entry.room.document) count += 1;
    return count;
  }

  /** The room if it is live now. */
  live(articleId: string): LiveRoom | null {
    const entry = this.#entries.get(articleId);
    return entry && entry.kind !== 'loading' ? entry.room : null;
  }

  /** The article's room, opened if needed. It stays until it is released as often as it was acquired. */
  async acquire(articleId: string): Promise<LiveRoom> {
    for (;;) {
      if (this.#closing) throw new KopuroError('shutting-down');
      const entry = this.#entries.get(articleId);
      if (entry && entry.kind !== 'loading') {
        entry.users += 1;
        if (entry.kind === 'draining') entry.revived = true;
        return entry.room;
      }
      await (entry ? entry.loaded : this.#startLoading(articleId));
    }
  }

  release(room: LiveRoom): void {
    const entry = this.#entries.get(room.articleId);
    // A room that was dropped meanwhile has no entry, or another room has it.
    if (!entry || entry.kind === 'loading' || entry.room !== room) return;
    entry.users -= 1;
    if (entry.kind === 'live') entry.idleSince = this.#parts.dependencies.now();
  }

  /** Somebody has left. */
  left(articleId: string): void {
    const entry = this.#entries.get(articleId);
    if (entry?.kind === 'live') entry.idleSince = this.#parts.dependencies.now();
  }

  /** As `acquire`; and the room holds what was in the log when this was called. Throws what reading the log throws. */
  async acquireUpToDate(articleId: string): Promise<LiveRoom> {
    const isLoading = this.live(articleId) === null;
    const room = await this.acquire(articleId);
    try {
      // What is read from now on is new enough.
      if (!isLoading) await room.catchUp();
      return room;
    } catch (error) {
      this.release(room);
      throw error;
    }
  }

  /** Looks, with one question for thousands, at the logs of all live rooms. */
  async look(): Promise<void> {
    const rooms = [...this.#entries.values()].flatMap((entry) => (entry.kind === 'loading' ? [] : [entry.room]));
    for (let from = 0; from < rooms.length; from += ROOMS_AT_A_LOOK) {
      const some = rooms.slice(from, from + ROOMS_AT_A_LOOK);
      const known = some.map(({ lastRow }) => lastRow);
      const heads = await this.#parts.storage.log.heads(some.map(({ articleId }) => articleId));
      for (const [index, room] of some.entries()) room.lookIfBehind(heads.get(room.articleId), known[index]!);
    }
  }

  /** Forgets every room as it is; its clients come back. */
  startOver(): void {
    this.#generation += 1;
    for (const entry of [...this.#entries.values()]) {
      if (entry.kind !== 'loading') this.#forget(entry.room, new KopuroError('shutting-down'));
    }
  }

  /** Storage is another server: forgets every room, and stores anew what is remembered and that server lacks. */
  serverChanged(): void {
    this.startOver();
    const articles = this.#remembered.renew();
    if (this.#parts.peers.shared) this.#closedUntil = performance.now() + this.#parts.options.puttingBackMs;
    const generation = this.#generation;
    const lane = async () => {
      for (let articleId = articles.pop(); articleId !== undefined; articleId = articles.pop()) {
        await this.#putBack(articleId, generation);
      }
    };
    for (let lanes = 0; lanes < PUTTING_BACK_AT_ONCE; lanes += 1) void lane();
  }

  /** Drops the article's room, loaded or about to be. */
  async drop(articleId: string): Promise<void> {
    const entry = this.#entries.get(articleId);
    const room = entry && (await this.#roomOf(entry));
    if (room) this.#forget(room, new KopuroError('article-not-found'));
  }

  /** Looks at time: puts away, settles and compacts what has come to rest. */
  sweep(): void {
    const { dependencies, options } = this.#parts;
    const now = dependencies.now();
    for (const entry of [...this.#entries.values()]) {
      if (entry.kind !== 'live') continue;
      const { room } = entry;
      room.sweep();
      const isIdle = entry.users === 0 && room.audience.size === 0 && now - entry.idleSince >= options.idleMs;
      if (isIdle) this.#inBackground(room, this.#drain(entry));
      else if (now - room.changedAt >= options.settleMs) this.#inBackground(room, this.#settle(room));
      else if (room.rowsSinceCompaction >= options.compactAfterRows * 10) {
        this.#inBackground(room, this.#compact(room));
      }
    }
  }

  /** Opens no more rooms, and resolves when what the open ones hold is committed. */
  async flush(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      [...this.#entries.values()].map(async (entry) => {
        const room = await this.#roomOf(entry);
        await room?.committed().catch((error: unknown) => this.#notPutAway(room, error));
      }),
    );
  }

  /** After `flush`: settles and forgets all rooms. */
  async close(): Promise<void> {
    for (const entry of [...this.#entries.values()]) {
      const room = await this.#roomOf(entry);
      // One room's trouble must not keep the others from being put away.
      if (room) await this.#putAway(room).catch((error: unknown) => this.#notPutAway(room, error));
    }
  }

  /** Ends every room as it is. */
  destroy(): void {
    for (const entry of this.#entries.values()) {
      if (entry.kind !== 'loading') entry.room.destroy(new KopuroError('shutting-down'));
    }
    this.#entries.clear();
  }

  /** The entry's room; null if it cannot be loaded, which whoever asked for it has been told. */
  async #roomOf(entry: Entry): Promise<LiveRoom | null> {
    return entry.kind === 'loading' ? entry.loaded.catch(() => null) : entry.room;
  }

  #startLoading(articleId: string): Promise<LiveRoom> {
    const loaded = this.#load(articleId);
    const entry: Entry = { kind: 'loading', loaded };
    this.#entries.set(articleId, entry);
    loaded.then(
      (room) => {
        this.#entries.set(articleId, { kind: 'live', room, users: 0, idleSince: this.#parts.dependencies.now() });
      },
      () => {
        // Whoever waits is told; the next who comes tries again.
        if (this.#entries.get(articleId) === entry) this.#entries.delete(articleId);
      },
    );
    return loaded;
  }

  async #load(articleId: string): Promise<LiveRoom> {
    let most = Number.POSITIVE_INFINITY;
    for (;;) {
      const generation = this.#generation;
      const { room, remembered } = await this.#open(articleId);
      const rows = remembered.slice(0, most);
      const fitting = rows.length === 0 ? 0 : (await room.opened()).putBack(rows);
      // What was read before everything was to be forgotten is forgotten too.
      if (generation === this.#generation) {
        const { logger } = this.#parts;
        if (room.version > 0) logger.warn({ article: articleId }, 'storage had lost changes; they are put back');
        if (fitting === rows.length) return room;
        logger.error({ article: articleId, rows: rows.length - fitting }, 'not all can be put back');
        most = fitting;
      }
      room.destroy(new KopuroError('shutting-down'));
    }
  }

  /** Reads it. `remembered`: what of it was committed by servers before this one. */
  async #open(articleId: string): Promise<{ room: LiveRoom; remembered: RememberedRow[] }> {
    const { committer, peers, storage, dependencies, options, logger } = this.#parts;
    const { log, articles } = storage;
    // A commit of an earlier room of this article that is under way still adds to what is about to be read.
    await committer.settled(articleId);
    const pause = this.#closedUntil - performance.now();
    if (pause > 0 && !this.#remembered.has(articleId)) await new Promise((resolve) => setTimeout(resolve, pause));
    const server = storage.lineage?.name ?? '';
    let loaded: [Awaited<ReturnType<typeof log.load>>, number, Map<number, string>];
    try {
      loaded = await Promise.all([log.load(articleId), articles.epoch(articleId), log.clientIds(articleId)]);
    } catch (error) {
      logger.error({ err: error, article: articleId }, 'the log could not be read');
      throw new KopuroError('article-unreadable');
    }
    const [stored, epoch, owners] = loaded;
    if (stored === null) throw new KopuroError('article-not-found');
    const remembered = this.#remembered.of({ articleId, epoch, server });
    await recordOwners(articleId, remembered, owners, log);
    const { first, outline } = await readStored(stored);
    const firstState = new FirstState({
      first,
      read: () => this.#readAnew(articleId),
      now: dependencies.now,
      keepMs: options.idleMs,
    });
    const room = new LiveRoom({
      articleId,
      epoch,
      firstState,
      reader: await firstState.open(false),
      outline,
      languages: stored.languages,
      head: stored.head,
      compactedHead: stored.seq,
      owners,
      server,
      remember: storage.lineage ? (rows) => this.#remembered.add({ articleId, epoch, server }, rows) : null,
      dependencies,
      committer,
      peers,
      log,
      options,
      logger,
      failed: (failed, reason = new KopuroError('not-saved')) => this.#forget(failed, reason),
    });
    if (outline === null) await room.opened();
    return { room, remembered };
  }

  /** Opening the article puts back what is remembered of it; here that is waited for, and tried again if need be. */
  async #putBack(articleId: string, generation: number): Promise<void> {
    const { logger } = this.#parts;
    for (let attempt = 1; attempt <= PUTTING_BACK_ATTEMPTS; attempt += 1) {
      if (this.#closing || generation !== this.#generation) return; // somebody else's business by now
      try {
        const room = await this.acquire(articleId);
        await room.committed().finally(() => this.release(room));
        return;
      } catch (error) {
        if (error instanceof KopuroError && error.code === 'article-not-found') return; // it was removed, or never made there
        logger.warn({ err: error, article: articleId, attempt }, 'nothing could be put back yet');
      }
      await new Promise((resolve) => setTimeout(resolve, PUTTING_BACK_PAUSE_MS).unref());
    }
  }

  async #readAnew(articleId: string): Promise<FirstUpdates> {
    const stored = await this.#parts.storage.log.load(articleId);
    if (stored === null) throw new KopuroError('article-not-found');
    return (await readStored(stored)).first;
  }

  #forget(room: LiveRoom, reason: unknown): void {
    const entry = this.#entries.get(room.articleId);
    if (entry && entry.kind !== 'loading' && entry.room === room) this.#entries.delete(room.articleId);
    room.destroy(reason);
  }

  async #drain(live: Entry & { kind: 'live' }): Promise<void> {
    const { room } = live;
    const draining: Entry = { kind: 'draining', room, users: live.users, revived: false };
    this.#entries.set(room.articleId, draining);
    try {
      await this.#putAway(room);
    } catch (error) {
      draining.revived = true; // it could not be put away: it stays, and is tried again later
      throw error;
    } finally {
      if (this.#entries.get(room.articleId) === draining) {
        const isNeeded = draining.revived || draining.users > 0 || room.audience.size > 0 || !room.isCommitted;
        const idleSince = this.#parts.dependencies.now();
        if (isNeeded) this.#entries.set(room.articleId, { kind: 'live', room, users: draining.users, idleSince });
        else this.#forget(room, new KopuroError('shutting-down'));
      }
    }
  }

  /** Everything that has to happen before a room may leave memory. */
  async #putAway(room: LiveRoom): Promise<void> {
    if (room.failed) return;
    await room.committed();
    await this.#settle(room);
    await room.committed();
  }

  /** The room was changed and has come to rest: snapshot, compaction. */
  #settle(room: LiveRoom): Promise<void> {
    const underWay = this.#settling.get(room);
    if (underWay) return underWay;
    const { document } = room;
    if (!document?.unsettled) return Promise.resolve();
    const settling = (async () => {
      document.markSettled();
      await this.#parts.dependencies.settled(document);
      await this.#compact(room);
    })().finally(() => this.#settling.delete(room));
    this.#settling.set(room, settling);
    return settling;
  }

  async #compact(room: LiveRoom): Promise<void> {
    if (room.failed || room.rowsSinceCompaction < this.#parts.options.compactAfterRows) return;
    const seq = room.lastRow;
    room.compactedAt(seq);
    await this.#parts.storage.archive.compact(room.articleId, seq);
  }

  #inBackground(room: LiveRoom, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#parts.logger.error({ err: error, article: room.articleId }, 'background work in a room failed');
    });
  }

  #notPutAway(room: LiveRoom, error: unknown): void {
    this.#parts.logger.error({ err: error, article: room.articleId }, 'a room could not be put away');
  }
}
