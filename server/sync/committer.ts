// Group commit: what rooms changed goes to the log in batches, one under way at a time; the next collects meanwhile. No timer
// while all is quiet. It decides nothing about documents: a room learns that its changes are durable, or that they are lost.
import type { Logger } from 'pino';
import { mayPass } from '../storage/errors.ts';
import type { CommandRecord, LogEntry, UpdateLog } from '../storage/types.ts';

/** What one room wants to be durable: rows in order, and the outcomes of commands. */
export interface RoomBatch {
  readonly entries: LogEntry[];
  readonly commands: CommandRecord[];
  readonly bytes: number;
}

export interface Committing {
  readonly articleId: string;
  /** Takes what has collected since the last call; null if there is nothing. */
  takeBatch(): RoomBatch | null;
  /** The last batch is on disk; `head` is the number of the article's last row, if the batch had rows. */
  batchCommitted(head: number | undefined): void;
  /** The last batch could not be stored and never will be. */
  batchLost(error: unknown): void;
}

export interface CommitterParts {
  log: Pick<UpdateLog, 'append'>;
  logger: Logger;
  attempts: number;
  retryMs: number;
}

type Taken = { room: Committing; batch: RoomBatch };

export class Committer {
  readonly #parts: CommitterParts;
  readonly #dirty = new Set<Committing>();
  #running = false;
  #bytesUnderWay = 0;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  get pendingBytes(): number {
    return this.#bytesUnderWay;
  }

  /** The room has something to commit. */
  announce(room: Committing): void {
    this.#dirty.add(room);
    if (this.#running) return;
    this.#running = true;
    // setImmediate, not a microtask: everything that this turn of the event loop reads from sockets joins the batch.
    setImmediate(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#dirty.size > 0) {
      const taken: Taken[] = [];
      for (const room of this.#dirty) {
        const batch = this.#take(room);
        if (batch) taken.push({ room, batch });
      }
      this.#dirty.clear();
      if (taken.length === 0) continue;
      this.#bytesUnderWay = taken.reduce((sum, { batch }) => sum + batch.bytes, 0);
      await this.#commit(taken);
      this.#bytesUnderWay = 0;
    }
    this.#running = false;
  }

  #take(room: Committing): RoomBatch | null {
    try {
      return room.takeBatch();
    } catch (error) {
      this.#parts.logger.error({ err: error, article: room.articleId }, 'a room could not say what it changed');
      room.batchLost(error);
      return null;
    }
  }

  async #commit(taken: readonly Taken[]): Promise<void> {
    try {
      this.#tell(taken, await this.#append(taken));
    } catch (error) {
      if (taken.length === 1) {
        this.#parts.logger.error({ err: error, article: taken[0]!.room.articleId }, 'changes could not be stored');
        taken[0]!.room.batchLost(error);
        return;
      }
      // One room's trouble (an article removed meanwhile) is not everybody's.
      for (const one of taken) await this.#commit([one]);
    }
  }

  async #append(taken: readonly Taken[]): Promise<Map<string, number>> {
    const entries = taken.flatMap(({ batch }) => batch.entries);
    const commands = taken.flatMap(({ batch }) => batch.commands);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#parts.log.append(entries, commands);
      } catch (error) {
        if (attempt >= this.#parts.attempts || !mayPass(error)) throw error;
        const pause = this.#parts.retryMs * 2 ** (attempt - 1);
        this.#parts.logger.warn({ err: error, attempt, pause }, 'a commit failed and will be tried again');
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  #tell(taken: readonly Taken[], heads: Map<string, number>): void {
    for (const { room } of taken) {
      try {
        room.batchCommitted(heads.get(room.articleId));
      } catch (error) {
        this.#parts.logger.error({ err: error, article: room.articleId }, 'a room failed after its commit');
        room.batchLost(error);
      }
    }
  }
}
