// Where each new struct of an update will stand. Walks the structs in an order in which Yjs can integrate them, finds the list
// that each joins, and refuses what no honest client makes: Yjs would integrate it, but where, would depend on what came first.
import * as Y from 'yjs';
import type { DecodedUpdate, DeleteRange, Id, Struct } from './decode.ts';
import type { FreshStructs } from './fresh.ts';
import { couldBeNeighbours, isSameId, type Run } from './neighbours.ts';
import { Malformed } from './reader.ts';
import { type Place, stateOf, structAt } from './store.ts';
import { Behind, demandAccess, type GuardParts, Refusal, type RootAccess } from './verdict.ts';

/** Levels of types within types below a root; an article needs three. */
const MAX_DEPTH = 32;
/** What looking closer at single structs may cost for one update; a day's offline work among other people's words takes thousands. */
const MAX_STEPS = 300_000;

/** `gone`: under something that was collected, so that Yjs drops it. */
type PlaceOrGone = Place | 'gone';

/** How far the walk has got through the structs of one client id. */
interface Progress {
  readonly group: FreshStructs;
  next: number;
  /** Of the structs before `next`. */
  readonly places: PlaceOrGone[];
  /** Who waits for the struct of that index. */
  waiters: Map<number, Progress[]> | null;
}

export class Placement {
  readonly #parts: GuardParts;
  readonly #progress = new Map<number, Progress>();
  /** By root: what `access` said, asked once. */
  readonly #access = new Map<string, RootAccess>();
  readonly #deletes: readonly DeleteRange[];
  #steps = 0;

  constructor({ deletes }: DecodedUpdate, groups: readonly FreshStructs[], parts: GuardParts) {
    this.#parts = parts;
    this.#deletes = deletes;
    for (const group of groups) this.#progress.set(group.client, { group, next: 0, places: [], waiters: null });
  }

