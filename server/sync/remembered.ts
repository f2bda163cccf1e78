// What this process saw committed of late, whoever wrote it. Storage may turn out to be another server, which lacks the last of
// it; then this is where it still is. Bounded by time and bytes, the oldest goes first, so of each article it holds the newest
// without a gap. It knows neither documents nor storage.

/** A server that takes over lags by seconds at most, or it is no standby. */
const KEEP_MS = 60_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** What a row costs besides its bytes. */
const ROW_BYTES = 200;

/** One row of the log, or several that were merged. */
export interface RememberedRow {
  /** Whose it is; null: the server's own, or of several people. */
  personId: string | null;
  /** V1 update. */
  update: Uint8Array;
  /** Client ids that it uses for the first time, each with the person whose it is. */
  owners: readonly (readonly [client: number, personId: string])[];
}

interface Kept {
  readonly articleId: string;
  readonly epoch: number;
  /** Name of the server that has committed it. */
  readonly server: string;
  readonly row: RememberedRow;
  at: number;
}

export class Remembered {
  readonly #now: () => number;
  readonly #byArticle = new Map<string, Set<Kept>>();
  /** All of them, oldest first. */
  readonly #all = new Set<Kept>();
  #bytes = 0;

  /** `now`: steady, in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(place: { articleId: string; epoch: number; server: string }, rows: readonly RememberedRow[]): void {
    const { articleId, epoch, server } = place;
    const at = this.#now();
    const ofArticle = this.#byArticle.get(articleId) ?? new Set();
    this.#byArticle.set(articleId, ofArticle);
    for (const row of rows) {
      const kept = { articleId, epoch, server, row, at };
      ofArticle.add(kept);
      this.#all.add(kept);
      this.#bytes += sizeOf(kept);
    }
    // Only here, so that nothing is forgotten while nothing can be committed.
    for (const kept of this.#all) {
      if (at - kept.at <= KEEP_MS && this.#bytes <= MOST_BYTES) break;
      this.#forget(kept);
    }
  }

  /** Storage is another server now: what is remembered counts as new. Answers with the articles of which there is something. */
  renew(): string[] {
    const at = this.#now();
    for (const kept of this.#all) kept.at = at;
    return [...this.#byArticle.keys()];
  }

  has(articleId: string): boolean {
    return this.#byArticle.has(articleId);
  }

  /** Rows of this history that were committed by another server than `server`, oldest first. */
  of({ articleId, epoch, server }: { articleId: string; epoch: number; server: string }): RememberedRow[] {
    const kept = [...(this.#byArticle.get(articleId) ?? [])];
    return kept.filter((one) => one.epoch === epoch && one.server !== server).map(({ row }) => row);
  }

  #forget(kept: Kept): void {
    this.#all.delete(kept);
    this.#bytes -= sizeOf(kept);
    const ofArticle = this.#byArticle.get(kept.articleId);
    ofArticle?.delete(kept);
    if (ofArticle?.size === 0) this.#byArticle.delete(kept.articleId);
  }
}

function sizeOf({ row }: Kept): number {
  return row.update.length + ROW_BYTES;
}
