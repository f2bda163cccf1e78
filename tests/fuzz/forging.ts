// What no honest client sends: bytes broken as networks and attackers break them, and whole structs made up by somebody who knows
// the format and the ids that are in the document.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Random } from './random.ts';

/** Breaks bytes in one to three places. */
export function damage(update: Uint8Array, random: Random): Uint8Array {
  const bytes = [...update];
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(bytes.length);
    switch (random.below(4)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes.splice(at, 1 + random.below(3));
        break;
      case 2:
        bytes.splice(at, 0, random.below(256));
        break;
      default:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
  }
  return new Uint8Array(bytes);
}

interface Id {
  client: number;
  clock: number;
}

/** An update of `client` with made-up structs, well-formed byte by byte, that name units of `doc` and of each other. */
export function forge(doc: Y.Doc, client: number, roots: readonly string[], random: Random): Uint8Array {
  const structs = doc.store.clients.get(client);
  const last = structs?.[structs.length - 1];
  const state = last ? last.id.clock + last.length : 0;
  let clock = random.chance(0.8) ? state : Math.max(0, state - random.below(6));
  const from = clock;
  const lists = listsOf(doc, roots);
  const anywhere = lists.flat();
  const encoder = encoding.createEncoder();
  const count = 1 + random.below(4);
  for (let index = 0; index < count; index += 1) {
    const list = lists.length > 0 && random.chance(0.9) ? random.pick(lists) : anywhere;
    const own: Id[] =
      clock > from && random.chance(0.3) ? [{ client, clock: clock - 1 - random.below(clock - from) }] : [];
    clock += writeStruct(encoder, [...own, ...list], roots, random);
  }
  const head = encoding.createEncoder();
  for (const number of [1, count, client, from]) encoding.writeVarUint(head, number);
  encoding.writeUint8Array(head, encoding.toUint8Array(encoder));
  const deleted = random.chance(0.3) && anywhere.length > 0 ? random.pick(anywhere) : null;
  for (const number of deleted ? [1, deleted.client, 1, deleted.clock, 1 + random.below(3)] : [0]) {
    encoding.writeVarUint(head, number);
  }
  return encoding.toUint8Array(head);
}

/** Ids of the units of each list, and of each key, in their order. */
function listsOf(doc: Y.Doc, roots: readonly string[]): Id[][] {
  const lists: Id[][] = [];
  const visit = (type: Y.AbstractType<unknown>) => {
    const inList: Y.Item[] = [];
    for (let item = type._start; item !== null; item = item.right) inList.push(item);
    const groups = [inList];
    for (const value of type._map.values()) {
      const values: Y.Item[] = [];
      for (let item: Y.Item | null = value; item !== null; item = item.left) values.unshift(item);
      groups.push(values);
    }
    for (const group of groups) {
      const ids = group.flatMap(({ id, length }) =>
        Array.from({ length }, (_, unit) => ({ client: id.client, clock: id.clock + unit })),
      );
      if (ids.length > 0) lists.push(ids);
      for (const { deleted, content } of group) {
        if (!deleted && content instanceof Y.ContentType) visit(content.type as Y.AbstractType<unknown>);
      }
    }
  };
  for (const root of roots) {
    const type = doc.share.get(root);
    if (type) visit(type as Y.AbstractType<unknown>);
  }
  return lists;
}

/** Answers its length. */
function writeStruct(encoder: encoding.Encoder, ids: readonly Id[], roots: readonly string[], random: Random): number {
  const numbers = (...values: number[]) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  };
  if (random.chance(0.05)) {
    const length = 1 + random.below(3);
    encoding.writeUint8(encoder, 0);
    numbers(length);
    return length;
  }
  const at = random.below(ids.length + 1);
  const origin = ids.length > 0 && random.chance(0.8) ? (ids[at] ?? null) : null;
  // Often the unit after it, else any.
  const right =
    ids.length > 0 && random.chance(0.7) ? (random.chance(0.4) ? ids[at + 1] : random.pick(ids)) : undefined;
  const kind = random.pick([1, 4, 4, 4, 6, 7, 8]);
  const keyed = random.chance(0.2);
  encoding.writeUint8(encoder, kind | (origin ? 0x80 : 0) | (right ? 0x40 : 0) | (keyed ? 0x20 : 0));
  if (origin) numbers(origin.client, origin.clock);
  if (right) numbers(right.client, right.clock);
  if (!origin && !right) {
    if (ids.length === 0 || random.chance(0.5)) {
      numbers(1);
      encoding.writeVarString(encoder, random.pick(roots));
    } else {
      const parent = random.pick(ids);
      numbers(0, parent.client, parent.clock);
    }
    if (keyed) encoding.writeVarString(encoder, random.pick(['kind', 'level']));
  }
  switch (kind) {
    case 1: {
      const length = 1 + random.below(3);
      numbers(length);
      return length;
    }
    case 4: {
      const text = random.pick(['f', 'forged', '👍']);
      encoding.writeVarString(encoder, text);
      return text.length;
    }
    case 6:
      encoding.writeVarString(encoder, 'bold');
      encoding.writeVarString(encoder, '{}');
      return 1;
    case 7: {
      const type = random.below(7);
      numbers(type);
      if (type === 3 || type === 5) encoding.writeVarString(encoder, 'forged');
      return 1;
    }
    default: {
      const length = 1 + random.below(2);
      numbers(length);
      for (let index = 0; index < length; index += 1) encoding.writeAny(encoder, random.below(9));
      return length;
    }
  }
}
