// Words of texts of which a letter changes now and then, counted as `countWords` does. Looking for the words of a language takes
// a microsecond for each; most of what stands between two spaces was looked at before. Pure, except that it remembers.
import { countWords } from '../../shared/translation/diff.ts';

export type CountWords = (text: string, language: string) => number;

/**
 * No word of any language goes over one of these (Unicode Standard Annex 29), so that what stands between them can be counted
 * by itself. Other kinds of white space do join: a narrow no-break space the parts of a number.
 */
const BETWEEN_SPACES = /[^ \t\n\u00a0]+/g;
/** A megabyte or two; past it the memory starts anew. */
const MAX_REMEMBERED = 20_000;

/** For many texts. */
export function createWordCounter(): CountWords {
  const byLanguage = new Map<string, CountWords>();
  return (text, language) => {
    let ofPart = byLanguage.get(language);
    if (!ofPart) {
      ofPart = remembering(countWords);
      byLanguage.set(language, ofPart);
    }
    let words = 0;
    for (const part of text.match(BETWEEN_SPACES) ?? []) words += ofPart(part, language);
    return words;
  };
}

/** The same, for texts of one language of which most come again. */
export function remembering(count: CountWords): CountWords {
  const known = new Map<string, number>();
  return (text, language) => {
    let words = known.get(text);
    if (words === undefined) {
      words = count(text, language);
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(text, words);
    }
    return words;
  };
}
