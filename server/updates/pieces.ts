// Cuts what is stored of an article into pieces of bounded size, without building a document: structs are copied as they are,
// so nothing is encoded anew. It knows Yjs's V1 format through the guard's decoder, and neither rooms nor storage.
import * as encoding from 'lib0/encoding';
import { type DeleteRange, decodeUpdate, type Id, type Struct } from './decode.ts';
import { Malformed } from './reader.ts';

/** A frame of the first state: small enough that a slow network shows progress. */
export const PIECE_BYTES = 256 * 1024;
/** Structs of a piece, so that whoever applies it does not hold up others for long: single letters are small, but as dear. */
const PIECE_STRUCTS = 4_096;
/** A state so small is a piece as it is: there is nothing to be looked at. */
const SMALL_BYTES = 32 * 1024;
/** Structs that are looked at in one turn of the event loop: about a millisecond. */
const STRUCTS_A_TURN = 8_192;
/** A delete range takes at most so many bytes, its client id included. */
const RANGE_BYTES = 20;
/** What a client id's group costs besides its structs. */
const GROUP_BYTES = 20;

/**
 * Updates (V1) that, applied in order, say what `updates` say together; none of them is left waiting for a later one. Each has
 * `maxBytes` at most, unless a single struct has more; without a bound there is one. Lets others have their turn between
 * steps (`breathe`). What cannot be cut (it has a gap, or the decoder does not know it) comes back as it is.
 */
export async function cutIntoPieces(
  updates: readonly Uint8Array[],
  maxBytes: number,
  breathe: () => Promise<void>,
): Promise<Uint8Array[]> {
  if (updates.length === 1 && updates[0]!.length <= Math.min(SMALL_BYTES, maxBytes)) return [...updates];
  try {
    const source = new Source();
    let looked = 0;
    for (const bytes of updates) {
      looked += source.add(bytes);
      if (looked < STRUCTS_A_TURN) continue;
      looked = 0;
      await breathe();
    }
    source.arrange();
    const pieces: Uint8Array[] = [];
    for (const step of source.cut(maxBytes)) {
      if (step !== null) pieces.push(step);
      else await breathe();
    }
    return pieces;
  } catch (error) {
    if (error instanceof Malformed) return [...updates];
    throw error;
  }
}

/** Lets everybody else have their turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Consecutive structs of one client id in one update. */
interface Segment {
  readonly bytes: Uint8Array;
  readonly structs: readonly Struct[];
  readonly end: number;
}

/** The structs of one client id, oldest first, and how far they have been passed on. */
class Queue {
  readonly client: number;
  readonly segments: Segment[] = [];
  #segment = 0;
  #struct = 0;
  /** Everything before this clock has been passed on. */
  clock = 0;

  constructor(client: number) {
    this.client = client;
  }

  /** Puts the segments in order. Throws Malformed if they overlap or leave a gap. */
  arrange(): void {
    this.segments.sort((one, other) => one.structs[0]!.id.clock - other.structs[0]!.id.clock);
    let expected = 0;
    for (const { structs } of this.segments) {
      if (structs[0]!.id.clock !== expected) throw new Malformed('updates that do not join');
      const last = structs[structs.length - 1]!;
      expected = last.id.clock + last.length;
    }
  }

