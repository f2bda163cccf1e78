// Who is where in one room: the server's own registry of awareness states. Identity is stamped by us, entries of others that a
// client repeats are ignored, clocks are ours. It knows connections as opaque keys and never a Y.Doc.
import * as encoding from 'lib0/encoding';
import type { Person } from '../../shared/protocol/rest.ts';
import { BoundedReader, Malformed } from '../updates/reader.ts';

/** Cursor, language and block take some 300 bytes. */
export const MAX_STATE_BYTES = 8 * 1024;
/** States of one connection: an editor has one. */
export const MAX_STATES = 8;
const MAX_CLIENT = 2 ** 32 - 1;
/** Clients count their changes from 0; we count milliseconds. */
const OUR_CLOCKS = 1e11;

interface Entry<Connection> {
  connection: Connection;
  /** As the client counts. */
  clientClock: number;
  /** As we count for everybody else: the time of the last change, or just after it. */
  clock: number;
  /** The state is in it, and nowhere else: read, it would take several times the room, and it is seldom read. */
  encoded: Uint8Array;
}

export interface PresenceUpdate {
  client: number;
  clock: number;
  /** Null: gone. */
  state: Record<string, unknown> | null;
}

/**
 * Reads the body of an awareness message. Providers repeat what they heard of others: what is not `isOwn` is passed over unread.
 * Throws Malformed, TooLarge.
 */
export function readPresence(bytes: Uint8Array, isOwn: (client: number) => boolean): PresenceUpdate[] {
  const reader = new BoundedReader(bytes);
  const updates: PresenceUpdate[] = [];
  for (let rest = reader.count(); rest > 0; rest -= 1) {
    const client = reader.uint(MAX_CLIENT);
    const clock = reader.uint(Number.MAX_SAFE_INTEGER);
    const start = reader.position;
    const length = reader.count();
    if (isOwn(client)) {
      if (length > MAX_STATE_BYTES) throw new TooLarge();
      reader.position = start;
      updates.push({ client, clock, state: parseState(reader.text(MAX_STATE_BYTES)) });
    } else {
      reader.skip(length);
    }
  }
  if (reader.left > 0) throw new Malformed('bytes after the end');
  return updates;
}

/** A presence state over its bound. */
export class TooLarge extends Error {}

function parseState(json: string): Record<string, unknown> | null {
  let state: unknown;
  try {
    state = JSON.parse(json);
  } catch {
    throw new Malformed('a presence state that is not JSON');
  }
  if (state === null) return null;
  if (typeof state !== 'object' || Array.isArray(state)) throw new Malformed('a presence state that is no object');
  return state as Record<string, unknown>;
}

interface Change<Connection> {
  client: number;
  connection: Connection;
  gone: boolean;
  encoded: Uint8Array;
}

