// Whether somebody is still at the other end. A closed socket says so itself; a pulled cable or a frozen process does not.
// It owns no timer: whoever sweeps asks.

export type Life = 'alive' | 'ask' | 'gone';

export class Liveness {
  readonly #silentMs: number;
  readonly #now: () => number;
  #heardAt: number;
  #asked = false;

  constructor(silentMs: number, now: () => number) {
    this.#silentMs = silentMs;
    this.#now = now;
    this.#heardAt = now();
  }

  /** Something came, if only the answer to a question. */
  heard(): void {
    this.#heardAt = this.#now();
    this.#asked = false;
  }

  /** `ask`: half of the time is over, and a sign of life should be asked for, once. */
  look(): Life {
    const silence = this.#now() - this.#heardAt;
    if (silence >= this.#silentMs) return 'gone';
    if (this.#asked || silence < this.#silentMs / 2) return 'alive';
    this.#asked = true;
    return 'ask';
  }
}
