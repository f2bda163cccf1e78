// Carets between the CRDT and a view: relative positions of Yjs (which other editors understand too) and positions in a
// ProseMirror document. Works alike for texts that one may edit and for those that one may only read.
import type { Node } from 'prosemirror-model';
import * as Y from 'yjs';
import { blockTextNodes } from '../../../shared/article/blocks.ts';

/** The relative position (JSON) of a position in the view's document, or null where the text has no block for it. */
export function toRelative(fragment: Y.XmlFragment, doc: Node, pos: number): unknown {
  const $pos = doc.resolve(pos);
  const element = fragment.get($pos.index(0));
  if (!(element instanceof Y.XmlElement)) return null;
  let offset = $pos.depth === 0 ? 0 : $pos.parentOffset;
  const texts = blockTextNodes(element);
  for (const text of texts) {
    if (offset <= text.length) return Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, offset));
    offset -= text.length;
  }
  return texts.length === 0 ? Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(element, 0)) : null;
}

/** The position that a relative one (JSON, from anybody) has in the view's document, or null. */
export function toAbsolute(fragment: Y.XmlFragment, doc: Node, json: unknown): number | null {
  const found = resolve(fragment, json);
  if (!found) return null;
  const { type, index } = found;
  const element = type instanceof Y.XmlText ? type.parent : type;
  if (!(element instanceof Y.XmlElement) || element.parent !== fragment) return null;
  let pos = 0;
  let at = 0;
  for (let item = fragment._first; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (at >= doc.childCount) return null;
    if (item === element._item) {
      let offset = type instanceof Y.XmlText ? index : 0;
      for (const text of blockTextNodes(element)) {
        if (text === type) break;
        offset += text.length;
      }
      return pos + 1 + Math.min(offset, doc.child(at).content.size);
    }
    pos += doc.child(at).nodeSize;
    at += 1;
  }
  return null;
}

function resolve(fragment: Y.XmlFragment, json: unknown): { type: Y.AbstractType<unknown>; index: number } | null {
  if (typeof json !== 'object' || json === null || !fragment.doc) return null;
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), fragment.doc, false);
  } catch {
    return null; // what another client wrote there is no position
  }
}