export class Presence<Connection> {
  readonly #now: () => number;
  readonly #entries = new Map<number, Entry<Connection>>();
  /** What others have to hear, by client id. */
  readonly #changed = new Map<number, Change<Connection>>();
  #lastClock = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes what `connection` says of `client`, whose owner it is (the caller has checked). Answers whether anything has to be
   * told to others.
   */
  take(connection: Connection, person: Person, update: PresenceUpdate): boolean {
    const { client, clock, state } = update;
    const known = this.#entries.get(client);
    if (state === null) {
      if (!known || known.connection !== connection || clock < known.clientClock) return false;
      this.#remove(client, connection);
      return true;
    }
    if (known && known.connection === connection && clock <= known.clientClock) return false;
    // Another tab of the same person, which repeats what it heard of this one: the clock is ours.
    if (known && known.connection !== connection && clock >= OUR_CLOCKS && clock <= this.#lastClock) return false;
    if (known?.connection !== connection && this.#countOf(connection) >= MAX_STATES) return false;
    this.#put(client, connection, clock, JSON.stringify({ ...state, user: stamp(person) }));
    return true;
  }

  /** Takes what another process says, stamped there; `connection` stands for it. Answers whether others have to be told. */
  takeStamped(connection: Connection, client: number, state: Record<string, unknown> | null): boolean {
    const known = this.#entries.get(client);
    if (state === null) {
      if (known?.connection !== connection) return false; // it has come here, or gone elsewhere
      this.#remove(client, known.connection);
    } else {
      const json = JSON.stringify(state);
      if (known && jsonIn(known.encoded) === json) {
        known.connection = connection;
        return false;
      }
      this.#put(client, connection, 0, json);
    }
    return true;
  }

  /** Clocks that are told from now on are newer than this one. */
  advance(clock: number): void {
    this.#lastClock = Math.max(this.#lastClock, clock);
  }

  get clock(): number {
    return this.#lastClock;
  }

  /** Of these connections, by client id. */
  statesOf(isTheirs: (connection: Connection) => boolean): [number, Record<string, unknown>][] {
    const states: [number, Record<string, unknown>][] = [];
    for (const [client, entry] of this.#entries)
      if (isTheirs(entry.connection)) states.push([client, stateIn(entry.encoded)!]);
    return states;
  }

  /** The person behind these connections goes by another name, role or colour now. */
  restamp(person: Person, isTheirs: (connection: Connection) => boolean): boolean {
    let changed = false;
    for (const [client, entry] of this.#entries) {
      if (!isTheirs(entry.connection)) continue;
      const state = { ...stateIn(entry.encoded), user: stamp(person) };
      this.#put(client, entry.connection, entry.clientClock, JSON.stringify(state));
      changed = true;
    }
    return changed;
  }

  /** Forgets everything that came over this connection. */
  leave(connection: Connection): boolean {
    let changed = false;
    for (const [client, entry] of this.#entries) {
      if (entry.connection !== connection) continue;
      this.#remove(client, connection);
      changed = true;
    }
    return changed;
  }

  /** Says again what others have not heard for so long that they are about to forget it. Answers whether there is any. */
  refresh(olderThanMs: number): boolean {
    let any = false;
    for (const [client, entry] of this.#entries) {
      if (this.#now() - entry.clock < olderThanMs) continue;
      this.#put(client, entry.connection, entry.clientClock, jsonIn(entry.encoded));
      any = true;
    }
    return any;
  }

  /** What is new since the last call, encoded, one entry per client id. */
  takeChanges(): Change<Connection>[] {
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    return changes;
  }

  /** Everybody but those of this connection, encoded. */
  others(connection: Connection): Uint8Array[] {
    const entries: Uint8Array[] = [];
    for (const entry of this.#entries.values()) if (entry.connection !== connection) entries.push(entry.encoded);
    return entries;
  }

  #countOf(connection: Connection): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.connection === connection) count += 1;
    return count;
  }

  #put(client: number, connection: Connection, clientClock: number, json: string): void {
    const clock = this.#nextClock();
    const encoded = encode(client, clock, json);
    this.#entries.set(client, { connection, clientClock, clock, encoded });
    this.#changed.set(client, { client, connection, gone: false, encoded });
  }

  #remove(client: number, connection: Connection): void {
    this.#entries.delete(client);
    const encoded = encode(client, this.#nextClock(), 'null');
    this.#changed.set(client, { client, connection, gone: true, encoded });
  }

  /**
   * Our clocks are times, so that whoever returns to a restarted server is believed at once: a clock that starts anew would be
   * older than what the others remember. They rise in the whole room, so that whoever returns within the millisecond is, too.
   */
  #nextClock(): number {
    this.#lastClock = Math.max(this.#now(), this.#lastClock + 1);
    return this.#lastClock;
  }
}

/** The state in an entry that we encoded; null if its client has gone. */
export function stateIn(encoded: Uint8Array): Record<string, unknown> | null {
  return JSON.parse(jsonIn(encoded)) as Record<string, unknown> | null;
}

function jsonIn(encoded: Uint8Array): string {
  const reader = new BoundedReader(encoded);
  reader.uint(MAX_CLIENT);
  reader.uint(Number.MAX_SAFE_INTEGER);
  return reader.text(encoded.length);
}

/** The fields of PresenceState.user. */
function stamp(person: Person): Record<string, string> {
  return { id: person.id, name: person.name, role: person.role, color: person.color };
}

function encode(client: number, clock: number, json: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
  encoding.writeVarString(encoder, json);
  return encoding.toUint8Array(encoder);
}
