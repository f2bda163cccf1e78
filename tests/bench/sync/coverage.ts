// What of the writers' updates a reader has received, told from the bytes alone: for each writer's Yjs client id, how far its
// clock is known without a gap. Readers get the same bytes, so what a message holds is worked out once for all of them.
import * as Y from 'yjs';

interface Range {
  client: number;
  from: number;
  to: number;
}

/** Longer messages are not kept to be recognised. */
const LONGEST_KEPT = 16 * 1024;

export class Reading {
  readonly #known = new Map<string, readonly Range[]>();

  ranges(update: Uint8Array): readonly Range[] {
    if (update.length > LONGEST_KEPT) return rangesOf(update);
    const key = (update as Buffer).toString('latin1');
    let ranges = this.#known.get(key);
    if (ranges === undefined) {
      ranges = rangesOf(update);
      this.#known.set(key, ranges);
    }
    return ranges;
  }
}

/** Structs of an update that hold something, joined where they follow each other. */
function rangesOf(update: Uint8Array): Range[] {
  const ranges: Range[] = [];
  for (const struct of Y.decodeUpdate(update).structs) {
    if (struct instanceof Y.Skip) continue;
    const { client, clock } = struct.id;
    const last = ranges[ranges.length - 1];
    if (last?.client === client && last.to === clock) last.to += struct.length;
    else ranges.push({ client, from: clock, to: clock + struct.length });
  }
  return ranges;
}

export class Coverage {
  readonly #reading: Reading;
  readonly #clocks: Map<number, number>;

  /** Follows these clients, which have written nothing yet. */
  constructor(reading: Reading, clients: Iterable<number>) {
    this.#reading = reading;
    this.#clocks = new Map([...clients].map((client) => [client, 0]));
  }

  /** Takes a message in; `told` hears of each stretch that is new. What follows a gap is not counted: it was not delivered. */
  take(update: Uint8Array, told?: (client: number, from: number, to: number) => void): void {
    for (const { client, from, to } of this.#reading.ranges(update)) {
      const have = this.#clocks.get(client);
      if (have === undefined || from > have || to <= have) continue;
      this.#clocks.set(client, to);
      told?.(client, have, to);
    }
  }

  clock(client: number): number {
    return this.#clocks.get(client) ?? 0;
  }
}
