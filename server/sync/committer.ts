// Group commit: what rooms changed goes to the log in batches, one under way at a time; the next collects meanwhile, and for a
// moment more while much is typed: each commit costs a flush and a write to each reader, however little is in it. No timer while
// all is quiet, no waiting for who waits. It decides nothing about documents: a room learns that its changes are durable, or that
// they are lost; and everybody learns when nothing can be stored, so that nothing more is taken in than fits and can be kept.
import type { Logger } from 'pino';
import { mayPass, StorageError } from '../storage/errors.ts';
import type { Appended, CommandRecord, LogEntry, UpdateLog } from '../storage/types.ts';
import { Outage } from './outage.ts';

/** What one room wants to be durable: rows in order, and the outcomes of commands. */
export interface RoomBatch {
  readonly entries: LogEntry[];
  readonly commands: CommandRecord[];
  readonly bytes: number;
  /** Number of the article's last row before these. */
  after: number;
}

export interface Committing {
  readonly articleId: string;
  /** It was dropped: nobody waits for its changes any more. */
  readonly failed: boolean;
  /** Takes what has collected since the last call; null if there is nothing. */
  takeBatch(): RoomBatch | null;
  /**
   * Somebody else has appended to the log since. Catches up; answers with the row after which the batch may be appended, or
   * null if it may not. `decides`: it holds outcomes of commands.
   */
  overtaken(decides: boolean): Promise<number | null>;
  /** The last batch is on disk; `head` is the number of the article's last row, if the batch had rows. */
  batchCommitted(head: number | undefined): void;
  /** The last batch could not be stored and never will be. */
  batchLost(error: unknown): void;
}

export interface CommitterParts {
  log: Pick<UpdateLog, 'append' | 'rowInfos' | 'findCommand'>;
  /** Resolves if storage can be written now. */
  check(): Promise<void>;
  logger: Logger;
  attempts: number;
  retryMs: number;
  /** First pause after which storage that failed for good is tried again; it doubles up to sixteen times as long. */
  outageMs: number;
  /** From the beginning of one commit to the beginning of the next at least. */
  intervalMs: number;
  /** What may wait for its commit before nothing more is taken in. */
  maxPendingBytes: number;
  /** `storing` has become another. */
  storingChanged(storing: boolean): void;
}

/** Times that others may be first before a commit is tried like one that failed. */
const MOST_OVERTAKEN = 50;

type Taken = { room: Committing; batch: RoomBatch };

