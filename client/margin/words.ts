// The difference between two wordings, word by word, as it is shown in a card. Pure.
import { diffWords } from 'diff';

export interface WordChange {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** What became of `before` in `after`. Words are those of the language (CLDR rules), punctuation stands alone. */
export function wordDifference(before: string, after: string, language: string): WordChange[] {
  const intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' });
  return diffWords(before, after, { intlSegmenter }).map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}
