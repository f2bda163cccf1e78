// A text made what it was, as the smallest forward change: blocks that are as they were are not touched, changed ones are
// edited in place, missing ones come back, later ones go. It never replaces the document.
import { diffArrays } from 'diff';
import * as Y from 'yjs';
import { type BlockView, openText } from '../../shared/annotation/textView.ts';
import {
  type Block,
  blockText,
  createBlockElement,
  type Inline,
  inlineToAttributes,
  readBlock,
} from '../../shared/article/blocks.ts';
import { newBlockId } from '../../shared/article/ids.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { minimalHunks } from '../../shared/translation/diff.ts';
import { applyHunksToBlock } from './edits.ts';

/** Brings a text back to `wanted`. Call it inside a server transaction. */
export function restoreText(doc: Y.Doc, language: string, wanted: readonly Block[]): void {
  const named = withUniqueIds(wanted);
  const fragment = doc.getXmlFragment(textRoot(language));
  const view = openText(doc, language);
  const now = view.blocks.map(({ id }) => id);
  // Blocks that stand in another order are taken out and put back: only what keeps its place keeps its element.
  const steps = diffArrays(
    now,
    named.map(({ id }) => id),
  );
  let at = 0;
  let read = 0;
  let write = 0;
  const children = fragment.toArray();
  const strangers = children.length - view.blocks.length;
  if (strangers > 0) removeStrangers(fragment);
  for (const step of steps) {
    if (step.removed) {
      fragment.delete(at, step.value.length);
      read += step.value.length;
    } else if (step.added) {
      const blocks = named.slice(write, write + step.value.length);
      fragment.insert(at, blocks.map(createBlockElement));
      at += blocks.length;
      write += blocks.length;
    } else {
      for (let count = 0; count < step.value.length; count++) {
        restoreBlock(view.blocks[read]!, named[write]!, language);
        at++;
        read++;
        write++;
      }
    }
  }
}

function restoreBlock(view: BlockView, wanted: Block, language: string): void {
  const now = readBlock(view.element);
  for (const name of ['kind', 'level', 'indent', 'ordered'] as const) {
    if (now[name] !== wanted[name]) view.element.setAttribute(name, wanted[name] as never);
  }
  const text = blockText(wanted);
  const hunks = minimalHunks(view.text, text, language);
  if (hunks.length > 0) applyHunksToBlock(view, hunks, { from: 0, to: view.text.length });
  restoreMarks(view.element, wanted.content);
}

/** Gives every stretch the marks that it had; stretches that have them are not touched. */
function restoreMarks(element: Y.XmlElement, wanted: readonly Inline[]): void {
  const nodes = element.toArray().filter((child) => child instanceof Y.XmlText);
  let base = 0;
  const boundaries = runsOf(wanted);
  for (const node of nodes) {
    let index = 0;
    const changes: { index: number; length: number; attributes: Record<string, object | null> }[] = [];
    for (const { insert, attributes = {} } of node.toDelta() as {
      insert: unknown;
      attributes?: Record<string, object>;
    }[]) {
      if (typeof insert !== 'string') {
        index += 1;
        continue;
      }
      for (const run of boundaries) {
        const from = Math.max(base, run.from);
        const to = Math.min(base + insert.length, run.to);
        if (from >= to) continue;
        const change = markChange(attributes, run.attributes);
        if (change) changes.push({ index: index + from - base, length: to - from, attributes: change });
      }
      base += insert.length;
      index += insert.length;
    }
    for (const change of changes) node.format(change.index, change.length, change.attributes);
  }
}

function runsOf(content: readonly Inline[]): { from: number; to: number; attributes: Record<string, object> }[] {
  let from = 0;
  return content.map((run) => {
    const to = from + run.text.length;
    const result = { from, to, attributes: inlineToAttributes(run) };
    from = to;
    return result;
  });
}

/** The marks to set and to take away (null), or null if nothing differs. */
function markChange(now: Record<string, object>, wanted: Record<string, object>): Record<string, object | null> | null {
  const change: Record<string, object | null> = {};
  for (const name of new Set([...Object.keys(now), ...Object.keys(wanted)])) {
    if (JSON.stringify(now[name]) !== JSON.stringify(wanted[name])) change[name] = wanted[name] ?? null;
  }
  return Object.keys(change).length > 0 ? change : null;
}

/** Whatever is not a block does not belong into a text; only a hand-made client can have put it there. */
function removeStrangers(fragment: Y.XmlFragment): void {
  for (const [index, child] of [...fragment.toArray().entries()].reverse()) {
    if (!(child instanceof Y.XmlElement && child.nodeName === 'block')) fragment.delete(index, 1);
  }
}

function withUniqueIds(blocks: readonly Block[]): Block[] {
  const taken = new Set<string>();
  return blocks.map((block) => {
    const id = block.id === '' || taken.has(block.id) ? newBlockId() : block.id;
    taken.add(id);
    return { ...block, id };
  });
}
