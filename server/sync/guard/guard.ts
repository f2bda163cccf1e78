// The guard: what of a client's update may enter the document. It decides and changes nothing: the decision takes the
// document as it is in this very tick, so the caller applies the answer before anything else happens. Who may write where is
// asked of its caller; it knows how Yjs integrates an update, and accepts only what Yjs will integrate wholly.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Refused } from '../../../shared/protocol/sync.ts';
import { type ClientStructs, type DecodedUpdate, type DeleteRange, decodeUpdate, type Struct } from './decode.ts';
import { Malformed } from './reader.ts';
import { findStruct, type RootNames, type StoredPlace, stateOf, structAt } from './store.ts';

/** Levels of types within types below a root; an article needs three. */
const MAX_DEPTH = 32;

export type RootAccess = 'yes' | 'forbidden' | 'unknown';

export interface GuardParts {
  doc: Y.Doc;
  roots: RootNames;
  personId: string;
  /** Whose client id it is; undefined if nobody's yet. */
  ownerOf(client: number): string | undefined;
  access(root: string): RootAccess;
  /** Whether there is any root at all that this person may write. */
  mayWriteSomething: boolean;
}

export type Verdict =
  /** Nothing that the document does not have, or nothing that counts. */
  | { kind: 'nothing' }
  /** Apply `update`, and record `newClients` as the person's. */
  | { kind: 'accept'; update: Uint8Array; newClients: readonly number[] }
  /** It builds upon what the document does not have. */
  | { kind: 'behind' }
  | { kind: 'refuse'; refused: Refused };

/** Where new content will stand; `gone`: under something that was collected, so that Yjs drops its words. */
type Place = StoredPlace | 'gone';

class Refusal extends Error {
  readonly refused: Refused;
  constructor(code: Refused['code'], root: string, message: string) {
    super(message);
    this.refused = { code, root, message };
  }
}
class Behind extends Error {}

/** Judges one update (V1). Never throws for what a client sent. */
export function judgeUpdate(bytes: Uint8Array, parts: GuardParts): Verdict {
  try {
    const update = decodeUpdate(bytes);
    const fresh = freshStructs(update, parts.doc);
    const newClients = claimClients(fresh, parts);
    const places = new Placement(fresh, parts);
    places.run();
    const deletes = judgeDeletes(update.deletes, fresh, parts);
    if (fresh.length === 0 && deletes.kept.length === 0) return { kind: 'nothing' };
    const untouched = !deletes.filtered && holdsOnly(update, fresh);
    return { kind: 'accept', update: untouched ? bytes : encodeUpdate(bytes, fresh, deletes.kept), newClients };
  } catch (error) {
    if (error instanceof Malformed) {
      return { kind: 'refuse', refused: { code: 'malformed', root: '', message: error.message } };
    }
    if (error instanceof Refusal) return { kind: 'refuse', refused: error.refused };
    if (error instanceof Behind) return { kind: 'behind' };
    throw error;
  }
}

/** What a client id brings that the document does not have: a suffix of what was sent. */
interface FreshStructs {
  readonly client: number;
  readonly structs: readonly Struct[];
  readonly endClock: number;
  readonly end: number;
  /** The document's next clock for this client id. */
  readonly state: number;
}

function freshStructs(update: DecodedUpdate, doc: Y.Doc): FreshStructs[] {
  const fresh: FreshStructs[] = [];
  for (const { client, structs, endClock, end } of update.clients) {
    const state = stateOf(doc, client);
    if (endClock <= state) continue;
    if (structs[0]!.clock > state) throw new Behind();
    const first = structs.findIndex((struct) => struct.clock + struct.length > state);
    fresh.push({ client, structs: first === 0 ? structs : structs.slice(first), endClock, end, state });
  }
  return fresh;
}

function holdsOnly(update: DecodedUpdate, fresh: readonly FreshStructs[]): boolean {
  return (
    update.clients.length === fresh.length &&
    update.clients.every((group: ClientStructs, index) => group.structs.length === fresh[index]!.structs.length)
  );
}

