// Names the blocks that an edit made here has created, and renames copies. Never touches what came from elsewhere: two
// editors that repaired the same block would only make more of it. Duplicates that arise from concurrency are the server's.
import type { Node } from 'prosemirror-model';
import { Plugin, type Transaction } from 'prosemirror-state';
import { ySyncPluginKey } from 'y-prosemirror';
import { newBlockId } from '../../../shared/article/ids.ts';

/** Blocks of `after` that need a new id, as positions. Of equal ids the one that was there before keeps it. */
export function blocksToName(before: Node, after: Node): number[] {
  if (before.childCount === after.childCount && sameNames(before, after)) return [];
  const old = new Set<Node>();
  before.forEach((node) => {
    old.add(node);
  });
  const keepers = new Map<string, number>();
  after.forEach((node, pos) => {
    const id: unknown = node.attrs.id;
    if (typeof id === 'string' && id !== '' && (!keepers.has(id) || old.has(node))) keepers.set(id, pos);
  });
  const unnamed: number[] = [];
  after.forEach((node, pos) => {
    const id: unknown = node.attrs.id;
    if (typeof id !== 'string' || id === '' || keepers.get(id) !== pos) unnamed.push(pos);
  });
  return unnamed;
}

function sameNames(before: Node, after: Node): boolean {
  for (let index = 0; index < after.childCount; index++) {
    const node = after.child(index);
    if (node !== before.child(index) && (node.attrs.id === null || node.attrs.id !== before.child(index).attrs.id))
      return false;
  }
  return true;
}

/** The plugin. The empty block that stands in for a text without blocks is named as soon as it holds a word. */
export function blockIdsPlugin(): Plugin {
  return new Plugin({
    appendTransaction(transactions: readonly Transaction[], before, after) {
      const local = transactions.some((tr) => tr.docChanged && !tr.getMeta(ySyncPluginKey)?.isChangeOrigin);
      if (!local || transactions.some((tr) => tr.getMeta(ySyncPluginKey)?.isChangeOrigin)) return null;
      const positions = blocksToName(before.doc, after.doc);
      if (positions.length === 0) return null;
      const { tr } = after;
      for (const pos of positions) tr.setNodeAttribute(pos, 'id', newBlockId());
      return tr;
    },
  });
}
