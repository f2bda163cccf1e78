// How much one connection, and one person over all of their connections, may send: buckets of tokens, so many a second on
// average, so many at once. No timers: buckets look at the time when they are asked.

/** Whoever pays from it may be told that there is not enough. */
export interface Budget {
  /** Takes `cost` tokens; false if there are not so many. */
  take(cost: number): boolean;
}

export interface Rate {
  perSecond: number;
  burst: number;
}

const ALL_OF_IT = () => 1;

export class RateLimit implements Budget {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #share: () => number;
  #tokens: number;
  #at: number;

  /** `share`: the part of the rate that counts now. */
  constructor(rate: Rate, now: () => number, share: () => number = ALL_OF_IT) {
    this.#rate = rate;
    this.#now = now;
    this.#share = share;
    this.#tokens = rate.burst;
    this.#at = now();
  }

  take(cost: number): boolean {
    this.#fill();
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** As good as new. */
  get isFull(): boolean {
    this.#fill();
    return this.#tokens >= this.#rate.burst * this.#share();
  }

  #fill(): void {
    const now = this.#now();
    const share = this.#share();
    const earned = ((now - this.#at) / 1000) * this.#rate.perSecond * share;
    this.#tokens = Math.min(this.#rate.burst * share, this.#tokens + earned);
    this.#at = now;
  }
}

/** The budgets of all who are connected, and of those who were a moment ago: to reconnect does not fill a bucket. */
export class PersonBudgets {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #share: () => number;
  readonly #buckets = new Map<string, RateLimit>();

  constructor(rate: Rate, now: () => number, share: () => number = () => 1) {
    this.#rate = rate;
    this.#now = now;
    this.#share = share;
  }

  /** People who have spent something. */
  get size(): number {
    return this.#buckets.size;
  }

  /** The budget of one connection of this person: its own, within what all of theirs share. */
  forConnection(personId: string, own: Rate): Budget {
    return new ConnectionBudget(new RateLimit(own, this.#now), personId, this);
  }

  /** Takes from what all connections of this person share. */
  takeOf(personId: string, cost: number): boolean {
    return this.#of(personId).take(cost);
  }

  /** Forgets whoever has not been asking for long. Called from time to time. */
  sweep(): void {
    for (const [personId, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(personId);
  }

  #of(personId: string): RateLimit {
    const known = this.#buckets.get(personId);
    if (known) return known;
    const bucket = new RateLimit(this.#rate, this.#now, this.#share);
    this.#buckets.set(personId, bucket);
    return bucket;
  }
}

/** A class, not an object of closures: thousands of idle connections each hold one. */
class ConnectionBudget implements Budget {
  readonly #own: RateLimit;
  readonly #personId: string;
  readonly #people: PersonBudgets;

  constructor(own: RateLimit, personId: string, people: PersonBudgets) {
    this.#own = own;
    this.#personId = personId;
    this.#people = people;
  }

  take(cost: number): boolean {
    return this.#own.take(cost) && this.#people.takeOf(this.#personId, cost);
  }
}
