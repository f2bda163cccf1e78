// Word differences for people, smallest edits for texts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHunks, countWords, joinHunks, mapOffset, minimalHunks, wordDiff } from '../../shared/translation/diff.ts';

const words = fc
  .array(fc.constantFrom('кыргыз', 'the', ' ', '🙂', '👩‍👩‍👧', 'й', 'й', ', ', 'office', 'offices', '1'))
  .map((list) => list.join(''));

describe('wordDiff', () => {
  it('REVIEW-5 rebuilds both texts from its parts', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const parts = wordDiff(before, after, 'en');
        const without = (kind: string) =>
          parts
            .filter((part) => part.kind !== kind)
            .map(({ text }) => text)
            .join('');
        expect(without('added')).toBe(before);
        expect(without('removed')).toBe(after);
      }),
    );
  });

  it('reads in words, changes that stand side by side as one', () => {
    expect(wordDiff('The office will be moved.', 'The bureau has been moved.', 'en')).toEqual([
      { kind: 'same', text: 'The ' },
      { kind: 'removed', text: 'office will be' },
      { kind: 'added', text: 'bureau has been' },
      { kind: 'same', text: ' moved.' },
    ]);
    expect(wordDiff('', '', 'en')).toEqual([]);
    expect(wordDiff('', 'Жаңы сөз', 'ky')).toEqual([{ kind: 'added', text: 'Жаңы сөз' }]);
  });
});

describe('minimalHunks', () => {
  it('REVIEW-5 makes the new text of the old one, and halves no character', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const hunks = minimalHunks(before, after, 'en');
        expect(applyHunks(before, hunks)).toBe(after);
        expect(applyHunks(before, joinHunks(before, hunks))).toBe(after);
        for (const { offset, removed, inserted } of hunks) {
          expect(before.slice(offset, offset + removed).isWellFormed() && inserted.isWellFormed()).toBe(true);
        }
        if (before === after) expect(hunks).toEqual([]);
      }),
    );
  });

  it('changes letters, not words, where letters will do', () => {
    expect(minimalHunks('has ratifies it', 'has ratified it', 'en')).toEqual([
      { offset: 11, removed: 1, inserted: 'd' },
    ]);
  });

  it('tells where a place went', () => {
    const hunks = [{ offset: 4, removed: 3, inserted: 'longer' }];
    expect([0, 4, 5, 7, 8].map((offset) => mapOffset(hunks, offset, 'start'))).toEqual([0, 4, 4, 10, 11]);
    expect([0, 4, 5, 7, 8].map((offset) => mapOffset(hunks, offset, 'end'))).toEqual([0, 4, 10, 10, 11]);
  });
});

describe('countWords', () => {
  it('counts as the language does', () => {
    expect(countWords('Бишкекте жаңы бюро ачылат.', 'ky')).toBe(4);
    expect(countWords(' — 🙂 … ', 'en')).toBe(0);
  });
});
