// What can be said of a stored article without building its document: how far each client id goes in it, and what was deleted.
// That is enough to ask a client what it has that is not here, to answer one that has every word, and to see that it brings
// nothing new. Whatever goes beyond needs the document.
import * as Y from 'yjs';
import { type DeleteRange, decodeStateVector, decodeUpdate } from '../updates/decode.ts';
import { deletionPieces } from '../updates/pieces.ts';
import { deletesOf } from '../updates/places.ts';
import { Malformed } from '../updates/reader.ts';
import { SharedMessage, syncStep1, syncStep2 } from './frames.ts';

/** Deleted units of one client id, from the first to before the second. */
type Span = [from: number, to: number];

const NO_CHANGE = new Uint8Array([0, 0]);

export class StoredOutline {
  readonly #clocks: Map<number, number>;
  /** Updates whose deletions nobody has asked for yet. */
  #unread: readonly Uint8Array[];
  #deletes: DeleteRange[];
  #deleted: ReadonlyMap<number, readonly Span[]> | null = null;
  #question: SharedMessage | null = null;
  #nothingNew: SharedMessage | null = null;

  /** `clocks`: a state vector. `deletions`: updates of which only what they delete counts; `deletes` is deleted as well. */
  constructor(
    clocks: ReadonlyMap<number, number>,
    deletions: readonly Uint8Array[],
    deletes: readonly DeleteRange[] = [],
  ) {
    this.#clocks = new Map(clocks);
    this.#unread = deletions;
    this.#deletes = [...deletes];
  }

  /** Whether anything stands under this client id. */
  knows(client: number): boolean {
    return this.#clocks.has(client);
  }

  /** "What do I lack?", asked by the server. */
  question(): SharedMessage {
    this.#question ??= new SharedMessage(syncStep1(this.stateVector()));
    return this.#question;
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#clocks);
  }

  /** The answer to a client that has `stateVector`; null if that takes the document. Throws Malformed. */
  answer(stateVector: Uint8Array): SharedMessage | null {
    if (!this.#isAllIn(decodeStateVector(stateVector))) return null;
    // Deletions have no place in a state vector, so they are told even to those who have every word.
    this.#nothingNew ??= new SharedMessage(
      syncStep2(deletionPieces(this.#read(), Number.POSITIVE_INFINITY)[0] ?? NO_CHANGE),
    );
    return this.#nothingNew;
  }

  /** Whether the update says nothing but what is here. What cannot be read may say anything. */
  holds(update: Uint8Array): boolean {
    try {
      const { clients, deletes } = decodeUpdate(update);
      return clients.length === 0 && deletes.every((range) => this.#isDeleted(range));
    } catch (error) {
      if (error instanceof Malformed) return false;
      throw error;
    }
  }

  /** This came after what is stored. Throws Malformed if something is missing between. */
  add(update: Uint8Array): void {
    const { clients, deletes } = decodeUpdate(update);
    for (const { client, structs, endClock } of clients) {
      const here = this.#clocks.get(client) ?? 0;
      if (structs[0]!.id.clock > here) throw new Malformed('an update that does not join');
      this.#clocks.set(client, Math.max(here, endClock));
    }
    for (const range of deletes) this.#deletes.push(range);
    this.#deleted = null;
    this.#question = null;
    this.#nothingNew = null;
  }

  /** Whether the document goes exactly as far. */
  isOf(doc: Y.Doc): boolean {
    if (doc.store.clients.size !== this.#clocks.size) return false;
    for (const [client, clock] of this.#clocks) if (Y.getState(doc.store, client) !== clock) return false;
    return true;
  }

  #isAllIn(theirs: ReadonlyMap<number, number>): boolean {
    for (const [client, clock] of this.#clocks) if ((theirs.get(client) ?? 0) < clock) return false;
    return true;
  }

  #isDeleted({ client, clock, length }: DeleteRange): boolean {
    this.#deleted ??= spansOf(this.#read());
    const spans = this.#deleted.get(client) ?? [];
    let [low, high] = [0, spans.length]; // the last one that begins at or before `clock` is before `low`
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]![0] <= clock) low = middle + 1;
      else high = middle;
    }
    return low > 0 && clock + length <= spans[low - 1]![1];
  }

  #read(): readonly DeleteRange[] {
    for (const range of deletesOf(this.#unread)) this.#deletes.push(range);
    this.#unread = [];
    return this.#deletes;
  }
}

/** Those that touch are one. */
function spansOf(deletes: readonly DeleteRange[]): Map<number, Span[]> {
  const spans = new Map<number, Span[]>();
  for (const { client, clock, length } of [...deletes].sort((one, other) => one.clock - other.clock)) {
    const known = spans.get(client);
    const last = known?.at(-1);
    if (last && clock <= last[1]) last[1] = Math.max(last[1], clock + length);
    else if (known) known.push([clock, clock + length]);
    else spans.set(client, [[clock, clock + length]]);
  }
  return spans;
}
