// After a refusal: which of one's own words the server does not have, putting back those that are still allowed, and
// keeping the rest as a copy. Works on two Y.Docs and knows nothing of connections.
import { simpleDiffString } from 'lib0/diff';
import * as Y from 'yjs';
import {
  type Block,
  blockElements,
  blockId,
  blockText,
  blockTextNodes,
  createBlockElement,
  findBlockElement,
  type Inline,
  inlineToAttributes,
  readBlock,
} from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import type { KeptWords } from './types.ts';

/** A block that holds words of ours which the server has not. */
export interface UnsavedBlock {
  language: string;
  block: Block;
  /** Ids of the blocks before it, nearest first. */
  before: string[];
}

/** Blocks of `doc` with something that was written by one of `clientIds` and is unknown to a holder of `stateVector`. */
export function unsavedBlocks(
  doc: Y.Doc,
  languages: readonly string[],
  stateVector: ReadonlyMap<number, number>,
  clientIds: ReadonlySet<number>,
): UnsavedBlock[] {
  const isUnsaved = (item: Y.Item | null) =>
    item !== null &&
    clientIds.has(item.id.client) &&
    item.id.clock + item.length > (stateVector.get(item.id.client) ?? 0);
  const unsaved: UnsavedBlock[] = [];
  for (const language of languages) {
    const before: string[] = [];
    for (const element of blockElements(doc, language)) {
      if (isUnsaved(element._item) || holdsItem(element, isUnsaved)) {
        unsaved.push({ language, block: readBlock(element), before: [...before].reverse() });
      }
      before.push(blockId(element));
    }
  }
  return unsaved;
}

function holdsItem(element: Y.XmlElement, test: (item: Y.Item | null) => boolean): boolean {
  for (const item of element._map.values()) if (test(item)) return true;
  for (const text of blockTextNodes(element)) {
    if (test(text._item)) return true;
    for (let item = text._start; item !== null; item = item.right) if (!item.deleted && test(item)) return true;
  }
  return false;
}

/**
 * Puts unsaved blocks into `doc` where `mayEdit` allows it, by the smallest difference, and returns the others as kept words.
 * Blocks whose words are in `doc` already are neither changed nor kept.
 */
export function reenter(
  doc: Y.Doc,
  blocks: readonly UnsavedBlock[],
  mayEdit: (language: string) => boolean,
  origin: unknown,
): KeptWords[] {
  const kept: KeptWords[] = [];
  doc.transact(() => {
    for (const { language, block, before } of blocks) {
      const current = findBlockElement(doc, language, block.id);
      if (mayEdit(language)) {
        if (current) rewrite(current, block);
        else insertAfter(doc, language, block, before);
      } else if (blockText(block).trim() !== '' && (!current || blockText(readBlock(current)) !== blockText(block))) {
        kept.push({ language, blockId: block.id, text: blockText(block) });
      }
    }
  }, origin);
  return kept;
}

function insertAfter(doc: Y.Doc, language: string, block: Block, before: readonly string[]): void {
  const fragment = doc.getXmlFragment(textRoot(language));
  const ids = fragment.toArray().map((child) => (child instanceof Y.XmlElement ? blockId(child) : ''));
  const neighbour = before.find((id) => id !== '' && ids.includes(id));
  fragment.insert(neighbour === undefined ? 0 : ids.indexOf(neighbour) + 1, [createBlockElement(block)]);
}

/** Makes an element hold the block's words, touching only the stretch that differs. */
function rewrite(element: Y.XmlElement, block: Block): void {
  const current = readBlock(element);
  for (const name of ['kind', 'level', 'indent', 'ordered'] as const) {
    if (current[name] !== block[name])
      (element as Y.XmlElement<Record<string, never>>).setAttribute(name, block[name] as never);
  }
  const nodes = blockTextNodes(element);
  const [text] = nodes;
  if (!text || nodes.length > 1) {
    if (blockText(current) === blockText(block)) return;
    element.delete(0, element.length);
    const fresh = new Y.XmlText();
    fresh.applyDelta(block.content.map((run) => ({ insert: run.text, attributes: inlineToAttributes(run) })));
    element.insert(0, [fresh]);
    return;
  }
  const { index, remove, insert } = simpleDiffString(blockText(current), blockText(block));
  if (remove === 0 && insert === '') return;
  text.applyDelta([
    { retain: index },
    ...(remove > 0 ? [{ delete: remove }] : []),
    ...sliceInlines(block.content, index, index + insert.length).map((run) => ({
      insert: run.text,
      attributes: inlineToAttributes(run),
    })),
  ]);
}

function sliceInlines(runs: readonly Inline[], from: number, to: number): Inline[] {
  const slices: Inline[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') slices.push({ ...run, text });
    at += run.text.length;
  }
  return slices;
}
