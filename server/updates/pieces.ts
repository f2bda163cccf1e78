// Cuts what is stored of an article into pieces of bounded size, without building a document: structs are copied as they are,
// so nothing is encoded anew. It knows Yjs's V1 format, and neither rooms nor storage.
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

/** What updates say together, in pieces. */
export interface Cut {
  /** Updates (V1) to be applied in this order; none of them is left waiting for a later one. */
  readonly pieces: Uint8Array[];
  /** How far each client id goes after them: a state vector. */
  readonly clocks: Map<number, number>;
  readonly deletes: readonly DeleteRange[];
}

/** Everything is new to whoever has nothing. */
const NOTHING: ReadonlyMap<number, number> = new Map();

/**
 * `updates` in pieces of `maxBytes` at most, unless a single struct has more; without a bound there is one. `base`: what whoever
 * applies them has already, of which nothing is in them. Lets others have their turn between steps (`breathe`). Throws Malformed
 * if they cannot be cut: something is missing or there twice, or the decoder does not know it.
 */
export async function cut(
  updates: readonly Uint8Array[],
  maxBytes: number,
  breathe: () => Promise<void>,
  base = NOTHING,
): Promise<Cut> {
  const source = new Source(base);
  let looked = 0;
  for (const bytes of updates) {
    looked += source.add(bytes);
    if (looked < STRUCTS_A_TURN) continue;
    looked = 0;
    await breathe();
  }
  const pieces: Uint8Array[] = [];
  for (const step of source.cut(maxBytes)) {
    if (step !== null) pieces.push(step);
    else await breathe();
  }
  return { pieces, clocks: source.clocks(), deletes: source.deletes };
}

/** As `cut`, for one update, here and now: what it says must not change meanwhile. */
export function cutHere(update: Uint8Array, maxBytes: number, base = NOTHING): Uint8Array[] {
  const source = new Source(base);
  source.add(update);
  return [...source.cut(maxBytes)].filter((step) => step !== null);
}

/** As `cut`; what cannot be cut comes back as it is, so that whoever applies it finds the fault. */
export async function cutIntoPieces(
  updates: readonly Uint8Array[],
  maxBytes: number,
  breathe: () => Promise<void>,
): Promise<Uint8Array[]> {
  if (updates.length === 1 && updates[0]!.length <= Math.min(SMALL_BYTES, maxBytes)) return [...updates];
  try {
    return (await cut(updates, maxBytes, breathe)).pieces;
  } catch (error) {
    if (error instanceof Malformed) return [...updates];
    throw error;
  }
}

/** Consecutive structs of one client id within one update. */
export interface Run {
  readonly client: number;
  /** Of the first. */
  readonly clock: number;
  readonly count: number;
  /** Where they lie in the bytes. */
  readonly start: number;
  readonly end: number;
}

/** Where one update, given its bytes, would be cut: the runs of each piece, without deletions. Throws Malformed. */
export function runsOf(update: Uint8Array, maxBytes: number): Run[][] {
  const source = new Source(NOTHING);
  source.add(update);
  const pieces: Run[][] = [];
  for (const piece of source.structPieces(maxBytes)) if (piece !== null) pieces.push(piece.runs());
  return pieces;
}

/** Deletions as updates without structs, of bounded size. */
export function deletionPieces(deletes: readonly DeleteRange[], maxBytes: number): Uint8Array[] {
  const sorted = byClient(deletes);
  const fitting = Math.max(1, Math.floor((maxBytes - GROUP_BYTES) / RANGE_BYTES));
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < sorted.length; from += fitting) {
    pieces.push(new Piece().encode(sorted.slice(from, from + fitting)));
  }
  return pieces;
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
  /** Everything before this clock is there, or has been passed on. */
  clock: number;

  constructor(client: number, clock: number) {
    this.client = client;
    this.clock = clock;
  }

  /** Puts the segments in order. Throws Malformed if they overlap or leave a gap. */
  arrange(): void {
    this.segments.sort((one, other) => one.structs[0]!.id.clock - other.structs[0]!.id.clock);
    let expected = this.clock;
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
  readonly deletes: DeleteRange[] = [];
  readonly #base: ReadonlyMap<number, number>;
  readonly #queues = new Map<number, Queue>();

  constructor(base: ReadonlyMap<number, number>) {
    this.#base = base;
  }

  /** Answers how many structs it holds. */
  add(bytes: Uint8Array): number {
    const { clients, deletes } = decodeUpdate(bytes);
    let count = 0;
    for (const { client, structs, end } of clients) {
      const queue = this.#queues.get(client) ?? new Queue(client, this.#base.get(client) ?? 0);
      this.#queues.set(client, queue);
      queue.segments.push({ bytes, structs, end });
      count += structs.length;
    }
    for (const range of deletes) this.deletes.push(range);
    return count;
  }

  /** How far each client id goes, as far as has been passed on. */
  clocks(): Map<number, number> {
    const clocks = new Map(this.#base);
    for (const { client, clock } of this.#queues.values()) clocks.set(client, clock);
    return clocks;
  }

  /** The pieces in order; null now and then, where others may have their turn. */
  *cut(maxBytes: number): Generator<Uint8Array | null> {
    let last = new Piece();
    for (const piece of this.structPieces(maxBytes)) {
      if (piece !== null) {
        if (!last.isEmpty) yield last.encode([]);
        last = piece;
      } else yield null;
    }
    this.#requireDeleted();
    const deletes = byClient(this.deletes);
    const rest = last.isEmpty ? 0 : Math.max(0, Math.floor((maxBytes - last.bytes) / RANGE_BYTES));
    if (!last.isEmpty || deletes.length === 0) yield last.encode(deletes.slice(0, rest));
    yield* deletionPieces(deletes.slice(rest), maxBytes);
  }

  /** The structs in pieces, without deletions. Throws Malformed. */
  *structPieces(maxBytes: number): Generator<Piece | null> {
    for (const queue of this.#queues.values()) queue.arrange();
    let piece = new Piece();
    let looked = 0;
    const isBounded = maxBytes < Number.POSITIVE_INFINITY;
    for (const queue of isBounded ? this.#inOrder() : this.#oneByOne()) {
      const isFull =
        piece.bytes + GROUP_BYTES + queue.bytesOfNext > maxBytes || (isBounded && piece.structs >= PIECE_STRUCTS);
      if (isFull && !piece.isEmpty) {
        yield piece;
        piece = new Piece();
      }
      piece.add(queue);
      looked += 1;
      if (looked % STRUCTS_A_TURN === 0) yield null;
    }
    if (!piece.isEmpty) yield piece;
  }

  /** What is deleted has to be there: otherwise the deletion would wait for it. */
  #requireDeleted(): void {
    for (const { client, clock, length } of this.deletes) {
      if (clock + length > this.#clockOf(client)) throw new Malformed('deletes what is not there');
    }
  }

  #clockOf(client: number): number {
    return this.#queues.get(client)?.clock ?? this.#base.get(client) ?? 0;
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
    if (this.#clockOf(named.client) > named.clock) return null;
    const queue = this.#queues.get(named.client);
    if (!queue) throw new Malformed('builds upon nothing');
    return { queue, until: named.clock + 1 };
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

  /** Where its structs lie, if all are out of one update. */
  runs(): Run[] {
    return [...this.#groups.values()].map(({ client, clock, count, slices }) => {
      const [slice] = slices;
      if (slice === undefined || slices.length > 1) throw new Malformed('structs in more than one place');
      return { client, clock, count, start: slice.start, end: slice.end };
    });
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
