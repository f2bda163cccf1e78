// Numbers of ordered lists. The text is a flat list of blocks, so an item's number follows from the blocks before it; it is
// drawn by a decoration, because counters of CSS stop at blocks that the browser skips while they are off screen.
import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { attributesOf } from './structure.ts';

/** Position and number of every ordered item. A list ends at the first block that is no item; deeper items count anew. */
export function listNumbers(doc: Node): { pos: number; size: number; number: number }[] {
  const numbers: { pos: number; size: number; number: number }[] = [];
  let counters: number[] = [];
  doc.forEach((node, pos) => {
    const { kind, indent, ordered } = attributesOf(node);
    if (kind !== 'listItem') {
      counters = [];
      return;
    }
    counters.length = Math.min(counters.length, indent + 1);
    if (!ordered) {
      counters[indent] = 0;
      return;
    }
    const number = (counters[indent] ?? 0) + 1;
    counters[indent] = number;
    numbers.push({ pos, size: node.nodeSize, number });
  });
  return numbers;
}

function decorate(doc: Node): DecorationSet {
  const numbers = listNumbers(doc);
  if (numbers.length === 0) return DecorationSet.empty;
  return DecorationSet.create(
    doc,
    numbers.map(({ pos, size, number }) => Decoration.node(pos, pos + size, { 'data-number': `${number}.` })),
  );
}

export function listNumbersPlugin(): Plugin<DecorationSet> {
  const plugin: Plugin<DecorationSet> = new Plugin<DecorationSet>({
    state: {
      init: (_config, state) => decorate(state.doc),
      apply: (tr, set) => (tr.docChanged ? decorate(tr.doc) : set),
    },
    props: { decorations: (state) => plugin.getState(state) },
  });
  return plugin;
}