export class Committer {
  readonly #parts: CommitterParts;
  readonly #outage: Outage;
  readonly #dirty = new Set<Committing>();
  #running = false;
  #begunAt = Number.NEGATIVE_INFINITY;
  #isHurried = false;
  /** Ends the pause before the next commit, if there is one. */
  #endPause: (() => void) | null = null;
  #waitingBytes = 0;
  #bytesUnderWay = 0;
  /** Articles of the commit under way, and its end, good or bad. */
  #underWay: { articles: ReadonlySet<string>; ended: Promise<void> } | null = null;
  #full = false;
  #storing = true;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#outage = new Outage(parts.check, parts.outageMs, parts.logger, () => this.#review());
  }

  get pendingBytes(): number {
    return this.#waitingBytes + this.#bytesUnderWay;
  }

  /** Whether changes may be taken in: storage works, as far as we know, and not too much waits for it. */
  get storing(): boolean {
    return this.#storing;
  }

  /** The room has something to commit, `bytes` more than before. */
  announce(room: Committing, bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.pendingBytes > this.#parts.maxPendingBytes) this.#review();
    this.#dirty.add(room);
    if (this.#running) return;
    this.#running = true;
    // setImmediate, not a microtask: everything that this turn of the event loop reads from sockets joins the batch.
    setImmediate(() => this.#run());
  }

  /** Somebody waits for the outcome of what was announced: its commit begins as soon as none is under way. */
  hurry(): void {
    this.#isHurried = true;
    this.#endPause?.();
  }

  /** The room was dropped with `bytes` that it had announced and that were not taken. */
  withdraw(room: Committing, bytes: number): void {
    this.#dirty.delete(room);
    this.#waitingBytes -= bytes;
  }

  /** Resolves when no commit of this article is under way: what its log holds then stays so until it is opened. */
  async settled(articleId: string): Promise<void> {
    while (this.#underWay?.articles.has(articleId)) await this.#underWay.ended;
  }

  /** Ends its timer. */
  stop(): void {
    this.#outage.stop();
  }

  async #run(): Promise<void> {
    while (this.#dirty.size > 0) {
      await this.#pause();
      this.#isHurried = false;
      this.#begunAt = performance.now();
      const taken: Taken[] = [];
      for (const room of this.#dirty) {
        const batch = this.#take(room);
        if (batch) taken.push({ room, batch });
      }
      this.#dirty.clear();
      if (taken.length === 0) continue;
      this.#bytesUnderWay = taken.reduce((sum, { batch }) => sum + batch.bytes, 0);
      this.#waitingBytes -= this.#bytesUnderWay;
      const ended = this.#commit(taken, this.#parts.attempts);
      this.#underWay = { articles: new Set(taken.map(({ room }) => room.articleId)), ended };
      await ended;
      this.#underWay = null;
      this.#bytesUnderWay = 0;
      this.#review();
    }
    this.#running = false;
  }

  async #pause(): Promise<void> {
    const pause = this.#begunAt + this.#parts.intervalMs - performance.now();
    if (pause <= 0 || this.#isHurried) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = null;
  }

  #take(room: Committing): RoomBatch | null {
    try {
      return room.takeBatch();
    } catch (error) {
      this.#parts.logger.error({ err: error, article: room.articleId }, 'a room could not say what it changed');
      this.#lose(room, error);
      return null;
    }
  }

  /** Never rejects. `attempts`: at whatever may pass and is not plainly an outage. */
  async #commit(taken: readonly Taken[], attempts: number): Promise<void> {
    const left = new Set(taken);
    try {
      await this.#append(left, attempts);
    } catch (error) {
      if (left.size > 1 && !isOutage(error)) {
        // One room's trouble (an article removed meanwhile) is not everybody's. All together were tried often enough.
        for (const one of left) await this.#commit([one], 1);
        return;
      }
      for (const { room } of left) {
        this.#parts.logger.error({ err: error, article: room.articleId }, 'changes could not be stored');
      }
      if (isOutage(error)) this.#outage.begin();
      for (const { room } of left) this.#lose(room, error);
    }
  }

  /** Appends, trying again, and tells the rooms; whoever has been told is no longer in `left`. Throws when it gives up. */
  async #append(left: Set<Taken>, attempts: number): Promise<void> {
    let overtaken = 0;
    /** An attempt failed, and whether it did is not known. */
    let unsure = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        // Nobody waits for a room that was dropped meanwhile; and its log must not grow once it is opened anew.
        for (const one of left) if (one.room.failed) left.delete(one);
        if (unsure) await this.#tellLanded(left);
        if (left.size === 0) return;
        const batches = [...left].map(({ batch }) => batch);
        const appended = await this.#parts.log.append(
          batches.flatMap(({ entries }) => entries),
          batches.flatMap(({ commands }) => commands),
          new Map([...left].map(({ room, batch }) => [room.articleId, batch.after])),
        );
        this.#outage.end();
        const conflicts = await this.#tellAppended(left, appended, unsure);
        if (left.size === 0) return;
        if (conflicts > 0 && overtaken < MOST_OVERTAKEN) {
          overtaken += 1;
          attempt -= 1; // nothing is wrong: others write too
          continue;
        }
        throw new StorageError('busy', 'another process holds these articles');
      } catch (error) {
        unsure = true;
        const most = isOutage(error) ? (this.#outage.isOn ? 1 : this.#parts.attempts) : attempts;
        if (attempt >= most || !mayPass(error)) throw error;
        const pause = this.#parts.retryMs * 2 ** (attempt - 1);
        this.#parts.logger.warn({ err: error, attempt, pause }, 'a commit failed and will be tried again');
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** Who is told leaves `left`; the others are to be tried again. Answers with how many of these another process overtook. */
  async #tellAppended(left: Set<Taken>, { heads, refused }: Appended, unsure: boolean): Promise<number> {
    let conflicts = 0;
    for (const one of [...left]) {
      const { room, batch } = one;
      const refusal = refused.get(room.articleId);
      if (refusal?.code === 'busy') continue;
      if (refusal?.code === 'conflict') {
        const landed = unsure ? await this.#landed(one) : null;
        const after = landed === null && !room.failed ? await room.overtaken(batch.commands.length > 0) : null;
        if (after !== null) {
          batch.after = after;
          conflicts += 1;
          continue;
        }
        if (landed === null) this.#lose(room, new StorageError('conflict', `the log is at row ${refusal.head}`));
        else this.#tell(room, landed);
      } else if (refusal) {
        this.#lose(room, new StorageError('conflict', 'a client id is somebody else’s'));
      } else {
        this.#tell(room, heads.get(room.articleId));
      }
      left.delete(one);
    }
    return conflicts;
  }

  /**
   * Tells the rooms whose changes are in the log after all: a commit can succeed and be reported as failed. It is there wholly
   * or not at all, so if the first room's changes are missing, nobody else's are looked for.
   */
  async #tellLanded(left: Set<Taken>): Promise<void> {
    for (const one of left) {
      const head = await this.#landed(one);
      if (head === null) return;
      left.delete(one);
      this.#tell(one.room, head);
    }
  }

  /** The number of the batch's last row if all of it is in the log, else null. */
  async #landed({ room, batch: { entries, commands, after } }: Taken): Promise<number | null> {
    const rows = await this.#parts.log.rowInfos(room.articleId, { from: after + 1, to: after + entries.length });
    if (rows.length < entries.length) return null;
    const areOurs = entries.every(({ personId, at, update }, index) => {
      const row = rows[index]!;
      return row.personId === personId && row.at === at && row.bytes === update.length;
    });
    if (!areOurs) return null;
    for (const { id } of commands) if ((await this.#parts.log.findCommand(id)) === null) return null;
    return after + entries.length;
  }

  #tell(room: Committing, head: number | undefined): void {
    try {
      room.batchCommitted(head);
    } catch (error) {
      this.#parts.logger.error({ err: error, article: room.articleId }, 'a room failed after its commit');
      this.#lose(room, error);
    }
  }

  #lose(room: Committing, error: unknown): void {
    try {
      room.batchLost(error);
    } catch (problem) {
      // The others' commits must go on whatever is wrong with this one.
      this.#parts.logger.error({ err: problem, article: room.articleId }, 'a room could not be dropped in order');
    }
  }

  /** Looks whether changes may be taken in, and says so if that has changed. */
  #review(): void {
    const { maxPendingBytes, storingChanged } = this.#parts;
    this.#full = this.pendingBytes > (this.#full ? maxPendingBytes / 2 : maxPendingBytes);
    const storing = !this.#outage.isOn && !this.#full;
    if (storing === this.#storing) return;
    this.#storing = storing;
    storingChanged(storing);
  }
}

/** All of storage is in trouble, not one article. */
function isOutage(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'unavailable' || error.code === 'closed');
}
