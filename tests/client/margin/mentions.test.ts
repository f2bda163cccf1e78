// Mentions: what is typed, what is sent, what is shown.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromBody,
  matchPeople,
  mentionedIds,
  mentionQuery,
  parseBody,
  toBody,
} from '../../../client/margin/mentions.ts';

const PEOPLE = [
  { id: 'p1', name: 'Айгүл Касымова' },
  { id: 'p2', name: 'Нурлан' },
  { id: 'p3', name: 'Нурлан Өмүралиев' },
];

describe('mentions', () => {
  it('MARGIN-6 are sent with the person’s id and read as a name', () => {
    const body = toBody('@Нурлан Өмүралиев, бул чынбы? @Нурлан', PEOPLE);
    expect(body).toBe('@[Нурлан Өмүралиев](p3), бул чынбы? @[Нурлан](p2)');
    expect(parseBody(body)).toEqual([
      { mention: 'Нурлан Өмүралиев', personId: 'p3' },
      { text: ', бул чынбы? ' },
      { mention: 'Нурлан', personId: 'p2' },
    ]);
    expect(mentionedIds(`${body} @[Нурлан](p2)`)).toEqual(['p3', 'p2']);
  });

  it('MARGIN-6 survive the way into the field and back, whatever stands around them', () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'ө', ' ', '[', ')', '.', '\n', '😀') }),
      fc.constantFrom(...PEOPLE.map(({ id, name }) => `@[${name}](${id})`)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const body = pieces.join(' ');
        const { typed, chosen } = fromBody(body);
        expect(mentionedIds(toBody(typed, chosen)).sort()).toEqual(mentionedIds(body).sort());
      }),
    );
  });

  it('MARGIN-6 are offered while a name is typed after an @ that begins a word', () => {
    expect(mentionQuery('ask @nur', 8)).toEqual({ from: 4, query: 'nur' });
    expect(mentionQuery('@', 1)).toEqual({ from: 0, query: '' });
    expect(mentionQuery('«@Өм', 4)).toEqual({ from: 1, query: 'Өм' });
    expect(mentionQuery('mail@example.org', 12)).toBeNull();
    expect(mentionQuery('ask @nur later', 14)).toEqual({ from: 4, query: 'nur later' });
    expect(mentionQuery('ask @nur a b', 12)).toBeNull();
    expect(matchPeople(PEOPLE, 'өм').map(({ id }) => id)).toEqual(['p3']);
    expect(matchPeople(PEOPLE, '').length).toBe(3);
  });
});
