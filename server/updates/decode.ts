// A client's update (Yjs, V1) as a list of what it would do, read to its last byte before anything of it is done. Content is
// checked and measured, not kept. It knows nothing of the document that the update is for.
//
//   update     = clients: varUint, { structs }, deletions
//   structs    = count: varUint, client: varUint, clock of the first: varUint, { struct }
//   struct     = info: byte, [ origin: id ], [ right origin: id ], [ parent ], content
//   deletions  = clients: varUint, { client: varUint, ranges: varUint, { clock: varUint, length: varUint } }
//
// Yjs describes its structs in INTERNALS.md; the bytes are those of `UpdateEncoderV1`, `Item.write`, `GC.write` and the
// `Content…` classes, over lib0's `encoding` (varUint: seven bits a byte, the lowest first).
import { BoundedReader, Malformed } from './reader.ts';

/** Yjs counts characters typed under one client id; nobody types two thousand million. */
export const MAX_CLOCK = 2 ** 31 - 1;
const MAX_CLIENT = 2 ** 32 - 1;
/** Client ids in one update. A returning client brings its own and, at worst, those of everybody it saw. */
const MAX_CLIENTS = 10_000;
const MAX_NAME_BYTES = 1_024;

/** One unit: a character, a value, a type. */
export interface Id {
  readonly client: number;
  readonly clock: number;
}

export type StructKind =
  /** Collected by the client: content and place are gone. */
  'gc' | 'deleted' | 'content' | 'type';

/** A run of units. What it does not name is null. */
export interface Struct {
  /** Of its first unit. */
  readonly id: Id;
  readonly length: number;
  readonly kind: StructKind;
  /** After which unit its author put it. */
  readonly origin: Id | null;
  /** Before which. */
  readonly rightOrigin: Id | null;
  /** Named only by a struct without neighbours: a top-level type by name, any other by the id of what makes it. */
  readonly parent: string | Id | null;
  /** The key of its parent (an attribute, an entry of a map) under which it stands; named beside the parent only. */
  readonly key: string | null;
  /** Where it begins in the bytes. */
  readonly start: number;
}

export interface ClientStructs {
  readonly client: number;
  /** At least one, without gaps. */
  readonly structs: readonly Struct[];
  /** The clock after the last one. */
  readonly endClock: number;
  /** Where the last one ends in the bytes. */
  readonly end: number;
}

export interface DeleteRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

export interface DecodedUpdate {
  readonly clients: readonly ClientStructs[];
  readonly deletes: readonly DeleteRange[];
}

const HAS_ORIGIN = 0b1000_0000;
const HAS_RIGHT_ORIGIN = 0b0100_0000;
const HAS_KEY = 0b0010_0000;
const KIND = 0b0001_1111;

// Kinds, as Yjs numbers them.
const GC = 0;
const DELETED = 1;
const JSON_VALUES = 2; // of old clients
const BINARY = 3;
const STRING = 4;
const EMBED = 5;
const FORMAT = 6;
const TYPE = 7;
const ANY_VALUES = 8;
const SUBDOCUMENT = 9;
const SKIP = 10;

// Types, of which there are seven: these two carry a name.
const LAST_TYPE = 6;
const XML_ELEMENT = 3;
const XML_HOOK = 5;

/** Reads all of `bytes`. Throws Malformed. */
export function decodeUpdate(bytes: Uint8Array): DecodedUpdate {
  const reader = new BoundedReader(bytes);
  const clients: ClientStructs[] = [];
  const clientCount = reader.count();
  if (clientCount > MAX_CLIENTS) throw new Malformed('too many client ids');
  for (let rest = clientCount; rest > 0; rest -= 1) clients.push(readClientStructs(reader));
  if (clientCount > 1) refuseRepetition(clients);
  const deletes = readDeletes(reader);
  if (reader.left > 0) throw new Malformed('bytes after the end');
  return { clients, deletes };
}

function refuseRepetition(clients: readonly ClientStructs[]): void {
  if (new Set(clients.map((group) => group.client)).size < clients.length) {
    throw new Malformed('the same client id twice');
  }
}

function readClientStructs(reader: BoundedReader): ClientStructs {
  const count = reader.count();
  if (count === 0) throw new Malformed('a client id without content');
  const client = reader.uint(MAX_CLIENT);
  let clock = reader.uint(MAX_CLOCK);
  const structs: Struct[] = [];
  for (let rest = count; rest > 0; rest -= 1) {
    const struct = readStruct(reader, { client, clock });
    structs.push(struct);
    clock += struct.length;
    if (clock > MAX_CLOCK) throw new Malformed('clock too large');
  }
  return { client, structs, endClock: clock, end: reader.position };
}

