// From chosen words to the target of a command: blocks, the exact words, what stands around them. Pure.
import type { Node } from 'prosemirror-model';
import type { TextSelection } from '../workspace/types.ts';
import { blockPlaces, rangeToBlocks, wordsBetween } from './places.ts';

/** How much context is sent along: enough to tell equal words apart. */
const CONTEXT = 32;

export interface Target {
  language: string;
  blockId: string;
  endBlockId?: string;
  exact: string;
  prefix: string;
  suffix: string;
  position: { start: number; end: number };
}

/** The target of a stretch of a text as it is now, or null if there are no words in it. */
export function targetOfRange(doc: Node, language: string, range: { from: number; to: number }): Target | null {
  const trimmed = trimRange(doc, range);
  const blocks = trimmed && rangeToBlocks(doc, trimmed.from, trimmed.to);
  if (!trimmed || !blocks) return null;
  return {
    language,
    blockId: blocks.startBlock,
    ...(blocks.endBlock === blocks.startBlock ? {} : { endBlockId: blocks.endBlock }),
    exact: wordsBetween(doc, trimmed.from, trimmed.to),
    prefix: around(doc.textBetween(0, trimmed.from, '\n').slice(-CONTEXT)),
    suffix: around(doc.textBetween(trimmed.to, doc.content.size, '\n').slice(0, CONTEXT)),
    position: { start: blocks.startOffset, end: blocks.endOffset },
  };
}

/** The target of words selected in a column. */
export function targetOfSelection(doc: Node, words: Omit<TextSelection, 'rect'>): Target | null {
  const range = rangeOfWords(doc, words);
  return range && targetOfRange(doc, words.language, range);
}

export function rangeOfWords(
  doc: Node,
  words: Pick<TextSelection, 'startBlock' | 'startOffset' | 'endBlock' | 'endOffset'>,
): { from: number; to: number } | null {
  const blocks = blockPlaces(doc);
  const start = blocks.get(words.startBlock);
  const end = blocks.get(words.endBlock);
  if (!start || !end) return null;
  const from = start.start + Math.min(words.startOffset, start.size);
  const to = end.start + Math.min(words.endOffset, end.size);
  return from < to ? { from, to } : null;
}

/** Words of one block that were selected earlier, at the place where they are now; unchanged if they are not found. */
export function findWordsAgain<
  T extends Pick<TextSelection, 'startBlock' | 'startOffset' | 'endBlock' | 'endOffset' | 'exact'>,
>(doc: Node, words: T): T {
  const block = blockPlaces(doc).get(words.startBlock);
  if (!block || words.startBlock !== words.endBlock) return words;
  const text = wordsBetween(doc, block.start, block.start + block.size);
  if (text.startsWith(words.exact, words.startOffset)) return words;
  let nearest = -1;
  for (let at = text.indexOf(words.exact); at >= 0; at = text.indexOf(words.exact, at + 1)) {
    if (nearest < 0 || Math.abs(at - words.startOffset) < Math.abs(nearest - words.startOffset)) nearest = at;
  }
  return nearest < 0 ? words : { ...words, startOffset: nearest, endOffset: nearest + words.exact.length };
}

/** White space and block edges at the ends of a selection are nobody's words. */
function trimRange(doc: Node, { from, to }: { from: number; to: number }): { from: number; to: number } | null {
  while (from < to && isBlank(doc, from, from + 1)) from++;
  while (to > from && isBlank(doc, to - 1, to)) to--;
  return from < to ? { from, to } : null;
}

function isBlank(doc: Node, from: number, to: number): boolean {
  return doc.textBetween(from, to).trim() === '';
}

/** A cut may halve a surrogate pair; a half cannot be sent. */
function around(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, '');
}
