// Brings one's own unsaved changes of a block's words into the same block of another document: each piece beside the letter
// that it was written beside, each removal on the letters that it took out. See own-words.ts.
import { simpleDiffString } from 'lib0/diff';
import * as Y from 'yjs';
import {
  type Block,
  blockText,
  blockTextNodes,
  type Inline,
  inlineToAttributes,
  readBlock,
} from '../../shared/article/blocks.ts';

/** Tells items apart by whose they are and who has them. */
export interface Provenance {
  /** How many letters of an item are at the server. */
  saved(item: Y.Item): number;
  /** Written by oneself; what of it is not at the server is to be put back. */
  own(item: Y.Item): boolean;
  /** At the server, and unknown to the document that was left: somebody else's since then. */
  news(id: Y.ID): boolean;
  /** Taken out in the document that was left, by oneself or by others. */
  removed(id: Y.ID): boolean;
}

/** Whether the item, or its end, was written by oneself and is not at the server. */
export function isUnsaved(item: Y.Item, { own, saved }: Provenance): boolean {
  return !item.deleted && own(item) && saved(item) < item.length;
}

type Attributes = Record<string, unknown>;

/** A piece of own words, and the letter on its left that the other document knows. */
interface Piece {
  left: Y.ID | null;
  runs: { text: string; attributes: Attributes }[];
}

/** Merges the text nodes of two versions of one block. Answers false, and changes nothing, if the nodes do not pair off. */
export function mergeTexts(from: Y.XmlElement, to: Y.XmlElement, provenance: Provenance): boolean {
  const targets = new Map(blockTextNodes(to).map((node) => [keyOf(node), node]));
  const pairs = blockTextNodes(from).map((node) => [node, targets.get(keyOf(node))] as const);
  if (pairs.some(([node, target]) => !target && someUnsaved(node, provenance))) return false;
  for (const [node, target] of pairs) if (target) mergeNode(node, target, provenance);
  return true;
}

/** Makes an element hold a block's words, touching only the stretch that differs. */
export function rewriteBlock(element: Y.XmlElement, block: Block): void {
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

function mergeNode(from: Y.XmlText, to: Y.XmlText, provenance: Provenance): void {
  takeOut(to, provenance);
  for (const { left, runs } of pieces(from, provenance).reverse()) {
    let index = indexAfter(to, left);
    for (const { text, attributes } of runs) {
      to.insert(index, text, attributes);
      index += text.length;
    }
  }
  if (someUnsaved(from, provenance, Y.ContentFormat) && from.toJSON() !== to.toJSON()) copyFormats(from, to);
}

/** Takes out the letters that were taken out in the document that was left. */
export function takeOut(to: Y.XmlText, provenance: Provenance): void {
  for (const { index, length } of removals(to, provenance).reverse()) to.delete(index, length);
}

/** Stretches of `to` that were taken out in the document that was left. */
function removals(to: Y.XmlText, { news, removed }: Provenance): { index: number; length: number }[] {
  const found: { index: number; length: number }[] = [];
  let index = 0;
  for (const item of standing(to)) {
    for (let offset = 0; offset < item.length; offset++) {
      const id = Y.createID(item.id.client, item.id.clock + offset);
      if (news(id) || !removed(id)) continue;
      const last = found.at(-1);
      if (last && last.index + last.length === index + offset) last.length += 1;
      else found.push({ index: index + offset, length: 1 });
    }
    index += item.length;
  }
  return found;
}

function pieces(from: Y.XmlText, { saved, own }: Provenance): Piece[] {
  const found: Piece[] = [];
  const attributes: Attributes = {};
  let left: Y.ID | null = null;
  let open: Piece | null = null;
  for (let item = from._start; item !== null; item = item.right) {
    if (item.content instanceof Y.ContentFormat) {
      const { key, value } = item.content;
      if (item.deleted) continue;
      if (value === null) delete attributes[key];
      else attributes[key] = value;
      continue;
    }
    const known = saved(item);
    if (known > 0) {
      left = Y.createID(item.id.client, item.id.clock + known - 1);
      open = null;
    }
    if (known === item.length || item.deleted || !own(item) || !(item.content instanceof Y.ContentString)) continue;
    if (!open) {
      open = { left, runs: [] };
      found.push(open);
    }
    open.runs.push({ text: item.content.str.slice(known), attributes: { ...attributes } });
  }
  return found;
}

/** The index behind a letter, or behind the place where it stood. */
function indexAfter(text: Y.XmlText, left: Y.ID | null): number {
  if (left === null) return 0;
  let index = 0;
  for (let item = text._start; item !== null; item = item.right) {
    const counts = !item.deleted && item.countable;
    const offset = left.clock - item.id.clock;
    if (item.id.client === left.client && offset >= 0 && offset < item.length)
      return counts ? index + offset + 1 : index;
    if (counts) index += item.length;
  }
  return index;
}

/** Gives the words of `to` the formatting that they have in `from`, where both hold the same words. */
function copyFormats(from: Y.XmlText, to: Y.XmlText): void {
  const runs = from.toDelta() as { insert: unknown; attributes?: Attributes }[];
  const wanted = to.toDelta() as { insert: unknown; attributes?: Attributes }[];
  const words = (delta: { insert: unknown }[]) => delta.map(({ insert }) => String(insert)).join('');
  if (words(runs) !== words(wanted)) return;
  const names = [...runs, ...wanted].flatMap(({ attributes }) => Object.keys(attributes ?? {}));
  const none = Object.fromEntries(names.map((name) => [name, null]));
  let index = 0;
  for (const { insert, attributes } of runs) {
    const { length } = String(insert);
    to.format(index, length, { ...none, ...attributes });
    index += length;
  }
}

function someUnsaved(text: Y.XmlText, provenance: Provenance, content: unknown = Y.ContentString): boolean {
  for (let item = text._start; item !== null; item = item.right) {
    if (item.content instanceof (content as typeof Y.ContentString) && isUnsaved(item, provenance)) return true;
  }
  return false;
}

function* standing(text: Y.XmlText): Generator<Y.Item> {
  for (let item = text._start; item !== null; item = item.right) if (!item.deleted && item.countable) yield item;
}

function keyOf(node: Y.XmlText): string {
  const { client, clock } = node._item!.id;
  return `${client} ${clock}`;
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
