// How a room follows the log that other processes write too: rows come as news, in order or not at all, and what was missed is
// read from the log. It knows numbers of rows and where to read them; what a row does to the document is the room's business.
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { UpdateLog } from '../storage/types.ts';
import type { PeerRows } from './peers.ts';
import type { RememberedRow } from './remembered.ts';

export interface FollowingParts {
  articleId: string;
  log: Pick<UpdateLog, 'rowsAfter' | 'heads' | 'load' | 'clientIds'>;
  epoch: number;
  /** Number of the last row in the document. */
  head: number;
  /** The server that the document was loaded from (Lineage.name). */
  server: string;
  /** Puts committed rows into the document and tells everybody here. `owners`: all that are known, and perhaps new. */
  apply(rows: readonly Pick<RememberedRow, 'personId' | 'update'>[], owners: RememberedRow['owners']): void;
  /** The history that the room is of is no longer the article's, or lacks what the room has. */
  replaced(why: KopuroError): void;
  /** Catching up failed; it will be tried again. */
  failed(error: unknown): void;
}

export class Following {
  readonly #parts: FollowingParts;
  #head: number;
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #ended = false;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
    this.#head = parts.head;
  }

  get head(): number {
    return this.#head;
  }

  /** This process has appended rows up to `head`, which the document holds. */
  appended(head: number): void {
    this.#head = Math.max(this.#head, head);
  }

  /** Another process says that it has. */
  heard({ epoch, from, to, update, owners, personId, server }: PeerRows): void {
    // Numbers of another server's log may be other rows.
    const isOurs = epoch === this.#parts.epoch && server === this.#parts.server;
    if (this.#ended || (isOurs && to <= this.#head)) return;
    if (isOurs && from <= this.#head + 1) {
      this.#head = to;
      this.#parts.apply([{ personId, update }], owners);
    } else {
      this.lookLater();
    }
  }

  /** The log was asked, when the document held row `known`, and is said to be at `head`. */
  lookIfBehind(at: { head: number; epoch: number } | undefined, known: number): void {
    if (at === undefined) this.#parts.replaced(new KopuroError('article-not-found'));
    else if (at.epoch !== this.#parts.epoch) this.#parts.replaced(new KopuroError('shutting-down'));
    // What the document was made from is not there: whatever is built upon it would leave a hole.
    else if (at.head < known) this.#parts.replaced(new KopuroError('not-saved'));
    else if (at.head > this.#head) this.lookLater();
  }

  lookLater(): void {
    this.catchUp().catch((error: unknown) => this.#parts.failed(error));
  }

  /** Resolves when the document holds everything that was in the log when this was called. */
  catchUp(): Promise<void> {
    // What is under way may have looked too early for whoever asks now.
    this.#next ??= (this.#underWay ?? Promise.resolve())
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.#underWay = this.#read().finally(() => {
          this.#underWay = null;
        });
        return this.#underWay;
      });
    return this.#next;
  }

  end(): void {
    this.#ended = true;
  }

  async #read(): Promise<void> {
    const { articleId, log, epoch } = this.#parts;
    const known = this.#head;
    const at = (await log.heads([articleId])).get(articleId);
    if (this.#ended) return;
    if (at === undefined || at.epoch !== epoch || at.head < known) {
      this.lookIfBehind(at, known);
      return;
    }
    if (at.head <= this.#head) return;
    const [rows, owners] = await Promise.all([log.rowsAfter(articleId, this.#head), log.clientIds(articleId)]);
    if (this.#ended) return;
    if (rows === null) {
      await this.#readAnew(owners);
      return;
    }
    // News may have come while we read.
    const missing = rows.filter(({ seq }) => seq > this.#head);
    if (missing.length === 0) return;
    this.#head = missing[missing.length - 1]!.seq;
    this.#parts.apply(missing, [...owners]);
  }

  /** What was missed is history by now: the state holds it. */
  async #readAnew(owners: Map<number, string>): Promise<void> {
    const stored = await this.#parts.log.load(this.#parts.articleId);
    if (this.#ended || stored === null || stored.head <= this.#head) return;
    this.#head = stored.head;
    const updates = stored.state ? [stored.state, ...stored.tail] : stored.tail;
    this.#parts.apply(
      updates.map((update) => ({ personId: null, update })),
      [...owners],
    );
  }
}
