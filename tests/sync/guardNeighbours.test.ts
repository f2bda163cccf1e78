// Whether two structs can have stood side by side: each question of the rule alone, and what asking them may cost.
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import type * as Y from 'yjs';
import { couldBeNeighbours, type Run, type Unit } from '../../server/sync/guard/neighbours.ts';
import type { Id } from '../../server/updates/decode.ts';
import { handmade, MY_CLIENT, numbers, oneStruct, refusal, server } from './guardHarness.ts';
import { firstText } from './harness.ts';

/** A list of runs of one unit each, by the name of their client: who each was put after, and before. */
function list(given: Record<number, { after?: number; before?: number }>) {
  const idOf = (client: number | undefined): Id | null => (client === undefined ? null : { client, clock: 0 });
  const runOf = ({ client }: Id): Run => ({
    id: { client, clock: 0 },
    origin: idOf(given[client]!.after),
    rightOrigin: idOf(given[client]!.before),
  });
  const unit = (client: number): Unit => ({ id: idOf(client)!, run: runOf(idOf(client)!) });
  return (left: number, right: number) => couldBeNeighbours(unit(left), unit(right), runOf);
}

describe('neighbours', () => {
  it('GUARD-23 can be two of which one was put beside the other, and two that know nothing of each other', () => {
    const could = list({ 1: {}, 2: { after: 1 }, 3: { before: 1 }, 4: {} });
    expect([could(1, 2), could(3, 1), could(1, 4), could(4, 1)]).toEqual([true, true, true, true]);
  });

  it('GUARD-23 cannot be two in the reverse of the order in which they stand', () => {
    const could = list({ 1: {}, 2: { after: 1 }, 3: { before: 1 }, 4: { before: 3 } });
    expect(could(2, 1), 'the right one was put before the left one').toBe(false);
    // Only its right origin tells where such a one stands.
    expect(could(1, 3), 'the right one was put directly before the left one').toBe(false);
    expect(could(1, 4), 'the right one was put before what stands before the left one').toBe(false);
  });

  it('GUARD-23 cannot be two between which something stood that one of them was put after', () => {
    const could = list({ 1: {}, 2: { after: 1 }, 3: { after: 2 } });
    expect(could(1, 3)).toBe(false);
  });

  it('GUARD-23 refuses a struct between a word and what was put before it, in the wrong order', () => {
    const { doc, judge } = server();
    const text = firstText(doc, 'ru');
    doc.clientID = 7_001;
    text.insert(0, 'x');
    const before = text._start!.id;
    const after = (text._start!.right as Y.Item).id;
    const between = (left: Id, right: Id) =>
      judge(
        oneStruct(MY_CLIENT, 0, (encoder) => {
          encoding.writeUint8(encoder, 0b1100_0100);
          numbers(encoder, left.client, left.clock, right.client, right.clock);
          encoding.writeVarString(encoder, 'y');
        }),
      );
    expect(between(before, after).kind).toBe('accept');
    expect(refusal(between(after, before)).message).toMatch('never were neighbours');
  });
});

describe('a tangled update', () => {
  it('GUARD-23 may cost so much and no more: past that it is refused, whatever it says', () => {
    const { doc, judge } = server();
    const text = firstText(doc, 'ru');
    doc.clientID = 7_000;
    text.insert(0, 'A');
    const left = text._start!.id;
    // Two people take turns, letter by letter: following what each was put after takes a step a letter.
    for (let letters = 0; letters < 2_000; letters += 1) {
      doc.clientID = 7_001 + (letters % 2);
      text.insert(text.length, 'x');
    }
    const right = { client: 7_002, clock: 999 };
    /** So many structs between the first letter and the last. */
    const tangle = (count: number) =>
      handmade((encoder) => {
        numbers(encoder, 1, count, MY_CLIENT, 0);
        for (let structs = 0; structs < count; structs += 1) {
          encoding.writeUint8(encoder, 0b1100_0100);
          numbers(encoder, left.client, left.clock, right.client, right.clock);
          encoding.writeVarString(encoder, 'y');
        }
        numbers(encoder, 0);
      });
    expect(judge(tangle(145)).kind).toBe('accept'); // 290,000 steps
    expect(refusal(judge(tangle(155))).message).toBe('too tangled');
  });
});
