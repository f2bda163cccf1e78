// Where each new struct of an update will stand. Walks the structs in an order in which Yjs can integrate them, finds the list
// that each joins, and refuses what no honest client makes: Yjs would integrate it, but where, would depend on what came first.
import * as Y from 'yjs';
import type { DecodedUpdate, DeleteRange, Id, Struct } from '../../updates/decode.ts';
import { Malformed } from '../../updates/reader.ts';
import type { FreshStructs } from './fresh.ts';
import { couldBeNeighbours, isSameId, type Run } from './neighbours.ts';
import { type Place, type StoredStruct, structAt } from './store.ts';
import { Behind, demandAccess, type GuardParts, Refusal } from './verdict.ts';

/** Levels of types within types below a root; an article needs three. */
const MAX_DEPTH = 32;
/** What looking closer at single structs may cost for one update; a day's offline work among other people's words takes thousands. */
const MAX_STEPS = 300_000;

const WAITS = 'waits';

/** `gone`: under something that was collected, so that Yjs drops it. */
type PlaceOrGone = Place | 'gone';

/** What holds a unit that a struct names: a new struct that has had its turn, or what the document stores. */
type Holder = Placed | StoredStruct;

class Placed {
  readonly struct: Struct;
  readonly place: PlaceOrGone;
  constructor(struct: Struct, place: PlaceOrGone) {
    this.struct = struct;
    this.place = place;
  }
}

/** How far the walk has got through the structs of one client id. */
interface Progress {
  readonly group: FreshStructs;
  next: number;
  /** The structs before `next`. */
  readonly placed: Placed[];
  /** Who waits for the struct of that index. */
  waiters: Map<number, Progress[]> | null;
}

export class Placement {
  readonly #parts: GuardParts;
  readonly #progress = new Map<number, Progress>();
  /** The root that was asked about last, and allowed: nearly always that of the next struct too. */
  #allowed: string | null = null;
  readonly #deletes: readonly DeleteRange[];
  #steps = 0;

