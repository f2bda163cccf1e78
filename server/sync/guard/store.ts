// Looks things up in a live Y.Doc's store without changing it: Yjs's own look-ups split items or throw.
import * as Y from 'yjs';

export type StoredStruct = Y.Item | Y.GC;

/** Where a struct stands: in the list of a type, or in the list of values under one of its keys. */
export interface Place {
  /** The name of the top-level type. */
  readonly root: string;
  /** 1 directly under the root. */
  readonly depth: number;
  /** The type, or what makes it: comparable by identity. */
  readonly parent: unknown;
  readonly key: string | null;
}

/** The clock that this client will use next, as far as the document knows. */
export function stateOf(doc: Y.Doc, client: number): number {
  const structs = doc.store.clients.get(client);
  const last = structs?.[structs.length - 1];
  return last ? last.id.clock + last.length : 0;
}

/**
 * Index of the struct that holds `clock`; -1 if it is not stored. Begins where it would be if all were equally long, as Yjs's
 * `findIndexSS` does: mostly near by, and memory is what costs here.
 */
export function findStruct(structs: readonly StoredStruct[], clock: number): number {
  let low = 0;
  let high = structs.length - 1;
  const last = structs[high];
  if (last === undefined || clock >= last.id.clock + last.length) return -1;
  let middle = Math.floor((clock / (last.id.clock + last.length)) * structs.length);
  while (low <= high) {
    const struct = structs[middle]!;
    if (clock < struct.id.clock) high = middle - 1;
    else if (clock >= struct.id.clock + struct.length) low = middle + 1;
    else return middle;
    middle = (low + high) >>> 1;
  }
  return -1;
}

/** The struct that holds (client, clock), or null. */
export function structAt(doc: Y.Doc, client: number, clock: number): StoredStruct | null {
  const structs = doc.store.clients.get(client);
  if (!structs) return null;
  const index = findStruct(structs, clock);
  return index === -1 ? null : structs[index]!;
}

/** Names of a document's top-level types, by the type. One per document; reads the document's list again when it meets a new one. */
export class RootNames {
  readonly #doc: Y.Doc;
  readonly #names = new Map<unknown, string>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** Where a struct stands. Null for what was collected. */
  placeOf(struct: StoredStruct): Place | null {
    if (!(struct instanceof Y.Item)) return null;
    let type = struct.parent;
    let depth = 1;
    for (;;) {
      // An item in the store always has a type as its parent; ids and null exist only while it is being integrated.
      if (!(type instanceof Y.AbstractType)) return null;
      if (type._item === null) break;
      type = type._item.parent;
      depth += 1;
    }
    const root = this.#names.get(type) ?? this.#learn(type);
    return root === null ? null : { root, depth, parent: struct.parent, key: struct.parentSub };
  }

  #learn(type: unknown): string | null {
    for (const [name, root] of this.#doc.share) this.#names.set(root, name);
    return this.#names.get(type) ?? null;
  }
}
