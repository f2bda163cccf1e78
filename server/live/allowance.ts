// How much one person may still do: a bucket that refills steadily. Time is an argument, so it can be tested without waiting.

export class Allowance {
  readonly #limit: number;
  readonly #perMs: number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** At most `limit` at once, and `limit` in each `periodMs` on average. */
  constructor(limit: number, periodMs: number) {
    this.#limit = limit;
    this.#perMs = limit / periodMs;
  }

  /** Takes one; 0 if there was one, else the milliseconds to wait. `share`: the part of the limit that counts here. */
  take(key: string, now: number, share = 1): number {
    const limit = Math.max(1, this.#limit * share);
    const before = this.#buckets.get(key) ?? { left: limit, at: now };
    const left = Math.min(limit, before.left + Math.max(0, now - before.at) * this.#perMs * share);
    if (left < 1) {
      this.#buckets.set(key, { left, at: now });
      return (1 - left) / (this.#perMs * share);
    }
    this.#buckets.set(key, { left: left - 1, at: now });
    if (this.#buckets.size > 10_000) this.#forgetFull(now);
    return 0;
  }

  #forgetFull(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.left + (now - bucket.at) * this.#perMs >= this.#limit) this.#buckets.delete(key);
    }
  }
}
