// Whether somebody is still at the other end. A closed socket says so itself; a pulled cable or a frozen process does not.
// It owns no timer: whoever sweeps asks.

export type Life = 'alive' | 'ask' | 'gone';

export class Liveness {
  readonly #patienceMs: number;
  readonly #now: () => number;
  #heardAt: number;
  #askedAt: number | null = null;
  #overdue = false;

  /** `silentMs`: after about so long without a sign of life somebody is gone; after half of it they are asked for one. */
  constructor(silentMs: number, now: () => number) {
    this.#patienceMs = silentMs / 2;
    this.#now = now;
    this.#heardAt = now();
  }

  /** Something came, if only the answer to a question. */
  heard(): void {
    this.#heardAt = this.#now();
    this.#askedAt = null;
    this.#overdue = false;
  }

  /**
   * `ask`: a sign of life should be asked for. Nobody is gone without having been asked, and not at the first look after their
   * time is over: when this process was stopped, or the clock was set, their answer may be here and not read yet.
   */
  look(): Life {
    const now = this.#now();
    if (this.#askedAt === null) {
      if (now - this.#heardAt < this.#patienceMs) return 'alive';
      this.#askedAt = now;
      return 'ask';
    }
    if (now - this.#askedAt < this.#patienceMs) return 'alive';
    if (this.#overdue) return 'gone';
    this.#overdue = true;
    return 'alive';
  }
}
