// The rule of the neighbours, by trial: a small list, structs put between any two of it, and whatever the guard accepts of that
// integrated in every order that Yjs allows. FUZZ_SEED repeats a run, FUZZ_ORDERS asks for a longer one.
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { judgeUpdate } from '../../server/sync/guard/guard.ts';
import { RootNames } from '../../server/sync/guard/store.ts';
import { firstSeed, type Random, randomness } from './random.ts';

const LISTS = Number(process.env.FUZZ_ORDERS ?? 1_500);
const STRUCTS = 8;
const CLIENTS = 4;
const ORDERS = 5;
const ROOT = 'list';

interface Forged {
  readonly client: number;
  readonly clock: number;
  readonly origin: Forged | null;
  readonly right: Forged | null;
  readonly update: Uint8Array;
}

function forge(client: number, clock: number, origin: Forged | null, right: Forged | null): Forged {
  const encoder = encoding.createEncoder();
  const numbers = (...values: number[]) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  };
  numbers(1, 1, client, clock);
  encoding.writeUint8(encoder, 0b1000 | (origin ? 0x80 : 0) | (right ? 0x40 : 0));
  for (const other of [origin, right]) if (other) numbers(other.client, other.clock);
  if (!origin && !right) {
    numbers(1);
    encoding.writeVarString(encoder, ROOT);
  }
  numbers(1);
  encoding.writeAny(encoder, `${client}:${clock}`);
  numbers(0);
  return { client, clock, origin, right, update: encoding.toUint8Array(encoder) };
}

/** Structs that the guard took, one after the other, and what they made. */
function takenStructs(random: Random): { structs: Forged[]; list: string; refused: number } {
  const doc = new Y.Doc();
  const array = doc.getArray(ROOT);
  const roots = new RootNames(doc);
  const structs: Forged[] = [];
  let refused = 0;
  while (structs.length < STRUCTS) {
    const client = 1 + random.below(CLIENTS);
    const clock = structs.filter((struct) => struct.client === client).length;
    const any = () => structs[random.below(structs.length + 1)] ?? null;
    const struct = forge(client, clock, any(), any());
    const verdict = judgeUpdate(struct.update, {
      doc,
      roots,
      personId: 'eva',
      ownerOf: () => 'eva',
      access: () => 'yes',
      mayWriteSomething: true,
    });
    if (verdict.kind !== 'accept') {
      refused += 1;
      continue;
    }
    Y.applyUpdate(doc, verdict.update);
    structs.push(struct);
  }
  return { structs, list: array.toArray().join(' '), refused };
}

/** A random order in which each comes after what it names and after its client's earlier ones. */
function otherOrder(structs: readonly Forged[], random: Random): Forged[] {
  const rest = [...structs];
  const order: Forged[] = [];
  const waits = (struct: Forged) =>
    rest.some(
      (other) =>
        other === struct.origin ||
        other === struct.right ||
        (other.client === struct.client && other.clock < struct.clock),
    );
  while (rest.length > 0) {
    const next = random.pick(rest.filter((struct) => !waits(struct)));
    rest.splice(rest.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

describe('fuzz', () => {
  it('GUARD-23 what is accepted between any two others stands in the same order, whatever came first', () => {
    const seed = firstSeed();
    let refusals = 0;
    for (let index = 0; index < LISTS; index += 1) {
      const random = randomness(seed + index);
      const { structs, list, refused } = takenStructs(random);
      refusals += refused;
      for (let times = 0; times < ORDERS; times += 1) {
        const copy = new Y.Doc();
        for (const { update } of otherOrder(structs, random)) Y.applyUpdate(copy, update);
        const got = copy.getArray(ROOT).toArray().join(' ');
        expect(got, `reproduce with FUZZ_ORDERS=1 FUZZ_SEED=${seed + index}`).toBe(list);
      }
    }
    console.info(
      `guard order fuzz: seeds ${seed} to ${seed + LISTS - 1}, ${LISTS * STRUCTS} taken, ${refusals} refused`,
    );
    expect(refusals).toBeGreaterThan(LISTS);
  }, 3_600_000);
});
