// A client's update (Yjs, V1) as a list of what it would do, read to its last byte before anything of it is done. Content is
// checked and measured, not kept. It knows nothing of the document that the update is for.
import { BoundedReader, Malformed } from './reader.ts';

/** Yjs counts characters typed under one client id; nobody types two thousand million. */
export const MAX_CLOCK = 2 ** 31 - 1;
const MAX_CLIENT = 2 ** 32 - 1;
/** Client ids in one update. A returning client brings its own and, at worst, those of everybody it saw. */
const MAX_CLIENTS = 10_000;
const MAX_NAME_BYTES = 1_024;

export type StructKind =
  /** Collected by the client: content and place are gone. */
  'gc' | 'deleted' | 'content' | 'type';

/** One struct. References are -1 where there is none. */
export interface Struct {
  readonly clock: number;
  readonly length: number;
  readonly kind: StructKind;
  readonly originClient: number;
  readonly originClock: number;
  readonly rightClient: number;
  readonly rightClock: number;
  readonly parentKey: string | null;
  readonly parentClient: number;
  readonly parentClock: number;
  /** It stands under a key of its parent (an attribute, a value of a map) and says so itself. */
  readonly keyed: boolean;
  /** Where it begins in the bytes. */
  readonly start: number;
}

export interface ClientStructs {
  readonly client: number;
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
const HAS_RIGHT = 0b0100_0000;
const HAS_KEY = 0b0010_0000;
const KIND = 0b0001_1111;

/** Reads all of `bytes`. Throws Malformed. */
export function decodeUpdate(bytes: Uint8Array): DecodedUpdate {
  const reader = new BoundedReader(bytes);
  const clients: ClientStructs[] = [];
  const seen = new Set<number>();
  const clientCount = reader.count();
  if (clientCount > MAX_CLIENTS) throw new Malformed('too many client ids');
  for (let rest = clientCount; rest > 0; rest -= 1) {
    const group = readClientStructs(reader);
    if (seen.has(group.client)) throw new Malformed('the same client id twice');
    seen.add(group.client);
    clients.push(group);
  }
  const deletes = readDeletes(reader);
  if (reader.left > 0) throw new Malformed('bytes after the end');
  return { clients, deletes };
}

function readClientStructs(reader: BoundedReader): ClientStructs {
  const count = reader.count();
  if (count === 0) throw new Malformed('a client id without content');
  const client = reader.uint(MAX_CLIENT);
  let clock = reader.uint(MAX_CLOCK);
  const structs: Struct[] = [];
  for (let rest = count; rest > 0; rest -= 1) {
    const struct = readStruct(reader, clock);
    structs.push(struct);
    clock += struct.length;
    if (clock > MAX_CLOCK) throw new Malformed('clock too large');
  }
  return { client, structs, endClock: clock, end: reader.position };
}

function readStruct(reader: BoundedReader, clock: number): Struct {
  const start = reader.position;
  const info = reader.byte();
  const kindNumber = info & KIND;
  let originClient = -1;
  let originClock = -1;
  let rightClient = -1;
  let rightClock = -1;
  let parentKey: string | null = null;
  let parentClient = -1;
  let parentClock = -1;
  let keyed = false;
  let kind: StructKind = 'content';
  let length = 1;
  if (kindNumber === 0) {
    if (info !== 0) throw new Malformed('unknown kind of struct');
    kind = 'gc';
    length = reader.uint(MAX_CLOCK);
  } else {
    if (info & HAS_ORIGIN) {
      originClient = reader.uint(MAX_CLIENT);
      originClock = reader.uint(MAX_CLOCK);
    }
    if (info & HAS_RIGHT) {
      rightClient = reader.uint(MAX_CLIENT);
      rightClock = reader.uint(MAX_CLOCK);
    }
    if ((info & (HAS_ORIGIN | HAS_RIGHT)) === 0) {
      if (reader.uint(1) === 1) {
        parentKey = reader.text(MAX_NAME_BYTES);
      } else {
        parentClient = reader.uint(MAX_CLIENT);
        parentClock = reader.uint(MAX_CLOCK);
      }
      if (info & HAS_KEY) {
        reader.text(MAX_NAME_BYTES);
        keyed = true;
      }
    }
    if (kindNumber === 1) kind = 'deleted';
    else if (kindNumber === 7) kind = 'type';
    length = readContent(reader, kindNumber);
  }
  if (length === 0) throw new Malformed('content of no length');
  return {
    clock,
    length,
    kind,
    originClient,
    originClock,
    rightClient,
    rightClock,
    parentKey,
    parentClient,
    parentClock,
    keyed,
    start,
  };
}

/** Passes over content; answers its length. */
function readContent(reader: BoundedReader, kind: number): number {
  switch (kind) {
    case 1: // deleted
      return reader.uint(MAX_CLOCK);
    case 2: {
      const length = reader.count();
      for (let rest = length; rest > 0; rest -= 1) reader.jsonOrUndefined();
      return length;
    }
    case 3: // binary
      reader.skip(reader.count());
      return 1;
    case 4: // characters
      return reader.textLength();
    case 5: // embedded object
      reader.json();
      return 1;
    case 6: // formatting
      reader.text(MAX_NAME_BYTES);
      reader.json();
      return 1;
    case 7: {
      const type = reader.uint(6);
      if (type === 3 || type === 5) reader.text(MAX_NAME_BYTES); // the name of an XML element or hook
      return 1;
    }
    case 8: {
      const length = reader.count();
      for (let rest = length; rest > 0; rest -= 1) reader.any();
      return length;
    }
    case 9:
      throw new Malformed('subdocument');
    case 10:
      throw new Malformed('gap');
    default:
      throw new Malformed('unknown kind of struct');
  }
}

function readDeletes(reader: BoundedReader): DeleteRange[] {
  const deletes: DeleteRange[] = [];
  const seen = new Set<number>();
  for (let clients = reader.count(); clients > 0; clients -= 1) {
    const client = reader.uint(MAX_CLIENT);
    if (seen.has(client)) throw new Malformed('the same client id twice');
    seen.add(client);
    for (let ranges = reader.count(); ranges > 0; ranges -= 1) {
      const clock = reader.uint(MAX_CLOCK);
      const length = reader.uint(MAX_CLOCK);
      if (length === 0 || clock + length > MAX_CLOCK) throw new Malformed('a deletion of no length or too large');
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
