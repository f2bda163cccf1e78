// When a thread that has died is started again: at once after a first death, then after pauses that double, up to a bound. It
// knows numbers only.

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Whoever worked this long had not died of what killed them before. */
const STEADY_MS = 60_000;
/** So many starts in a row that came to nothing (three seconds, and what they took) mean that it does not help to wait. */
const HOPELESS_STARTS = 6;

export class Revival {
  #deaths = 0;
  #failedStarts = 0;
  #upSince: number | null = null;

  /** The thread works. `now`: ms of a steady clock, as always here. */
  started(now: number): void {
    this.#upSince = now;
    this.#failedStarts = 0;
  }

  /** The thread has died, or could not start. Answers with the ms to wait before it is started again. */
  died(now: number): number {
    if (this.#upSince === null) this.#failedStarts += 1;
    else if (now - this.#upSince >= STEADY_MS) this.#deaths = 0;
    this.#upSince = null;
    this.#deaths += 1;
    return this.#deaths === 1 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (this.#deaths - 2), LONGEST_PAUSE_MS);
  }

  /** It could not be started for so long that only somebody from outside may help. */
  get isHopeless(): boolean {
    return this.#failedStarts >= HOPELESS_STARTS;
  }
}
