// Anchors: where an annotation stands, kept outside the text. Making one from a span, finding its span again. Both ends are
// exclusive: words typed at an edge stay outside (start sticks to the character on its right, end to the one on its left).
// Quotes are found in quotes.ts; what happens when words are lost is reattach.ts.
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import {
  type BlockView,
  characterAt,
  isEmptySpan,
  liveItems,
  openText,
  type Span,
  spanText,
  type TextRange,
  type TextView,
  textAfter,
  textBefore,
  tidySpan,
  toRange,
} from './textView.ts';
import type { Anchor, Annotation } from './types.ts';

/** How many characters of context are kept on each side of a quote. */
export const CONTEXT_LENGTH = 32;

/** The anchor of a span that is not empty. */
export function makeAnchor(view: TextView, span: Span): Anchor {
  const range = toRange(view, span);
  return {
    start: encodeEnd(view.blocks[span.start], span.startOffset, 0),
    end: encodeEnd(view.blocks[span.end], span.endOffset - 1, -1),
    ...range,
    exact: spanText(view, span),
    prefix: textBefore(view, span.start, span.startOffset, CONTEXT_LENGTH),
    suffix: textAfter(view, span.end, span.endOffset, CONTEXT_LENGTH),
    lostAt: null,
  };
}

/** An end that sticks to the character at `offset`; a range that starts or ends at a block's edge sticks to the block. */
function encodeEnd(block: BlockView | undefined, offset: number, assoc: 0 | -1): string {
  if (!block) throw new Error('an anchor outside its text');
  const character = offset >= 0 ? characterAt(block, offset) : null;
  if (character) {
    const { client, clock } = character.item.id;
    const id = { client, clock: clock + character.offset };
    return toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromJSON({ item: id, assoc })));
  }
  const node = assoc === 0 ? block.nodes[block.nodes.length - 1] : block.nodes[0];
  if (!node) throw new Error('an anchor in a block without text');
  const index = assoc === 0 ? node.length : 0;
  return toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(node, index, assoc)));
}

export interface Point {
  block: number;
  offset: number;
}

/** Where the two ends are now; null where the block that held an end is gone. */
export function resolveEnds(view: TextView, anchor: Anchor): { start: Point | null; end: Point | null } {
  const { start, end } = positionsOf(anchor);
  return { start: resolveEnd(view, start), end: resolveEnd(view, end) };
}

/** The anchor's span by its positions alone, or null if nothing is left between them. */
export function resolveSpan(view: TextView, anchor: Anchor): Span | null {
  const { start, end } = resolveEnds(view, anchor);
  if (!start || !end) return null;
  const positions = { start: start.block, startOffset: start.offset, end: end.block, endOffset: end.offset };
  const span = tidySpan(view, positions);
  return isEmptySpan(span) ? null : span;
}

/**
 * The ranges of many annotations of one text by their positions, in one pass. Orphans, and annotations of other languages, are
 * left out. What this answers is where to draw; whether those are the right words is the server's to say (`anchorState`).
 */
export function resolveAnchors(
  doc: Y.Doc,
  language: string,
  annotations: Iterable<Pick<Annotation, 'id' | 'language' | 'anchor' | 'anchorState'>>,
): Map<string, TextRange> {
  const view = openText(doc, language);
  const ranges = new Map<string, TextRange>();
  for (const annotation of annotations) {
    if (annotation.language !== language || annotation.anchorState === 'orphan') continue;
    const span = resolveSpan(view, annotation.anchor);
    if (span) ranges.set(annotation.id, toRange(view, span));
  }
  return ranges;
}

/** Anchors are values that never change, and are resolved again and again: decoding them once is enough. */
const decoded = new WeakMap<Anchor, { start: Y.RelativePosition; end: Y.RelativePosition }>();

function positionsOf(anchor: Anchor): { start: Y.RelativePosition; end: Y.RelativePosition } {
  const known = decoded.get(anchor);
  if (known) return known;
  const positions = {
    start: Y.decodeRelativePosition(fromBase64(anchor.start)),
    end: Y.decodeRelativePosition(fromBase64(anchor.end)),
  };
  decoded.set(anchor, positions);
  return positions;
}

function resolveEnd(view: TextView, position: Y.RelativePosition): Point | null {
  const absolute = Y.createAbsolutePositionFromRelativePosition(position, view.doc);
  if (!absolute || !(absolute.type instanceof Y.XmlText)) return null;
  const block = view.ofElement(absolute.type.parent);
  if (!block) return null;
  if (block.nodes.length === 1 && absolute.type.length === block.text.length) {
    return { block: block.index, offset: absolute.index }; // as good as always: one node, nothing but words
  }
  let offset = offsetOfIndex(absolute.type, absolute.index);
  for (const node of block.nodes) {
    if (node === absolute.type) return { block: block.index, offset };
    offset += offsetOfIndex(node, node.length);
  }
  return null;
}

/** Yjs counts embedded objects, our offsets do not. */
function offsetOfIndex(node: Y.XmlText, index: number): number {
  let offset = 0;
  let left = index;
  for (const item of liveItems(node)) {
    if (left <= 0) break;
    const length = Math.min(left, item.length);
    if (item.content instanceof Y.ContentString) offset += length;
    left -= length;
  }
  return offset;
}
