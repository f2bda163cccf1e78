// The keys of an editable text. What they do lives in structure.ts; the list of all keys for people is MARGIN's and reads
// the names in `EDITOR_KEYS`.
import { baseKeymap, chainCommands, deleteSelection, toggleMark } from 'prosemirror-commands';
import { undoInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import type { Command, Plugin } from 'prosemirror-state';
import { redoCommand, undoCommand } from 'y-prosemirror';
import { articleSchema } from '../../../shared/article/schema.ts';
import { indentBy, joinBackward, joinForward, setKind, splitBlock, toggleKind } from './structure.ts';

const { bold, italic } = articleSchema.marks;

/** Keys and the names of what they do, for lists of keys and palettes (texts: `workspace.format.<name>`). */
export const EDITOR_KEYS = [
  ['Mod-b', 'bold'],
  ['Mod-i', 'italic'],
  ['Mod-k', 'link'],
  ['Mod-Alt-0', 'paragraph'],
  ['Mod-Alt-1', 'heading1'],
  ['Mod-Alt-2', 'heading2'],
  ['Mod-Alt-3', 'heading3'],
  ['Mod-Alt-4', 'heading4'],
  ['Mod-Shift-7', 'numbered'],
  ['Mod-Shift-8', 'bulleted'],
  ['Mod-Shift-9', 'quote'],
  ['Mod-z', 'undo'],
  ['Mod-Shift-z', 'redo'],
] as const;

export type FormatName = (typeof EDITOR_KEYS)[number][1];

/** The formats as commands. `link` is the page's: it opens a dialog. */
export const FORMATS: Record<Exclude<FormatName, 'link'>, Command> = {
  bold: toggleMark(bold!),
  italic: toggleMark(italic!),
  paragraph: setKind('paragraph'),
  heading1: toggleKind('heading', { level: 1 }),
  heading2: toggleKind('heading', { level: 2 }),
  heading3: toggleKind('heading', { level: 3 }),
  heading4: toggleKind('heading', { level: 4 }),
  numbered: toggleKind('listItem', { ordered: true }),
  bulleted: toggleKind('listItem', { ordered: false }),
  quote: toggleKind('quote'),
  undo: undoCommand,
  redo: redoCommand,
};

/** Words are selected, or the caret is in a link: then Mod-K is about the link; otherwise it is the page's palette. */
export function concernsLink(state: Parameters<Command>[0]): boolean {
  return !state.selection.empty || Boolean(articleSchema.marks.link!.isInSet(state.selection.$from.marks()));
}

/** The keymaps, the article's own first. */
export function editorKeys(openLink: () => void): Plugin[] {
  const own: Record<string, Command> = {
    Enter: splitBlock,
    'Shift-Enter': splitBlock,
    Backspace: chainCommands(undoInputRule, deleteSelection, joinBackward),
    'Mod-Backspace': chainCommands(deleteSelection, joinBackward),
    Delete: chainCommands(deleteSelection, joinForward),
    'Mod-Delete': chainCommands(deleteSelection, joinForward),
    Tab: indentBy(1),
    'Shift-Tab': indentBy(-1),
    'Mod-y': redoCommand,
    'Mod-k': (state) => {
      if (!concernsLink(state)) return false;
      openLink();
      return true;
    },
  };
  for (const [key, name] of EDITOR_KEYS) if (name !== 'link') own[key] = FORMATS[name];
  return [keymap(own), keymap(baseKeymap)];
}