function readStruct(reader: BoundedReader, id: Id): Struct {
  const start = reader.position;
  const info = reader.byte();
  const kind = info & KIND;
  if (kind === GC) {
    if (info !== GC) throw new Malformed('unknown kind of struct');
    const length = readLength(reader);
    return { id, length, kind: 'gc', origin: null, rightOrigin: null, parent: null, key: null, start };
  }
  if (kind === SKIP) throw new Malformed('gap');
  const origin = info & HAS_ORIGIN ? readId(reader) : null;
  const rightOrigin = info & HAS_RIGHT_ORIGIN ? readId(reader) : null;
  let parent: Struct['parent'] = null;
  let key: string | null = null;
  if (origin === null && rightOrigin === null) {
    const isTopLevel = reader.uint(1) === 1;
    parent = isTopLevel ? reader.text(MAX_NAME_BYTES) : readId(reader);
    if (info & HAS_KEY) key = reader.text(MAX_NAME_BYTES);
  }
  const length = readContent(reader, kind);
  return { id, length, kind: kindName(kind), origin, rightOrigin, parent, key, start };
}

function kindName(kind: number): StructKind {
  if (kind === DELETED) return 'deleted';
  return kind === TYPE ? 'type' : 'content';
}

function readId(reader: BoundedReader): Id {
  return { client: reader.uint(MAX_CLIENT), clock: reader.uint(MAX_CLOCK) };
}

function readLength(reader: BoundedReader): number {
  return atLeastOne(reader.uint(MAX_CLOCK));
}

function atLeastOne(length: number): number {
  if (length === 0) throw new Malformed('content of no length');
  return length;
}

/** Passes over content; answers its length in units. */
function readContent(reader: BoundedReader, kind: number): number {
  switch (kind) {
    case DELETED:
      return readLength(reader);
    case JSON_VALUES: {
      const length = atLeastOne(reader.count());
      for (let rest = length; rest > 0; rest -= 1) reader.jsonOrUndefined();
      return length;
    }
    case BINARY:
      reader.skip(reader.count());
      return 1;
    case STRING:
      return atLeastOne(reader.textLength());
    case EMBED:
      reader.json();
      return 1;
    case FORMAT:
      reader.text(MAX_NAME_BYTES);
      reader.json();
      return 1;
    case TYPE: {
      const type = reader.uint(LAST_TYPE);
      if (type === XML_ELEMENT || type === XML_HOOK) reader.text(MAX_NAME_BYTES);
      return 1;
    }
    case ANY_VALUES: {
      const length = atLeastOne(reader.count());
      for (let rest = length; rest > 0; rest -= 1) reader.any();
      return length;
    }
    case SUBDOCUMENT:
      throw new Malformed('subdocument');
    default:
      throw new Malformed('unknown kind of struct');
  }
}

/** Yjs writes the ranges of a client id sorted and merged. Others could make us walk over the same structs again and again. */
function readDeletes(reader: BoundedReader): DeleteRange[] {
  const deletes: DeleteRange[] = [];
  const clientCount = reader.count();
  if (clientCount === 0) return deletes;
  const seen = new Set<number>();
  for (let rest = clientCount; rest > 0; rest -= 1) {
    const client = reader.uint(MAX_CLIENT);
    if (seen.has(client)) throw new Malformed('the same client id twice');
    seen.add(client);
    let end = 0;
    for (let ranges = reader.count(); ranges > 0; ranges -= 1) {
      const clock = reader.uint(MAX_CLOCK);
      const length = reader.uint(MAX_CLOCK);
      if (clock < end) throw new Malformed('deletions out of order');
      end = clock + length;
      if (length === 0 || end > MAX_CLOCK) throw new Malformed('a deletion of no length or too large');
      deletes.push({ client, clock, length });
    }
  }
  return deletes;
}

/** Reads a state vector. Throws Malformed. */
export function decodeStateVector(bytes: Uint8Array): Map<number, number> {
  const reader = new BoundedReader(bytes);
  const clocks = new Map<number, number>();
  for (let rest = reader.count(); rest > 0; rest -= 1) clocks.set(reader.uint(MAX_CLIENT), reader.uint(MAX_CLOCK));
  if (reader.left > 0) throw new Malformed('bytes after the end');
  return clocks;
}
