// Whether two structs can have stood side by side when somebody put a third between them. It knows ids, no documents.
//
// A Yjs struct names the two between which it was put: its origin (left) and its right origin. Yjs orders structs that were put
// at the same place by both (YATA; `Item.integrate`, and INTERNALS.md of Yjs). That everybody ends with the same order, whatever
// came to whom first, is a promise for honest structs only: for those whose two neighbours did stand side by side where they
// were made. A forged pair would let the order depend on what came first, and the live document would differ from its own log.
//
// Nothing ever leaves a list: what is deleted keeps its place. So whoever puts a struct between two sees everything that those two
// were built upon, and sees none of it between them. Hence, of two neighbours L and R: either one was put right beside the other,
// or following what R was put after does not lead to L (there would be something between them), and neither stands on the
// other's far side. That is all that is asked here. It is no proof that order never depends on who came first, so
// `tests/fuzz/guardOrder.fuzz.test.ts` tries forged pairs in all orders; it finds it out when one of the questions is left out,
// except `standsBefore`, which costs next to nothing and has a test by itself (`tests/sync/guardNeighbours.test.ts`).
import type { Id } from '../../updates/decode.ts';

/** What a run of structs says of itself: `origin` of its first unit, `rightOrigin` of all. Each later unit follows the one before. */
export interface Run {
  readonly id: Id;
  readonly origin: Id | null;
  readonly rightOrigin: Id | null;
}

/** A unit, and the run that holds it. */
export interface Unit {
  readonly id: Id;
  readonly run: Run;
}

/** The run that holds the unit of this id. */
export type RunOf = (id: Id) => Run;

export function isSameId(one: Id | null, other: Id | null): boolean {
  if (one === null || other === null) return one === other;
  return one.client === other.client && one.clock === other.clock;
}

/** Whether `left` (null: the beginning) and `right`, of one list, can have been neighbours. */
export function couldBeNeighbours(left: Unit | null, right: Unit, runOf: RunOf): boolean {
  if (left === null) return isFirst(right.id, right.run) && right.run.origin === null;
  if (wasPutAfter(right, left.id) || isSameId(left.run.rightOrigin, right.id)) return true;
  return (
    !standsAfter(right.id, left.id, runOf) &&
    !standsAfter(left.id, right.id, runOf) &&
    !standsBefore(right.id, left.id, runOf)
  );
}

function isFirst(id: Id, run: Run): boolean {
  return id.clock === run.id.clock;
}

function wasPutAfter({ id, run }: Unit, other: Id): boolean {
  if (isFirst(id, run)) return isSameId(run.origin, other);
  return other.client === id.client && other.clock === id.clock - 1;
}

/** Whether following origins from `id` leads to `other`. */
function standsAfter(id: Id, other: Id, runOf: RunOf): boolean {
  for (let next: Id | null = id; next !== null; ) {
    const run: Run = runOf(next);
    if (next.client === other.client && run.id.clock <= other.clock && other.clock <= next.clock) return true;
    next = run.origin;
  }
  return false;
}

/** Whether following right origins from `id` leads to `other`. */
function standsBefore(id: Id, other: Id, runOf: RunOf): boolean {
  for (let next: Id | null = id; next !== null; next = runOf(next).rightOrigin) {
    if (isSameId(next, other)) return true;
  }
  return false;
}
