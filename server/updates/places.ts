// Where a stored state may be cut into pieces, found out when it is stored, so that it can be sent without being read: a piece is
// a few runs of its bytes, each with a header. It knows Yjs's V1 format, and nothing of where states lie.
//
//   places = where the deletions begin: varUint, pieces: varUint, { runs: varUint, { run } }
//   run    = client: varUint, clock of its first struct: varUint, structs: varUint, start: varUint, bytes: varUint
import * as encoding from 'lib0/encoding';
import { type DeleteRange, decodeUpdate } from './decode.ts';
import { deletionPieces, PIECE_BYTES, type Run, runsOf } from './pieces.ts';
import { BoundedReader, Malformed } from './reader.ts';

/** What is shorter is a piece as it is. */
const SHORT_BYTES = 32 * 1024;

/** A state in the pieces that a newcomer gets. */
export interface Placed {
  /** V1 updates, to be applied in this order. */
  readonly pieces: Uint8Array[];
  /** Those of them that hold deletions, and nothing else. */
  readonly deletions: readonly Uint8Array[];
}

/** Null if the state is one piece as it is, or cannot be cut. */
export function placesOf(state: Uint8Array, maxBytes = PIECE_BYTES): Uint8Array | null {
  if (state.length <= Math.min(SHORT_BYTES, maxBytes)) return null;
  let pieces: Run[][];
  try {
    pieces = runsOf(state, maxBytes);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
  let deletesFrom = 1;
  for (const runs of pieces) for (const { end } of runs) deletesFrom = Math.max(deletesFrom, end);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, deletesFrom);
  encoding.writeVarUint(encoder, pieces.length);
  for (const runs of pieces) {
    encoding.writeVarUint(encoder, runs.length);
    for (const { client, clock, count, start, end } of runs) {
      for (const number of [client, clock, count, start, end - start]) encoding.writeVarUint(encoder, number);
    }
  }
  return encoding.toUint8Array(encoder);
}

/** The pieces of `state`. Throws Malformed if the places are not its own. */
export function piecesAt(state: Uint8Array, places: Uint8Array, maxBytes = PIECE_BYTES): Placed {
  const reader = new BoundedReader(places);
  const deletesFrom = reader.uint(state.length - 1);
  const pieces: Uint8Array[] = [];
  for (let rest = reader.count(); rest > 0; rest -= 1) {
    const runs = reader.count();
    const parts = [numbers(runs)];
    for (let left = runs; left > 0; left -= 1) {
      const [client, clock, count] = [readNumber(reader), readNumber(reader), readNumber(reader)];
      const start = reader.uint(deletesFrom);
      const end = start + reader.uint(deletesFrom - start);
      parts.push(numbers(count, client, clock), state.subarray(start, end));
    }
    parts.push(numbers(0)); // deletions come at the end
    pieces.push(joined(parts));
  }
  if (reader.left > 0) throw new Malformed('bytes after the last place');
  const deletions = deletionsAt(state.subarray(deletesFrom), maxBytes);
  return { pieces: [...pieces, ...deletions], deletions };
}

/** What updates delete, those of which nothing else is known included. Throws Malformed. */
export function deletesOf(updates: readonly Uint8Array[]): DeleteRange[] {
  return updates.flatMap((update) => [...decodeUpdate(update).deletes]);
}

function deletionsAt(section: Uint8Array, maxBytes: number): Uint8Array[] {
  if (section.length === 1) return [];
  const update = new Uint8Array(1 + section.length);
  update.set(section, 1); // no structs, then the section as it is
  return update.length <= maxBytes ? [update] : deletionPieces(deletesOf([update]), maxBytes);
}

/** Each byte is copied once. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function numbers(...values: readonly number[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of values) encoding.writeVarUint(encoder, value);
  return encoding.toUint8Array(encoder);
}

function readNumber(reader: BoundedReader): number {
  return reader.uint(Number.MAX_SAFE_INTEGER);
}