  /** Throws Malformed, Refusal or Behind. */
  run(): void {
    const ready = [...this.#progress.values()];
    for (let progress = ready.pop(); progress; progress = ready.pop()) this.#advance(progress, ready);
    for (const { group, next } of this.#progress.values()) {
      if (next < group.structs.length) throw new Malformed('structs that wait for each other');
    }
  }

  /** Gets on as far as it can; puts those whom that frees into `ready`. Linear in all: each is woken by what it waited for. */
  #advance(progress: Progress, ready: Progress[]): void {
    const { structs, state } = progress.group;
    for (; progress.next < structs.length; progress.next += 1) {
      const struct = structs[progress.next]!;
      if (this.#mustWait(progress, struct)) return;
      const place = this.#place(struct);
      if (place === 'gone') this.#permitGone();
      else this.#permit(place, struct);
      if (struct.id.clock < state) this.#continues(struct, state, place);
      progress.places.push(place);
      const freed = progress.waiters?.get(progress.next);
      if (freed) ready.push(...freed);
    }
  }

  /** Whether something that `struct` names has not had its turn; then `progress` is woken when it has. */
  #mustWait(progress: Progress, { id, origin, rightOrigin, parent }: Struct): boolean {
    return (
      (origin !== null && this.#waitsFor(progress, id, origin)) ||
      (rightOrigin !== null && this.#waitsFor(progress, id, rightOrigin)) ||
      (parent !== null && typeof parent !== 'string' && this.#waitsFor(progress, id, parent))
    );
  }

  #waitsFor(progress: Progress, from: Id, to: Id): boolean {
    if (to.client === from.client) {
      if (to.clock >= from.clock) throw new Malformed('a struct that refers to itself or to what follows it');
      return false;
    }
    const other = this.#progress.get(to.client);
    if (!other) {
      if (to.clock >= stateOf(this.#parts.doc, to.client)) throw new Behind();
      return false;
    }
    if (to.clock < other.group.state) return false;
    if (to.clock >= other.group.endClock) throw new Behind();
    const index = indexOf(other.group.structs, to.clock);
    if (index < other.next) return false;
    other.waiters ??= new Map();
    const waiters = other.waiters.get(index);
    if (waiters) waiters.push(progress);
    else other.waiters.set(index, [progress]);
    return true;
  }

  /** As Yjs finds it (`Item.getMissing`): where the origin stands, else the right origin, else what it names. */
  #place(struct: Struct): PlaceOrGone {
    const { kind, origin, rightOrigin, parent, key } = struct;
    if (kind === 'gc') return 'gone';
    if (origin === null && rightOrigin === null) {
      if (typeof parent !== 'string') return this.#placeWithin(parent!, key);
      return { root: parent, depth: 1, parent: this.#parts.doc.share.get(parent) ?? parent, key };
    }
    const left = origin && this.#placeAt(origin);
    const right = rightOrigin && this.#placeAt(rightOrigin);
    if (left !== null && right !== null && !isSameList(left, right)) throw new Malformed('a struct between two lists');
    return (left ?? right)!;
  }

  /** Where the struct that holds `id` stands. */
  #placeAt(id: Id): PlaceOrGone {
    const sent = this.#sentAt(id);
    if (sent) return sent.place;
    const stored = structAt(this.#parts.doc, id.client, id.clock);
    if (stored === null) throw new Behind();
    return this.#parts.roots.placeOf(stored) ?? 'gone';
  }

  /** Where a struct stands that names its parent. Yjs drops what stands in something that is not a type any more. */
  #placeWithin(parent: Id, key: string | null): PlaceOrGone {
    const sent = this.#sentAt(parent);
    if (sent) {
      const { struct, place } = sent;
      if (struct.kind === 'content') throw new Malformed('a parent that can have no children');
      if (struct.kind !== 'type' || place === 'gone') return 'gone';
      return { root: place.root, depth: place.depth + 1, parent: struct, key };
    }
    const stored = structAt(this.#parts.doc, parent.client, parent.clock);
    if (stored === null) throw new Behind();
    const place = this.#parts.roots.placeOf(stored);
    if (place === null || !(stored instanceof Y.Item) || stored.content instanceof Y.ContentDeleted) return 'gone';
    if (!(stored.content instanceof Y.ContentType)) throw new Malformed('a parent that can have no children');
    return { root: place.root, depth: place.depth + 1, parent: stored.content.type, key };
  }

  /** The new struct that holds `id` and its place, if it is one of those that were sent. */
  #sentAt({ client, clock }: Id): { struct: Struct; place: PlaceOrGone } | null {
    const progress = this.#progress.get(client);
    if (!progress || clock < progress.group.state) return null;
    const index = indexOf(progress.group.structs, clock);
    return { struct: progress.group.structs[index]!, place: progress.places[index]! };
  }

  #permitGone(): void {
    if (!this.#parts.mayWriteSomething) throw new Refusal('root-forbidden', '', 'this person may not write');
  }

  #permit(place: Place, struct: Struct): void {
    let access = this.#access.get(place.root);
    if (access === undefined) {
      access = this.#parts.access(place.root);
      this.#access.set(place.root, access);
    }
    demandAccess(access, place.root);
    if (place.depth > MAX_DEPTH) throw new Malformed('nested too deeply');
    const { length, kind, origin, rightOrigin } = struct;
    if (place.key !== null) {
      // Of values in a row Yjs deletes the last only when another takes their place. Deleted ones an UndoManager keeps as a row.
      if (length > 1 && kind !== 'deleted' && !this.#isDeleted(struct)) {
        throw new Malformed('several values under one key');
      }
      if (rightOrigin !== null) throw new Malformed('a value under a key that is not put at its end');
    } else if (rightOrigin !== null && !couldBeNeighbours(origin, rightOrigin, (id) => this.#runOf(id))) {
      throw new Malformed('a struct between two that never were neighbours');
    }
  }

  /** The run that holds `id`, which stands in a list. */
  #runOf(id: Id): Run {
    this.#spend(1);
    return this.#sentAt(id)?.struct ?? (structAt(this.#parts.doc, id.client, id.clock) as Y.Item);
  }

  /** Whether the update deletes all of what it brings there. */
  #isDeleted({ id, length }: Struct): boolean {
    this.#spend(this.#deletes.length);
    return this.#deletes.some(
      (range) =>
        range.client === id.client && range.clock <= id.clock && id.clock + length <= range.clock + range.length,
    );
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new Malformed('too tangled');
  }

  /**
   * A struct of which the document has the beginning must be the one that it has: Yjs puts the rest after that beginning, but
   * takes parent and right neighbour from what was sent, and splits the struct before it where it is said to begin.
   */
  #continues(struct: Struct, state: number, place: PlaceOrGone): void {
    if (struct.kind === 'gc') return;
    const { client, clock } = struct.id;
    const { doc, roots } = this.#parts;
    const first = structAt(doc, client, clock)!;
    const last = structAt(doc, client, state - 1)!;
    const lastPlace = roots.placeOf(last) ?? 'gone';
    let isSame = isSameList(place, lastPlace);
    if (isSame && first instanceof Y.Item && last instanceof Y.Item) {
      const origin = first.id.clock < clock ? { client, clock: clock - 1 } : first.origin;
      isSame =
        isSameId(origin, struct.origin) &&
        isSameId(last.rightOrigin, struct.rightOrigin) &&
        !splitsCharacter(first, clock - first.id.clock);
    }
    if (!isSame) throw new Malformed('a struct that is another one here');
  }
}

function isSameList(one: PlaceOrGone, other: PlaceOrGone): boolean {
  if (one === 'gone' || other === 'gone') return one === other;
  return one.parent === other.parent && one.key === other.key;
}

/** Whether `offset` is in the middle of a surrogate pair. Yjs replaces both halves of one that it splits. */
function splitsCharacter({ content }: Y.Item, offset: number): boolean {
  return content instanceof Y.ContentString && (content.str.codePointAt(offset - 1) ?? 0) > 0xffff;
}

/** Index of the last struct that begins at `clock` or before. */
function indexOf(structs: readonly Struct[], clock: number): number {
  let low = 0;
  let high = structs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (structs[middle]!.id.clock <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}
