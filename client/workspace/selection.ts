// The words selected in a view, as the margin needs them: blocks, offsets, the words themselves and their place on screen.
import { TextSelection as ProseMirrorSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import type { TextSelection } from './types.ts';

/** What is selected in the view, or null if no words are. Blanks at both ends are left out. */
export function selectionOf(view: EditorView, language: string): TextSelection | null {
  const { selection, doc } = view.state;
  if (selection.empty || !(selection instanceof ProseMirrorSelection)) return null;
  const raw = doc.textBetween(selection.from, selection.to, '\n');
  if (raw.trim() === '') return null;
  const from = selection.from + (raw.length - raw.trimStart().length);
  const to = selection.to - (raw.length - raw.trimEnd().length);
  // A blank at an edge may be the border between two blocks, which counts two positions: then the words stay as selected.
  const inside = doc.textBetween(from, to, '\n') === raw.trim();
  const $from = doc.resolve(inside ? from : selection.from);
  const $to = doc.resolve(inside ? to : selection.to);
  const startBlock: unknown = $from.depth === 1 ? $from.parent.attrs.id : null;
  const endBlock: unknown = $to.depth === 1 ? $to.parent.attrs.id : null;
  if (typeof startBlock !== 'string' || typeof endBlock !== 'string') return null;
  return {
    language,
    startBlock,
    startOffset: $from.parentOffset,
    endBlock,
    endOffset: $to.parentOffset,
    exact: inside ? raw.trim() : raw,
    rect: rectOf(view, $from.pos, $to.pos),
  };
}

function rectOf(view: EditorView, from: number, to: number): TextSelection['rect'] {
  const start = view.coordsAtPos(from, 1);
  const end = view.coordsAtPos(to, -1);
  const column = view.dom.getBoundingClientRect();
  const oneLine = Math.abs(start.top - end.top) < 4;
  return {
    left: oneLine ? start.left : column.left,
    right: oneLine ? end.right : column.right,
    top: start.top,
    bottom: end.bottom,
  };
}
