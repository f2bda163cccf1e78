// Changing a block's words in place: the smallest edit, with the formatting that the replaced words had. What is not replaced
// is not touched, so carets and anchors in it live on.
import * as Y from 'yjs';
import { type BlockView, liveItems } from '../../shared/annotation/textView.ts';
import type { Hunk } from '../../shared/translation/diff.ts';

type Attributes = Record<string, unknown>;

/**
 * Applies hunks (in order, offsets of the block as it is) to a block. `within` bounds what was asked to change: an insertion at
 * its start takes its formatting from inside, not from the word before.
 */
export function applyHunksToBlock(
  block: BlockView,
  hunks: readonly Hunk[],
  within: { from: number; to: number },
): void {
  for (const hunk of hunks.toReversed()) {
    const attributes = attributesFor(block, hunk, within);
    if (hunk.inserted !== '') insertAt(block, hunk.offset, hunk.inserted, attributes);
    if (hunk.removed > 0) removeAt(block, hunk.offset + hunk.inserted.length, hunk.removed);
  }
}

/** Inserts words into a block with exactly these formatting attributes. */
export function insertAt(block: BlockView, offset: number, text: string, attributes: Attributes): void {
  let left = offset;
  const nodes = block.element.toArray().filter((child) => child instanceof Y.XmlText);
  for (const [index, node] of nodes.entries()) {
    const length = wordsLength(node);
    if (left < length || (left === length && index === nodes.length - 1)) {
      node.insert(indexOfOffset(node, left), text, attributes);
      return;
    }
    left -= length;
  }
  const node = new Y.XmlText();
  block.element.insert(block.element.length, [node]);
  node.insert(0, text, attributes);
}

export function removeAt(block: BlockView, offset: number, length: number): void {
  let skip = offset;
  let left = length;
  for (const node of block.element.toArray()) {
    if (!(node instanceof Y.XmlText)) continue;
    const here = wordsLength(node);
    if (skip < here) {
      const count = Math.min(left, here - skip);
      const from = indexOfOffset(node, skip);
      node.delete(from, indexOfOffset(node, skip + count) - from);
      left -= count;
      if (left === 0) return;
      skip = 0;
    } else skip -= here;
  }
}

/** Formatting attributes of the character at `offset`. */
export function attributesAt(block: BlockView, offset: number): Attributes | null {
  let left = offset;
  for (const node of block.element.toArray()) {
    if (!(node instanceof Y.XmlText)) continue;
    for (const { insert, attributes } of node.toDelta() as { insert: unknown; attributes?: Attributes }[]) {
      if (typeof insert !== 'string') continue;
      if (left < insert.length) return attributes ?? {};
      left -= insert.length;
    }
  }
  return null;
}

function attributesFor(block: BlockView, hunk: Hunk, within: { from: number; to: number }): Attributes {
  if (hunk.removed > 0) return attributesAt(block, hunk.offset) ?? {};
  const left = hunk.offset > 0 ? attributesAt(block, hunk.offset - 1) : null;
  const right = attributesAt(block, hunk.offset);
  const chosen = (hunk.offset > within.from || within.from === within.to ? left : right) ?? left ?? right ?? {};
  const sameLink = JSON.stringify(left?.link) === JSON.stringify(right?.link);
  if (sameLink || !('link' in chosen)) return chosen;
  const { link: _, ...others } = chosen; // words added beside a link are not part of it
  return others;
}

function wordsLength(node: Y.XmlText): number {
  let length = 0;
  for (const item of liveItems(node)) if (item.content instanceof Y.ContentString) length += item.length;
  return length;
}

/** Yjs counts embedded objects, our offsets do not. */
function indexOfOffset(node: Y.XmlText, offset: number): number {
  let index = 0;
  let left = offset;
  for (const item of liveItems(node)) {
    if (left <= 0) break;
    if (item.content instanceof Y.ContentString) {
      const length = Math.min(left, item.length);
      index += length;
      left -= length;
    } else index += item.length;
  }
  return index;
}
