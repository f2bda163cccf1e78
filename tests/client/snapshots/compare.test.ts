// Two states of a text, compared block by block.
import { expect, it } from 'vitest';
import { compareBlocks } from '../../../client/snapshots/compare.ts';
import { makeBlock } from '../../../shared/article/blocks.ts';

it('DESK-7 shows what a snapshot differs in: changed words, new blocks, and gone ones where they stood', () => {
  const before = [
    makeBlock('one', 'The office has open.'),
    makeBlock('two', 'Gone now.'),
    makeBlock('three', 'As it was.'),
  ];
  const after = [
    makeBlock('zero', 'A new start.'),
    makeBlock('one', 'The office has opened.'),
    makeBlock('three', 'As it was.'),
  ];
  const compared = compareBlocks(before, after, 'en');
  expect(compared.map(({ block, change }) => [block.id, change])).toEqual([
    ['zero', 'added'],
    ['one', 'changed'],
    ['two', 'removed'],
    ['three', 'same'],
  ]);
  const kept = compared[1]?.parts.filter(({ kind }) => kind !== 'added').map(({ text }) => text);
  expect(kept?.join('')).toBe('The office has open.');
});

it('shows blocks that are gone from the beginning before everything else', () => {
  const compared = compareBlocks([makeBlock('a', 'x'), makeBlock('b', 'y')], [makeBlock('b', 'y')], 'en');
  expect(compared.map(({ block, change }) => [block.id, change])).toEqual([
    ['a', 'removed'],
    ['b', 'same'],
  ]);
});
