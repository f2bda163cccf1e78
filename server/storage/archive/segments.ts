// A stretch of history in one piece: rows of the log, in their order, of which those that follow one another and are of the
// same person and minute have become one. Rows of others in between keep them apart, so the order between people is never
// lost and every beginning of a history is a document that once was. Pure.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

const MINUTE_MS = 60_000;

/** A row of the log as it was appended. */
export interface Row {
  seq: number;
  personId: string | null;
  /** Epoch ms. */
  at: number;
  /** Yjs update, V1. */
  data: Uint8Array;
}

/** Rows `from` to `to` as one: who, from when until when, and what. */
export interface Part {
  from: number;
  to: number;
  personId: string | null;
  at: number;
  until: number;
  update: Uint8Array;
}

/** `rows` are consecutive, oldest first. No part reaches over a number in `cuts`: somebody refers to the document as of that row. */
export function mergeRows(rows: readonly Row[], cuts: ReadonlySet<number>): Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < rows.length; ) {
    const first = rows[start]!;
    let end = start + 1;
    while (end < rows.length && belongsWith(first, rows[end]!) && !cuts.has(rows[end - 1]!.seq)) end += 1;
    const run = rows.slice(start, end);
    const last = run[run.length - 1]!;
    parts.push({
      from: first.seq,
      to: last.seq,
      personId: first.personId,
      at: first.at,
      until: last.at,
      update: run.length === 1 ? first.data : Y.mergeUpdates(run.map((row) => row.data)),
    });
    start = end;
  }
  return parts;
}

function belongsWith(first: Row, row: Row): boolean {
  return row.personId === first.personId && Math.floor(row.at / MINUTE_MS) === Math.floor(first.at / MINUTE_MS);
}

/**
 * varUint number of people, each a varString; varUint number of parts, each: varUint from, varUint to - from, varUint person
 * (0: the server, else 1 + index), varInt at - at of the part before, varInt until - at, varUint8Array update.
 */
export function writeParts(parts: readonly Part[]): Uint8Array {
  const people = [...new Set(parts.flatMap(({ personId }) => personId ?? []))];
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, people.length);
  for (const person of people) encoding.writeVarString(encoder, person);
  encoding.writeVarUint(encoder, parts.length);
  let before = 0;
  for (const { from, to, personId, at, until, update } of parts) {
    encoding.writeVarUint(encoder, from);
    encoding.writeVarUint(encoder, to - from);
    encoding.writeVarUint(encoder, personId === null ? 0 : 1 + people.indexOf(personId));
    encoding.writeVarInt(encoder, at - before);
    encoding.writeVarInt(encoder, until - at);
    encoding.writeVarUint8Array(encoder, update);
    before = at;
  }
  return encoding.toUint8Array(encoder);
}

/** Throws if the bytes are not what `writeParts` wrote. */
export function readParts(bytes: Uint8Array): Part[] {
  const decoder = decoding.createDecoder(bytes);
  const people: string[] = [];
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) people.push(decoding.readVarString(decoder));
  const parts: Part[] = [];
  let before = 0;
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
    const from = decoding.readVarUint(decoder);
    const to = from + decoding.readVarUint(decoder);
    const person = decoding.readVarUint(decoder);
    const personId = person === 0 ? null : people[person - 1];
    if (personId === undefined) throw new Error('a part of nobody');
    const at = before + decoding.readVarInt(decoder);
    const until = at + decoding.readVarInt(decoder);
    parts.push({ from, to, personId, at, until, update: decoding.readVarUint8Array(decoder) });
    before = at;
  }
  if (decoding.hasContent(decoder)) throw new Error('bytes after the last part');
  return parts;
}