function claimClients(fresh: readonly FreshStructs[], parts: GuardParts): number[] {
  const claimed: number[] = [];
  for (const { client } of fresh) {
    const owner = parts.ownerOf(client);
    // A client id that is in the document without an owner is the server's.
    // One that presence has claimed before is recorded here: presence itself is never stored.
    const first = !parts.doc.store.clients.has(client);
    if (first && (owner === undefined || owner === parts.personId)) claimed.push(client);
    else if (owner !== parts.personId) throw new Refusal('client-id-foreign', '', `client id ${client} is not yours`);
  }
  return claimed;
}

/** Walks the new structs in an order in which Yjs can integrate them and finds the root of each. */
class Placement {
  readonly #parts: GuardParts;
  readonly #groups: readonly FreshStructs[];
  readonly #byClient = new Map<number, Progress>();
  /** By root: what `access` said, asked once. */
  readonly #access = new Map<string, RootAccess>();

  constructor(groups: readonly FreshStructs[], parts: GuardParts) {
    this.#parts = parts;
    this.#groups = groups;
  }

  run(): void {
    for (const group of this.#groups) this.#byClient.set(group.client, { group, next: 0, places: [], waiters: null });
    const ready = [...this.#byClient.values()];
    for (let progress = ready.pop(); progress; progress = ready.pop()) this.#advance(progress, ready);
    for (const { group, next } of this.#byClient.values()) {
      if (next < group.structs.length) throw new Malformed('structs that wait for each other');
    }
  }

  /** Gets on as far as it can; puts those whom that frees into `ready`. Linear in all: each is woken by what it waited for. */
  #advance(progress: Progress, ready: Progress[]): void {
    const { client, structs, state } = progress.group;
    for (; progress.next < structs.length; progress.next += 1) {
      const struct = structs[progress.next]!;
      const blocker =
        this.#blocker(client, struct.clock, struct.originClient, struct.originClock) ??
        this.#blocker(client, struct.clock, struct.rightClient, struct.rightClock) ??
        this.#blocker(client, struct.clock, struct.parentClient, struct.parentClock);
      if (blocker !== null) {
        blocker.progress.waiters ??= new Map();
        const waiters = blocker.progress.waiters.get(blocker.index);
        if (waiters) waiters.push(progress);
        else blocker.progress.waiters.set(blocker.index, [progress]);
        return;
      }
      const place = this.#place(client, struct);
      this.#permit(place);
      if (struct.clock < state) this.#continues(client, struct, place);
      progress.places.push(place);
      const freed = progress.waiters?.get(progress.next);
      if (freed) ready.push(...freed);
    }
  }

  /** The new struct of another client id that a reference needs and that has not had its turn; null if there is none. */
  #blocker(client: number, clock: number, toClient: number, toClock: number): Blocker | null {
    if (toClient === -1) return null;
    if (toClient === client) {
      if (toClock >= clock) throw new Malformed('a struct that refers to itself or to what follows it');
      return null;
    }
    const progress = this.#byClient.get(toClient);
    if (!progress) {
      if (toClock >= stateOf(this.#parts.doc, toClient)) throw new Behind();
      return null;
    }
    if (toClock < progress.group.state) return null;
    if (toClock >= progress.group.endClock) throw new Behind();
    const index = indexOf(progress.group.structs, toClock);
    return index < progress.next ? null : { progress, index };
  }

  #place(client: number, struct: Struct): Place {
    if (struct.kind === 'gc') return 'gone';
    let place: Place;
    if (struct.originClient !== -1) {
      place = this.#placeAt(struct.originClient, struct.originClock);
      if (struct.rightClient !== -1) {
        const right = this.#placeAt(struct.rightClient, struct.rightClock);
        if (place === 'gone' || right === 'gone') place = 'gone';
        else if (place.root !== right.root) throw new Malformed('a struct between two roots');
        else if (place.keyed !== right.keyed) throw new Malformed('a struct between a key and a list');
      }
    } else if (struct.rightClient !== -1) {
      place = this.#placeAt(struct.rightClient, struct.rightClock);
    } else if (struct.parentKey !== null) {
      place = { root: struct.parentKey, depth: 1, keyed: struct.keyed };
    } else {
      place = this.#placeWithin(struct);
    }
    if (place !== 'gone' && place.depth > MAX_DEPTH) throw new Malformed(`nested too deeply by client id ${client}`);
    // Yjs splits what is longer than one, and of the halves under a key only the last would ever be deleted.
    if (place !== 'gone' && place.keyed && struct.length > 1 && struct.kind !== 'deleted') {
      throw new Malformed('several values under one key');
    }
    return place;
  }

  /** Where the struct that holds (client, clock) stands. */
  #placeAt(client: number, clock: number): Place {
    const sent = this.#sentAt(client, clock);
    if (sent) return sent.place;
    const stored = structAt(this.#parts.doc, client, clock);
    if (stored === null) throw new Behind();
    return this.#parts.roots.placeOf(stored) ?? 'gone';
  }

  /** Where a struct stands that names its parent. */
  #placeWithin({ parentClient: client, parentClock: clock, keyed }: Struct): Place {
    const sent = this.#sentAt(client, clock);
    if (sent) {
      if (sent.struct.kind === 'content') throw new Malformed('a parent that can have no children');
      if (sent.struct.kind !== 'type' || sent.place === 'gone') return 'gone';
      return { root: sent.place.root, depth: sent.place.depth + 1, keyed };
    }
    const stored = structAt(this.#parts.doc, client, clock);
    if (stored === null) throw new Behind();
    const place = this.#parts.roots.placeOf(stored);
    if (place === null || !(stored instanceof Y.Item) || stored.content instanceof Y.ContentDeleted) return 'gone';
    if (!(stored.content instanceof Y.ContentType)) throw new Malformed('a parent that can have no children');
    return { root: place.root, depth: place.depth + 1, keyed };
  }

  /** The new struct that holds (client, clock) and its place, if it is one of those that were sent. */
  #sentAt(client: number, clock: number): { struct: Struct; place: Place } | null {
    const progress = this.#byClient.get(client);
    if (!progress || clock < progress.group.state) return null;
    const index = indexOf(progress.group.structs, clock);
    return { struct: progress.group.structs[index]!, place: progress.places[index]! };
  }

