// How much of a quote is still there in the words that stand in its place now.
import { distance } from 'fastest-levenshtein';

/** From this share of its characters on, words still count as the quoted ones. */
export const STILL_SIMILAR = 0.5;
/** From this likeness on, words typed into the place of lost ones are those words, corrected. */
export const CORRECTED = 0.6;

/**
 * The share of the quote's characters that survive, in order, in `now`: 1 if words were only added inside, 0 if nothing is
 * left. Block breaks do not count, because splitting a paragraph changes no words.
 */
export function survivingShare(quote: string, now: string): number {
  const before = flat(quote);
  const after = flat(now);
  if (before === '') return after === '' ? 1 : 0;
  const added = Math.max(0, after.length - before.length);
  return Math.max(0, 1 - (distance(before, after) - added) / before.length);
}

/** How alike two wordings are, from 0 to 1; words added count as much as words gone. */
export function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - distance(a, b) / longest;
}

/** Words without block breaks: what split and join leave alone. */
export function flat(text: string): string {
  return text.replaceAll('\n', '');
}
