// From a block to its counterpart in the next column; where there is none and one may write there, it is made.
import { TextSelection } from 'prosemirror-state';
import { fillMissing } from './editor/structure.ts';
import type { Workspace } from './workspace.ts';

/** Puts the caret into the counterpart of the block that it is in, `step` columns to the right. */
export function jumpSideways(workspace: Workspace, language: string, step: 1 | -1): boolean {
  const shown = workspace.shown.get();
  const target = shown[shown.indexOf(language) + step];
  const focused = workspace.focused.get();
  if (!target || focused?.language !== language) return false;
  return enterBlock(workspace, target, focused.blockId, language);
}

/**
 * Puts the caret into a block of a text. If it has no such block, one is made after the model of the same block in `model`, in
 * the place that the model has it in.
 */
export function enterBlock(workspace: Workspace, language: string, blockId: string, model: string): boolean {
  const view = workspace.view(language);
  if (!view) return false;
  const { aligner, structure, session } = workspace;
  if (aligner.top(language, blockId) !== null) {
    let position = -1;
    view.state.doc.forEach((node, offset) => {
      if (node.attrs.id === blockId) position = offset + 1;
    });
    if (position < 0) return false;
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, position)).scrollIntoView());
    view.focus();
    return true;
  }
  if (!session.editable.get().includes(language)) return false;
  const blocks = structure.blocks(model).get();
  const index = blocks.findIndex(({ id }) => id === blockId);
  const block = blocks[index];
  if (!block) return false;
  const before = blocks
    .slice(0, index)
    .map(({ id }) => id)
    .reverse();
  const filled = fillMissing(block, before)(view.state, view.dispatch);
  view.focus();
  return filled;
}