  #permit(place: Place): void {
    if (place === 'gone') {
      if (!this.#parts.mayWriteSomething) throw new Refusal('root-forbidden', '', 'this person may not write');
      return;
    }
    let access = this.#access.get(place.root);
    if (access === undefined) {
      access = this.#parts.access(place.root);
      this.#access.set(place.root, access);
    }
    refuseUnlessYes(access, place.root);
  }

  /** A struct whose beginning is stored must be the one that is stored: Yjs takes its place from both. */
  #continues(client: number, struct: Struct, place: Place): void {
    const stored = structAt(this.#parts.doc, client, struct.clock);
    if (stored instanceof Y.GC) {
      if (place !== 'gone') throw new Malformed('a struct that is another one here');
      return;
    }
    if (!(stored instanceof Y.Item)) throw new Behind();
    const inside = stored.id.clock < struct.clock;
    const sameOrigin = inside
      ? struct.originClient === client && struct.originClock === struct.clock - 1
      : isId(stored.origin, struct.originClient, struct.originClock);
    const storedPlace = this.#parts.roots.placeOf(stored);
    const sameRoot = place !== 'gone' && storedPlace !== null && place.root === storedPlace.root;
    if (!sameOrigin || !isId(stored.rightOrigin, struct.rightClient, struct.rightClock) || !sameRoot) {
      throw new Malformed('a struct that is another one here');
    }
    const parentItem = stored.parent instanceof Y.AbstractType ? stored.parent._item : null;
    if (struct.parentClient !== -1 && !isId(parentItem?.id ?? null, struct.parentClient, struct.parentClock)) {
      throw new Malformed('a struct that is another one here');
    }
    if (struct.parentKey !== null && parentItem !== null) throw new Malformed('a struct that is another one here');
  }
}