  constructor({ deletes }: DecodedUpdate, groups: readonly FreshStructs[], parts: GuardParts) {
    this.#parts = parts;
    this.#deletes = deletes;
    for (const group of groups) this.#progress.set(group.client, { group, next: 0, placed: [], waiters: null });
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
      const place = this.#judge(struct, progress);
      if (place === WAITS) return;
      if (struct.id.clock < state) this.#continues(struct, state, place);
      progress.placed.push(new Placed(struct, place));
      const freed = progress.waiters?.get(progress.next);
      if (freed) ready.push(...freed);
    }
  }

  /** Finds where a struct will stand, as soon as everything that it names has had its turn; throws unless it may stand there. */
  #judge(struct: Struct, progress: Progress): PlaceOrGone | typeof WAITS {
    const { id, origin, rightOrigin, parent } = struct;
    const left = origin && this.#findOrWait(origin, id, progress);
    if (left === WAITS) return WAITS;
    const right = rightOrigin && this.#findOrWait(rightOrigin, id, progress);
    if (right === WAITS) return WAITS;
    const maker = parent === null || typeof parent === 'string' ? null : this.#findOrWait(parent, id, progress);
    if (maker === WAITS) return WAITS;
    const place = this.#place(struct, left, right, maker);
    if (place === 'gone') {
      if (!this.#parts.mayWriteSomething) throw new Refusal('root-forbidden', '', 'this person may not write');
      return place;
    }
    if (place.root !== this.#allowed) demandAccess(this.#parts.access(place.root), place.root);
    this.#allowed = place.root;
    if (place.depth > MAX_DEPTH) throw new Malformed('nested too deeply');
    if (place.key !== null) this.#checkValue(struct);
    else if (right !== null) {
      const isPossible = couldBeNeighbours(
        left && { id: origin!, run: runOf(left) },
        { id: rightOrigin!, run: runOf(right) },
        (other) => this.#step(other),
      );
      if (!isPossible) throw new Malformed('a struct between two that never were neighbours');
    }
    return place;
  }

  /** As Yjs finds it (`Item.getMissing`): where the origin stands, else the right origin, else what it names. */
  #place(struct: Struct, left: Holder | null, right: Holder | null, maker: Holder | null): PlaceOrGone {
    const { kind, parent, key } = struct;
    if (kind === 'gc') return 'gone';
    if (left !== null) {
      const place = this.#placeOf(left);
      if (right !== null && !standsIn(right, place)) throw new Malformed('a struct between two lists');
      return place;
    }
    if (right !== null) return this.#placeOf(right);
    if (maker !== null) return this.#placeWithin(maker, key);
    const root = parent as string;
    return { root, depth: 1, parent: this.#parts.doc.share.get(root) ?? root, key };
  }

  /** Where a struct stands that names its parent. Yjs drops what stands in something that is not a type any more. */
  #placeWithin(holder: Holder, key: string | null): PlaceOrGone {
    const place = this.#placeOf(holder);
    if (place === 'gone') return 'gone';
    let type: unknown;
    if (holder instanceof Placed) {
      if (holder.struct.kind === 'deleted') return 'gone';
      if (holder.struct.kind === 'type') type = holder.struct;
    } else {
      const { content } = holder as Y.Item;
      if (content instanceof Y.ContentDeleted) return 'gone';
      if (content instanceof Y.ContentType) type = content.type;
    }
    if (type === undefined) throw new Malformed('a parent that can have no children');
    return { root: place.root, depth: place.depth + 1, parent: type, key };
  }

  #placeOf(holder: Holder): PlaceOrGone {
    return holder instanceof Placed ? holder.place : (this.#parts.roots.placeOf(holder) ?? 'gone');
  }

  /** What holds the unit `id`, which the struct `from` names. If that has not had its turn, `progress` is woken when it has. */
  #findOrWait(id: Id, from: Id, progress: Progress): Holder | typeof WAITS {
    if (id.client === from.client && id.clock >= from.clock) {
      throw new Malformed('a struct that refers to itself or to what follows it');
    }
    const other = this.#progress.get(id.client);
    if (!other || id.clock < other.group.state) return this.#stored(id);
    if (id.clock >= other.group.endClock) throw new Behind();
    const index = indexOf(other.group.structs, id.clock);
    if (index < other.next) return other.placed[index]!;
    other.waiters ??= new Map();
    const waiters = other.waiters.get(index);
    if (waiters) waiters.push(progress);
    else other.waiters.set(index, [progress]);
    return WAITS;
  }

  #stored({ client, clock }: Id): StoredStruct {
    const stored = structAt(this.#parts.doc, client, clock);
    if (stored === null) throw new Behind();
    return stored;
  }

  /** A value under a key: Yjs deletes the one before it when it comes. */
  #checkValue(struct: Struct): void {
    // Of several in a row it would delete the last only. A client that keeps what it deleted keeps them as a row.
    if (struct.length > 1 && struct.kind !== 'deleted' && !this.#isDeleted(struct)) {
      throw new Malformed('several values under one key');
    }
    if (struct.rightOrigin !== null) throw new Malformed('a value under a key that is not put at its end');
  }

  /** The run that holds a unit of a list, which has had its turn; at a price. */
  #step(id: Id): Run {
    this.#spend(1);
    const progress = this.#progress.get(id.client);
    if (!progress || id.clock < progress.group.state) return runOf(this.#stored(id));
    return progress.group.structs[indexOf(progress.group.structs, id.clock)]!;
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
    const { doc } = this.#parts;
    const first = structAt(doc, client, clock)!;
    const last = structAt(doc, client, state - 1)!;
    let isSame = standsIn(last, place);
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

/** Of what stands in a list: nothing in a list was collected. */
function runOf(holder: Holder): Run {
  return holder instanceof Placed ? holder.struct : (holder as Y.Item);
}

function standsIn(holder: Holder, place: PlaceOrGone): boolean {
  if (holder instanceof Placed) return isSameList(holder.place, place);
  if (!(holder instanceof Y.Item)) return place === 'gone';
  return place !== 'gone' && holder.parent === place.parent && holder.parentSub === place.key;
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
