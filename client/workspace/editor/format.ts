// The format at the caret or of the selected words, as a value: what the buttons show.
import type { EditorState } from 'prosemirror-state';
import { articleSchema } from '../../../shared/article/schema.ts';
import { concernsLink } from './keys.ts';
import { attributesOf, kindAt } from './structure.ts';

export const BLOCK_FORMATS = [
  'paragraph',
  'heading1',
  'heading2',
  'heading3',
  'heading4',
  'bulleted',
  'numbered',
  'quote',
] as const;
export type BlockFormat = (typeof BLOCK_FORMATS)[number];

export interface Format {
  bold: boolean;
  italic: boolean;
  link: boolean;
  mayLink: boolean;
  block: BlockFormat;
}

export function formatOf(state: EditorState): Format {
  return {
    bold: hasMark(state, 'bold'),
    italic: hasMark(state, 'italic'),
    link: hasMark(state, 'link'),
    mayLink: concernsLink(state),
    block: blockFormat(state),
  };
}

export function sameFormat(a: Format | null, b: Format): boolean {
  if (a === null) return false;
  return (
    a.bold === b.bold && a.italic === b.italic && a.link === b.link && a.mayLink === b.mayLink && a.block === b.block
  );
}

function hasMark(state: EditorState, name: 'bold' | 'italic' | 'link'): boolean {
  const type = articleSchema.marks[name]!;
  const { from, to, empty, $from } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

function blockFormat(state: EditorState): BlockFormat {
  const attributes = kindAt(state.selection.$from) ?? attributesOf(state.doc.firstChild!);
  if (attributes.kind === 'heading') return `heading${attributes.level}` as BlockFormat;
  if (attributes.kind === 'listItem') return attributes.ordered ? 'numbered' : 'bulleted';
  return attributes.kind === 'quote' ? 'quote' : 'paragraph';
}
