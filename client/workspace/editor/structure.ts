// Commands that change blocks: split, join, kind, level, indent. Kinds are attributes, so that words and their anchors stay
// where they are. Pure ProseMirror commands; they know nothing of Yjs or the DOM.
import type { Node, ResolvedPos } from 'prosemirror-model';
import { type Command, type EditorState, TextSelection, type Transaction } from 'prosemirror-state';
import { newBlockId } from '../../../shared/article/ids.ts';
import { type BlockAttributes, type BlockKind, MAX_INDENT } from '../../../shared/article/schema.ts';

/** Kinds that Enter at their end does not repeat: what follows a headline is a paragraph. */
const FOLLOWED_BY_PARAGRAPH: readonly BlockKind[] = ['heading', 'caption', 'byline', 'dateline'];

export function attributesOf(node: Node): BlockAttributes {
  return node.attrs as BlockAttributes;
}

/**
 * Enter. The first part keeps the id. At the very start of a block with words the new, empty block goes before it, so that
 * the words keep their id and their translations.
 */
export const splitBlock: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if ($from.depth !== 1 || $to.depth !== 1) return false;
  if (!dispatch) return true;
  const tr = state.tr;
  if (!state.selection.empty) tr.deleteSelection();
  const $at = tr.selection.$from;
  const block = $at.parent;
  const attributes = attributesOf(block);
  if (block.content.size === 0 && attributes.kind === 'listItem') {
    dispatch(tr.setNodeMarkup($at.before(), null, leaveList(attributes)).scrollIntoView());
    return true;
  }
  if ($at.parentOffset === 0 && block.content.size > 0) {
    tr.insert($at.before(), block.type.create(followingAttributes(attributes, false)));
  } else {
    const atEnd = $at.parentOffset === block.content.size;
    tr.split($at.pos, 1, [{ type: block.type, attrs: followingAttributes(attributes, atEnd) }]);
  }
  dispatch(tr.scrollIntoView());
  return true;
};

function followingAttributes(attributes: BlockAttributes, atEnd: boolean): BlockAttributes {
  const kind = atEnd && FOLLOWED_BY_PARAGRAPH.includes(attributes.kind) ? 'paragraph' : attributes.kind;
  return { ...attributes, kind, id: newBlockId() };
}

/** An item of a list that is being left: one step out, and a paragraph at last. */
function leaveList(attributes: BlockAttributes): BlockAttributes {
  return attributes.indent > 0
    ? { ...attributes, indent: attributes.indent - 1 }
    : { ...attributes, kind: 'paragraph' };
}

/** Backspace at the start of a block: first takes off what makes it special, then joins it to the one before. */
export const joinBackward: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth !== 1 || $from.parentOffset > 0) return false;
  const attributes = attributesOf($from.parent);
  if (attributes.kind === 'listItem') {
    dispatch?.(state.tr.setNodeMarkup($from.before(), null, leaveList(attributes)).scrollIntoView());
    return true;
  }
  const before = state.doc.resolve($from.before()).nodeBefore;
  if (!before) {
    if (attributes.kind === 'paragraph') return true; // nothing to join with
    dispatch?.(state.tr.setNodeMarkup($from.before(), null, { ...attributes, kind: 'paragraph' }));
    return true;
  }
  dispatch?.(joinAt(state, $from.before(), before, $from.parent));
  return true;
};

/** Delete at the end of a block: joins the one after it. */
export const joinForward: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth !== 1 || $from.parentOffset < $from.parent.content.size) return false;
  const after = state.doc.resolve($from.after()).nodeAfter;
  if (!after) return true;
  dispatch?.(joinAt(state, $from.after(), $from.parent, after));
  return true;
};

/** The first block survives a join; an empty one has nothing to survive for and gives way to the words after it. */
function joinAt(state: EditorState, boundary: number, first: Node, second: Node): Transaction {
  const { tr } = state;
  if (first.content.size === 0 && second.content.size > 0) tr.delete(boundary - first.nodeSize, boundary);
  else tr.join(boundary);
  return tr.scrollIntoView();
}

/** Every block that the selection touches. */
function selectedBlocks(state: EditorState): { node: Node; pos: number }[] {
  const blocks: { node: Node; pos: number }[] = [];
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (node.type.name === 'block') blocks.push({ node, pos });
    return false;
  });
  return blocks;
}

/** Changes attributes of the selected blocks; `change` answers null where nothing is to change. */
function changeBlocks(change: (attributes: BlockAttributes) => Partial<BlockAttributes> | null): Command {
  return (state, dispatch) => {
    const { tr } = state;
    for (const { node, pos } of selectedBlocks(state)) {
      const changed = change(attributesOf(node));
      if (changed) tr.setNodeMarkup(pos, null, { ...node.attrs, ...changed });
    }
    if (!tr.docChanged) return false;
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** Makes the selected blocks this kind; if they all are already, they become paragraphs. */
export function toggleKind(kind: BlockKind, extra: Partial<BlockAttributes> = {}): Command {
  return (state, dispatch) => {
    const wanted = { kind, ...extra };
    const all = selectedBlocks(state).every(({ node }) => isLike(attributesOf(node), wanted));
    return changeBlocks(() => (all ? { kind: 'paragraph', indent: 0 } : wanted))(state, dispatch);
  };
}

export function setKind(kind: BlockKind, extra: Partial<BlockAttributes> = {}): Command {
  return changeBlocks((attributes) => (isLike(attributes, { kind, ...extra }) ? null : { kind, ...extra }));
}

function isLike(attributes: BlockAttributes, wanted: Partial<BlockAttributes>): boolean {
  return Object.entries(wanted).every(([name, value]) => attributes[name as keyof BlockAttributes] === value);
}

/** Tab and Shift-Tab in a list. Elsewhere the keys keep moving the focus. */
export function indentBy(step: 1 | -1): Command {
  return (state, dispatch) => {
    const blocks = selectedBlocks(state);
    if (!blocks.every(({ node }) => attributesOf(node).kind === 'listItem')) return false;
    changeBlocks((attributes) => {
      const indent = Math.min(MAX_INDENT, Math.max(0, attributes.indent + step));
      return indent === attributes.indent ? null : { indent };
    })(state, dispatch);
    return true;
  };
}

/** The kind of the block that holds a position. */
export function kindAt($pos: ResolvedPos): BlockAttributes | null {
  return $pos.depth >= 1 ? attributesOf($pos.node(1)) : null;
}

/**
 * Creates the counterpart of a source block: same id, kind, level and so on, empty, the caret in it. It goes after the
 * nearest of `before` (nearest first) that this text has, else to the start.
 */
export function fillMissing(attributes: BlockAttributes, before: readonly string[]): Command {
  return (state, dispatch) => {
    const positions = new Map<string, number>();
    state.doc.forEach((node, pos) => {
      const { id } = attributesOf(node);
      if (id !== null) positions.set(id, pos + node.nodeSize);
    });
    if (attributes.id === null || positions.has(attributes.id)) return false;
    if (!dispatch) return true;
    const { tr } = state;
    const only = state.doc.firstChild;
    let at = before.map((id) => positions.get(id)).find((pos) => pos !== undefined) ?? 0;
    if (positions.size === 0 && state.doc.childCount === 1 && only?.content.size === 0) {
      tr.setNodeMarkup(0, null, attributes);
      at = 0;
    } else {
      tr.insert(at, state.schema.node('block', attributes));
    }
    dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
    return true;
  };
}
