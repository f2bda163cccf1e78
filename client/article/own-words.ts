// After a refusal: what this person changed and the server does not have is put into a new document where that is still
// allowed, and the words of the rest are kept as a copy. Both documents are of one history: an item is the same in both by its
// id, so whatever others did meanwhile stays as they left it. Works on two Y.Docs and knows nothing of connections.
import * as Y from 'yjs';
import {
  type Block,
  blockElements,
  blockId,
  blockText,
  blockTextNodes,
  createBlockElement,
  findBlockElement,
  readBlock,
} from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { isUnsaved, mergeTexts, type Provenance, rewriteBlock, takeOut } from './merge-text.ts';
import type { KeptWords } from './types.ts';

export interface Reentry {
  /** The document that was left. */
  from: Y.Doc;
  /** The one in its place, with the server's state in it. */
  to: Y.Doc;
  languages: readonly string[];
  /** What these wrote and `to` lacks is unsaved. */
  clientIds: ReadonlySet<number>;
  mayEdit(language: string): boolean;
}

/** Puts back into `to` what is allowed, and answers with the words of the rest. */
export function reenter(reentry: Reentry, origin: unknown): KeptWords[] {
  const { from, to, languages } = reentry;
  const provenance = provenanceOf(reentry);
  const kept: KeptWords[] = [];
  to.transact(() => {
    for (const language of languages) {
      const allowed = reentry.mayEdit(language);
      const before: string[] = [];
      for (const element of blockElements(from, language)) {
        const block = readBlock(element);
        const unsaved = holdsUnsaved(element, provenance);
        if (unsaved && !(allowed && putBack(reentry, provenance, language, element, before))) {
          const there = findBlockElement(to, language, block.id);
          const text = blockText(block);
          if (text.trim() !== '' && (!there || blockText(readBlock(there)) !== text)) {
            kept.push({ language, blockId: block.id, text });
          }
        }
        if (!unsaved && allowed) mergeRemovals(to, element, provenance);
        before.push(block.id);
      }
      if (allowed) removeBlocks(reentry, provenance, language);
    }
  }, origin);
  return kept;
}

function provenanceOf({ from, to, clientIds }: Reentry): Provenance {
  const removed = Y.createDeleteSetFromStructStore(from.store);
  return {
    saved: ({ id, length }) => Math.min(length, Math.max(0, Y.getState(to.store, id.client) - id.clock)),
    own: ({ id }) => clientIds.has(id.client),
    news: ({ client, clock }) => clock >= Y.getState(from.store, client),
    removed: (id) => Y.isDeleted(removed, id),
  };
}

/** Whether anything of a block that stands is unsaved: its words, their formatting, an attribute, the block itself. */
function holdsUnsaved(element: Y.XmlElement, provenance: Provenance): boolean {
  const test = (item: Y.Item) => isUnsaved(item, provenance);
  return test(element._item!) || [...element._map.values()].some(test) || someItem(element, test);
}

/** Puts one block back. Answers false if that would cost others something: its words are to be kept then. */
function putBack(
  { to }: Reentry,
  provenance: Provenance,
  language: string,
  element: Y.XmlElement,
  before: readonly string[],
): boolean {
  const block = readBlock(element);
  const same = sameElement(to, element);
  if (same && !same._item!.deleted) {
    for (const [name, item] of element._map) {
      if (isUnsaved(item, provenance)) {
        (same as Y.XmlElement<Record<string, never>>).setAttribute(name, element.getAttribute(name) as never);
      }
    }
    if (mergeTexts(element, same, provenance)) return true;
    return rewriteUnlessNews(same, block, provenance);
  }
  const namesake = findBlockElement(to, language, block.id);
  if (namesake) return rewriteUnlessNews(namesake, block, provenance);
  // Somebody else removed the paragraph meanwhile: the words in it go back to their author.
  if (!isUnsaved(element._item!, provenance)) return false;
  insertAfter(to, language, block, before);
  return true;
}

function mergeRemovals(to: Y.Doc, element: Y.XmlElement, provenance: Provenance): void {
  const same = sameElement(to, element);
  if (same && !same._item!.deleted) mergeTexts(element, same, provenance);
}

function rewriteUnlessNews(element: Y.XmlElement, block: Block, { news }: Provenance): boolean {
  if (someItem(element, (item) => !item.deleted && news(lastId(item)))) return false;
  rewriteBlock(element, block);
  return true;
}

/** Takes out the blocks that were taken out here, unless somebody has written in them since or they were only made anew. */
function removeBlocks({ from, to }: Reentry, provenance: Provenance, language: string): void {
  const { news, removed } = provenance;
  const standing = new Set(blockElements(from, language).map(blockId));
  const fragment = to.getXmlFragment(textRoot(language));
  for (const [index, child] of [...fragment.toArray().entries()].reverse()) {
    const item = child._item!;
    if (!(child instanceof Y.XmlElement) || news(item.id) || !removed(item.id) || standing.has(blockId(child)))
      continue;
    if (someItem(child, (one) => !one.deleted && news(lastId(one)))) {
      for (const text of blockTextNodes(child)) takeOut(text, provenance);
    } else fragment.delete(index, 1);
  }
}

/** The element that is the same one in the other document, deleted or not; null if that has none (any more). */
function sameElement(to: Y.Doc, element: Y.XmlElement): Y.XmlElement | null {
  const { id } = element._item!;
  if (id.clock >= Y.getState(to.store, id.client)) return null;
  const structs = to.store.clients.get(id.client)!;
  const struct = structs[Y.findIndexSS(structs, id.clock)];
  const type = struct instanceof Y.Item && struct.content instanceof Y.ContentType ? struct.content.type : null;
  return type instanceof Y.XmlElement ? type : null;
}

function someItem(element: Y.XmlElement, test: (item: Y.Item) => boolean): boolean {
  for (let child = element._start; child !== null; child = child.right) {
    if (test(child)) return true;
    const text = child.content instanceof Y.ContentType ? child.content.type : null;
    if (!(text instanceof Y.XmlText)) continue;
    for (let item = text._start; item !== null; item = item.right) if (test(item)) return true;
  }
  return false;
}

/** Where an item is partly saved, its end is the part that is not. */
function lastId(item: Y.Item): Y.ID {
  return Y.createID(item.id.client, item.id.clock + item.length - 1);
}

function insertAfter(doc: Y.Doc, language: string, block: Block, before: readonly string[]): void {
  const fragment = doc.getXmlFragment(textRoot(language));
  const ids = fragment.toArray().map((child) => (child instanceof Y.XmlElement ? blockId(child) : ''));
  const neighbour = before.findLast((id) => id !== '' && ids.includes(id));
  fragment.insert(neighbour === undefined ? 0 : ids.indexOf(neighbour) + 1, [createBlockElement(block)]);
}