  get next(): Struct | null {
    return this.segments[this.#segment]?.structs[this.#struct] ?? null;
  }

  get bytesOfNext(): number {
    const { structs, end } = this.segments[this.#segment]!;
    return (structs[this.#struct + 1]?.start ?? end) - structs[this.#struct]!.start;
  }

  /** Passes the next struct on; answers where it lies. */
  take(): { bytes: Uint8Array; start: number; end: number } {
    const { bytes, structs, end } = this.segments[this.#segment]!;
    const struct = structs[this.#struct]!;
    this.#struct += 1;
    const following = structs[this.#struct];
    if (following === undefined) {
      this.#segment += 1;
      this.#struct = 0;
    }
    this.clock = struct.id.clock + struct.length;
    return { bytes, start: struct.start, end: following?.start ?? end };
  }
}

class Source {
  readonly #queues = new Map<number, Queue>();
  readonly #deletes: DeleteRange[] = [];

  /** Answers how many structs it holds. */
  add(bytes: Uint8Array): number {
    const { clients, deletes } = decodeUpdate(bytes);
    let count = 0;
    for (const { client, structs, end } of clients) {
      const queue = this.#queues.get(client) ?? new Queue(client);
      this.#queues.set(client, queue);
      queue.segments.push({ bytes, structs, end });
      count += structs.length;
    }
    for (const range of deletes) this.#deletes.push(range);
    return count;
  }

  arrange(): void {
    for (const queue of this.#queues.values()) queue.arrange();
  }

  /** The pieces in order; null now and then, where others may have their turn. */
  *cut(maxBytes: number): Generator<Uint8Array | null> {
    let piece = new Piece();
    let looked = 0;
    const isBounded = maxBytes < Number.POSITIVE_INFINITY;
    for (const queue of isBounded ? this.#inOrder() : this.#oneByOne()) {
      const isFull =
        piece.bytes + GROUP_BYTES + queue.bytesOfNext > maxBytes || (isBounded && piece.structs >= PIECE_STRUCTS);
      if (isFull && !piece.isEmpty) {
        yield piece.encode([]);
        piece = new Piece();
      }
      piece.add(queue);
      looked += 1;
      if (looked % STRUCTS_A_TURN === 0) yield null;
    }
    const deletes = byClient(this.#deletes);
    const fitting = Math.max(1, Math.floor((maxBytes - GROUP_BYTES) / RANGE_BYTES));
    const rest = Math.max(0, Math.floor((maxBytes - piece.bytes) / RANGE_BYTES));
    if (!piece.isEmpty || deletes.length === 0) yield piece.encode(deletes.slice(0, rest));
    for (let from = piece.isEmpty ? 0 : rest; from < deletes.length; from += fitting) {
      yield new Piece().encode(deletes.slice(from, from + fitting));
    }
  }

  /** Queues, each as often as it has structs: within one update any order will do. */
  *#oneByOne(): Generator<Queue> {
    for (const queue of this.#queues.values()) while (queue.next !== null) yield queue;
  }

  /** Queues, each time one whose next struct builds upon nothing that has not been passed on. */
  *#inOrder(): Generator<Queue> {
    for (const first of this.#queues.values()) {
      const stack = [{ queue: first, until: Number.POSITIVE_INFINITY }];
      while (stack.length > 0) {
        const { queue, until } = stack[stack.length - 1]!;
        const struct = queue.clock < until ? queue.next : null;
        if (struct === null) {
          if (until !== Number.POSITIVE_INFINITY && queue.clock < until) throw new Malformed('builds upon nothing');
          stack.pop();
          continue;
        }
        const needed = this.#missing(struct);
        if (needed === null) yield queue;
        else if (stack.length > this.#queues.size) throw new Malformed('structs that need one another');
        else stack.push(needed);
      }
    }
  }

  #missing({ origin, rightOrigin, parent }: Struct): { queue: Queue; until: number } | null {
    return this.#missingAt(origin) ?? this.#missingAt(rightOrigin) ?? this.#missingAt(parent);
  }

  /** What is named is an id, or (a top-level type) a name, which needs nothing. */
  #missingAt(named: Id | string | null): { queue: Queue; until: number } | null {
    if (named === null || typeof named === 'string') return null;
    const queue = this.#queues.get(named.client);
    if (!queue) throw new Malformed('builds upon nothing');
    return queue.clock > named.clock ? null : { queue, until: named.clock + 1 };
  }
}

interface Group {
  readonly client: number;
  readonly clock: number;
  count: number;
  readonly slices: { readonly bytes: Uint8Array; readonly start: number; end: number }[];
}

/** One piece as it grows. */
class Piece {
  readonly #groups = new Map<number, Group>();
  bytes = 1;
  structs = 0;

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** Takes the next struct of `queue`. */
  add(queue: Queue): void {
    const { clock } = queue;
    const { bytes, start, end } = queue.take();
    this.bytes += end - start;
    this.structs += 1;
    let group = this.#groups.get(queue.client);
    if (!group) {
      group = { client: queue.client, clock, count: 0, slices: [] };
      this.#groups.set(queue.client, group);
      this.bytes += GROUP_BYTES;
    }
    group.count += 1;
    const last = group.slices[group.slices.length - 1];
    if (last?.bytes === bytes && last.end === start) last.end = end;
    else group.slices.push({ bytes, start, end });
  }

  /** As a V1 update; `deletes` are grouped by client id. */
  encode(deletes: readonly DeleteRange[]): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, this.#groups.size);
    for (const { client, clock, count, slices } of this.#groups.values()) {
      encoding.writeVarUint(encoder, count);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      for (const { bytes, start, end } of slices) encoding.writeUint8Array(encoder, bytes.subarray(start, end));
    }
    writeDeletes(encoder, deletes);
    return encoding.toUint8Array(encoder);
  }
}

function byClient(deletes: readonly DeleteRange[]): DeleteRange[] {
  return [...deletes].sort((one, other) => one.client - other.client || one.clock - other.clock);
}

function writeDeletes(encoder: encoding.Encoder, deletes: readonly DeleteRange[]): void {
  let clients = 0;
  for (const [index, { client }] of deletes.entries()) if (client !== deletes[index - 1]?.client) clients += 1;
  encoding.writeVarUint(encoder, clients);
  for (let from = 0; from < deletes.length; ) {
    const { client } = deletes[from]!;
    let end = from + 1;
    while (end < deletes.length && deletes[end]!.client === client) end += 1;
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, end - from);
    for (; from < end; from += 1) {
      encoding.writeVarUint(encoder, deletes[from]!.clock);
      encoding.writeVarUint(encoder, deletes[from]!.length);
    }
  }
}