interface Progress {
  readonly group: FreshStructs;
  next: number;
  /** Of the structs before `next`. */
  readonly places: Place[];
  /** Who waits for the struct of that index. */
  waiters: Map<number, Progress[]> | null;
}

interface Blocker {
  progress: Progress;
  index: number;
}

/** Index of the last struct that begins at `clock` or before. */
function indexOf(structs: readonly Struct[], clock: number): number {
  let low = 0;
  let high = structs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (structs[middle]!.clock <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isId(id: Y.ID | null, client: number, clock: number): boolean {
  return id === null ? client === -1 : id.client === client && id.clock === clock;
}

function refuseUnlessYes(access: RootAccess, root: string): void {
  if (access === 'yes') return;
  const code = access === 'forbidden' ? 'root-forbidden' : 'root-unknown';
  throw new Refusal(code, root, access === 'forbidden' ? 'this person may not write here' : 'there is no such root');
}

/**
 * Of the deletions, what counts: what is deleted already does not, and formatting that somebody may not write is left alone
 * without a word, because every honest Yjs client tidies formatting wherever it sees it.
 */
function judgeDeletes(
  ranges: readonly DeleteRange[],
  fresh: readonly FreshStructs[],
  parts: GuardParts,
): { kept: DeleteRange[]; filtered: boolean } {
  const kept: DeleteRange[] = [];
  let filtered = false;
  const sentBy = new Map(fresh.map((group) => [group.client, group]));
  for (const { client, clock, length } of ranges) {
    const sent = sentBy.get(client);
    const state = sent ? sent.state : stateOf(parts.doc, client);
    const end = clock + length;
    if (end > (sent ? sent.endClock : state)) throw new Behind();
    const storedEnd = Math.min(end, state);
    if (clock < storedEnd) {
      filtered = judgeStoredRange(client, clock, storedEnd, parts, kept) || filtered;
    }
    const sentStart = Math.max(clock, state);
    if (sentStart < end) kept.push({ client, clock: sentStart, length: end - sentStart });
  }
  return { kept, filtered };
}

/** Puts what counts of a stored range into `kept`; answers whether formatting was left out. */
function judgeStoredRange(client: number, start: number, end: number, parts: GuardParts, kept: DeleteRange[]): boolean {
  const structs = parts.doc.store.clients.get(client)!;
  let filtered = false;
  let from = -1; // start of the run that counts
  for (let index = findStruct(structs, start); index < structs.length; index += 1) {
    const struct = structs[index]!;
    if (struct.id.clock >= end) break;
    let counts = false;
    if (!struct.deleted) {
      const place = parts.roots.placeOf(struct);
      const access = place === null ? 'unknown' : parts.access(place.root);
      if (access === 'yes') counts = true;
      else if (struct instanceof Y.Item && struct.content instanceof Y.ContentFormat) filtered = true;
      else refuseUnlessYes(access, place?.root ?? '');
    }
    const structStart = Math.max(start, struct.id.clock);
    if (counts && from === -1) from = structStart;
    if (!counts && from !== -1) {
      kept.push({ client, clock: from, length: structStart - from });
      from = -1;
    }
  }
  if (from !== -1) kept.push({ client, clock: from, length: end - from });
  return filtered;
}

/** The new structs, byte for byte as they were sent, with the deletions that count. */
function encodeUpdate(bytes: Uint8Array, fresh: readonly FreshStructs[], deletes: readonly DeleteRange[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, fresh.length);
  for (const { client, structs, end } of fresh) {
    encoding.writeVarUint(encoder, structs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, structs[0]!.clock);
    encoding.writeUint8Array(encoder, bytes.subarray(structs[0]!.start, end));
  }
  const byClient = new Map<number, DeleteRange[]>();
  for (const range of deletes) {
    const ranges = byClient.get(range.client);
    if (ranges) ranges.push(range);
    else byClient.set(range.client, [range]);
  }
  encoding.writeVarUint(encoder, byClient.size);
  for (const [client, ranges] of byClient) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges.length);
    for (const { clock, length } of ranges) {
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, length);
    }
  }
  return encoding.toUint8Array(encoder);
}
