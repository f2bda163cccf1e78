// Which cards the filters let through, how many there are, and which one comes next.
import { describe, expect, it } from 'vitest';
import {
  concerns,
  countKinds,
  INITIAL_FILTER,
  inDocumentOrder,
  neighbour,
  passes,
} from '../../../client/margin/filters.ts';
import type { AnnotationItem } from '../../../client/margin/types.ts';
import type { Annotation } from '../../../shared/annotation/types.ts';
import { AIGUL, annotation, message, NURLAN } from './values.ts';

const item = (one: Annotation): AnnotationItem => ({
  annotation: one,
  unsent: false,
  waiting: new Set(),
  deciding: false,
});

const ALL = [
  annotation('open', {}),
  annotation('wording', { kind: 'language', language: 'ru' }),
  annotation('claim', { kind: 'claim', createdBy: NURLAN, thread: [] }),
  annotation('resolved', { status: 'resolved' }),
  annotation('orphan', { anchorState: 'orphan' }),
  annotation('gone', { anchorState: 'orphan', status: 'resolved' }),
];

const shown = (change: Partial<typeof INITIAL_FILTER>, personId = 'nobody') =>
  ALL.filter((one) => passes(one, { ...INITIAL_FILTER, ...change }, personId)).map(({ id }) => id);

describe('filters of the margin', () => {
  it('MARGIN-4 show open annotations of every kind and language at first', () => {
    expect(shown({})).toEqual(['open', 'wording', 'claim', 'orphan']);
  });

  it('MARGIN-4 narrow by kind, state, language and what lost its place', () => {
    expect(shown({ kind: 'claim' })).toEqual(['claim']);
    expect(shown({ status: 'resolved' })).toEqual(['resolved', 'gone']);
    expect(shown({ status: 'all', language: 'ru' })).toEqual(['wording']);
    expect(shown({ attention: true })).toEqual(['orphan']);
    expect(shown({ attention: true, status: 'all' })).toEqual(['orphan']);
  });

  it('MARGIN-4 keep what a person made, takes part in or is mentioned in as theirs', () => {
    expect(shown({ mine: true }, NURLAN.id)).toEqual(['claim']);
    const mentioned = annotation('m', { thread: [message('1', AIGUL, 'ask @[Nurlan](nurlan) please')] });
    expect(concerns(mentioned, NURLAN.id)).toBe(true);
    const answered = annotation('r', { thread: [message('1', AIGUL, 'x'), message('2', NURLAN, 'y')] });
    expect(concerns(answered, NURLAN.id)).toBe(true);
    const deleted = { ...message('2', NURLAN, ''), deletedAt: 5 };
    expect(concerns(annotation('d', { thread: [message('1', AIGUL, 'x'), deleted] }), NURLAN.id)).toBe(false);
  });

  it('MARGIN-4 count each kind under the other filters, and everything that needs a person', () => {
    const counts = countKinds(ALL.map(item), { ...INITIAL_FILTER, kind: 'claim' }, 'nobody');
    expect(counts).toEqual({ kinds: { all: 4, comment: 2, language: 1, claim: 1 }, attention: 1 });
  });

  it('MARGIN-5 step through cards in the order of the article and round its end', () => {
    const at = (id: string, block: string, offset: number, language = 'en') =>
      item(annotation(id, { language, anchor: { ...annotation('x').anchor, startBlock: block, startOffset: offset } }));
    const order = new Map([
      ['a', 0],
      ['b', 1],
    ]);
    const items = [at('4', 'b', 0), at('2', 'a', 9), at('3', 'a', 1, 'ru'), at('1', 'a', 2), at('0', 'vanished', 7)];
    const ids = inDocumentOrder(items, order, ['en', 'ru']).map(({ annotation: { id } }) => id);
    expect(ids).toEqual(['0', '1', '2', '3', '4']);
    expect(neighbour(ids, null, 1)).toBe('0');
    expect(neighbour(ids, null, -1)).toBe('4');
    expect(neighbour(ids, '4', 1)).toBe('0');
    expect(neighbour(ids, 'filtered away', 1)).toBe('0');
    expect(neighbour([], '4', 1)).toBeNull();
  });
});
