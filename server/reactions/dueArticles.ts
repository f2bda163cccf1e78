// When the desk's figures of an article are due: soon after what somebody did to it on purpose, later while it is being typed
// in. Pure bookkeeping of moments on one clock, in milliseconds; what is done then is summaries.ts.

export interface Pace {
  /** From a command, and from the last key of several, to the figures. */
  soonMs: number;
  /** From the first key, however many follow. */
  typingMs: number;
}

interface Due<T> {
  readonly what: T;
  /** The figures wait no longer than this. */
  latest: number;
  /** Nor longer than this if nothing more is typed. */
  rested: number;
}

export class DueArticles<T> {
  readonly #pace: Pace;
  /** In the order of their first change. */
  readonly #waiting = new Map<string, Due<T>>();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The article has changed; `what` stands for it from now on. */
  changed(articleId: string, what: T, at: number, kind: 'typed' | 'command'): void {
    const { soonMs, typingMs } = this.#pace;
    const latest = at + (kind === 'typed' ? typingMs : soonMs);
    const known = this.#waiting.get(articleId);
    if (known?.what === what) {
      known.rested = at + soonMs;
      known.latest = Math.min(known.latest, latest);
    } else {
      this.#waiting.delete(articleId);
      this.#waiting.set(articleId, { what, latest, rested: at + soonMs });
    }
  }

  /** Waits no longer; null if it did not. */
  take(articleId: string): T | null {
    const known = this.#waiting.get(articleId);
    this.#waiting.delete(articleId);
    return known?.what ?? null;
  }

  /** Takes the ones that are due, those that have waited longest first, for as long as the caller goes on asking. */
  *takeDue(at: number): Generator<T> {
    for (const [articleId, { what, latest, rested }] of this.#waiting) {
      if (at < latest && at < rested) continue;
      this.#waiting.delete(articleId);
      yield what;
    }
  }

  takeAll(): T[] {
    const all = [...this.#waiting.values()].map(({ what }) => what);
    this.#waiting.clear();
    return all;
  }
}
