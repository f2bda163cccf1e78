// From anchors to positions in a ProseMirror document and back. The document is a flat list of blocks that hold only text,
// so an offset within a block is a position after the block's start.
import type { Node } from 'prosemirror-model';
import type * as Y from 'yjs';
import { resolveAnchors } from '../../shared/annotation/anchors.ts';
import type { Anchor, Annotation } from '../../shared/annotation/types.ts';

export interface Place {
  id: string;
  from: number;
  to: number;
}

interface BlockPlace {
  /** Position of the block's first character. */
  start: number;
  size: number;
  node: Node;
}

/** Where every block begins. Of duplicates, the first. */
export function blockPlaces(doc: Node): Map<string, BlockPlace> {
  const places = new Map<string, BlockPlace>();
  doc.forEach((node, offset) => {
    const id: unknown = node.attrs.id;
    if (typeof id === 'string' && !places.has(id)) places.set(id, { start: offset + 1, size: node.content.size, node });
  });
  return places;
}

/** The blocks and offsets of a stretch of the document, or null if it touches a block that has no id yet. */
export function rangeToBlocks(
  doc: Node,
  from: number,
  to: number,
): { startBlock: string; startOffset: number; endBlock: string; endOffset: number } | null {
  const start = doc.resolve(from);
  const end = doc.resolve(to);
  const startBlock: unknown = start.parent.attrs.id;
  const endBlock: unknown = end.parent.attrs.id;
  if (start.depth !== 1 || end.depth !== 1 || typeof startBlock !== 'string' || typeof endBlock !== 'string')
    return null;
  return { startBlock, startOffset: start.parentOffset, endBlock, endOffset: end.parentOffset };
}

/** The words of a stretch, its blocks joined by a line break: what an anchor calls `exact`. */
export function wordsBetween(doc: Node, from: number, to: number): string {
  return doc.textBetween(from, to, '\n');
}

/**
 * Where annotations stand in a text. A drawn place whose words are still the quoted ones is kept: after a split or a join
 * it is right while the Yjs positions are not. Else the resolved anchor counts. Those without words are left out.
 */
export function placeAnnotations(
  ydoc: Y.Doc,
  language: string,
  doc: Node,
  annotations: readonly Annotation[],
  drawn: ReadonlyMap<string, { from: number; to: number }>,
): Place[] {
  const blocks = blockPlaces(doc);
  const places: Place[] = [];
  const open: Annotation[] = [];
  for (const annotation of annotations) {
    const range = drawn.get(annotation.id);
    if (
      range &&
      range.to <= doc.content.size &&
      holdsQuote(doc, blocks.get(annotation.anchor.startBlock), range, annotation.anchor.exact)
    ) {
      places.push({ id: annotation.id, from: range.from, to: range.to });
    } else if (annotation.anchor.start === '') {
      const place = placeByQuote(blocks, annotation.anchor);
      if (place) places.push({ id: annotation.id, ...place });
    } else open.push(annotation);
  }
  if (open.length === 0) return places;
  const resolved = resolveAnchors(ydoc, language, open);
  for (const { id, anchor } of open) {
    const found = resolved.get(id) ?? null;
    const place = (found && toPlace(blocks, found)) ?? placeByQuote(blocks, anchor);
    if (place) places.push({ id, ...place });
  }
  return places;
}

/** Looks into the anchor's own block first: searching the whole document for each of 2,000 annotations is slow. */
function holdsQuote(
  doc: Node,
  block: BlockPlace | undefined,
  range: { from: number; to: number },
  exact: string,
): boolean {
  if (block && range.from >= block.start && range.to <= block.start + block.size) {
    return block.node.textBetween(range.from - block.start, range.to - block.start) === exact;
  }
  return wordsBetween(doc, range.from, range.to).replaceAll('\n', '') === exact.replaceAll('\n', '');
}

function toPlace(
  blocks: ReadonlyMap<string, BlockPlace>,
  found: { startBlock: string; startOffset: number; endBlock: string; endOffset: number },
): { from: number; to: number } | null {
  const start = blocks.get(found.startBlock);
  const end = blocks.get(found.endBlock);
  if (!start || !end) return null;
  const from = start.start + Math.min(found.startOffset, start.size);
  const to = end.start + Math.min(found.endOffset, end.size);
  return from < to ? { from, to } : null;
}

/** By the recorded offsets if they hold the quote, else the nearest equal words of the same block. */
function placeByQuote(blocks: ReadonlyMap<string, BlockPlace>, anchor: Anchor): { from: number; to: number } | null {
  if (anchor.startBlock !== anchor.endBlock) return toPlace(blocks, anchor);
  const block = blocks.get(anchor.startBlock);
  if (!block || anchor.exact === '') return null;
  const text = block.node.textContent;
  let best = -1;
  for (let at = text.indexOf(anchor.exact); at >= 0; at = text.indexOf(anchor.exact, at + 1)) {
    if (best < 0 || Math.abs(at - anchor.startOffset) < Math.abs(best - anchor.startOffset)) best = at;
  }
  if (best < 0) return null;
  return { from: block.start + best, to: block.start + best + anchor.exact.length };
}
