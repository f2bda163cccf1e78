// Blocks as plain values, and their way in and out of a Y.Doc. Reading tolerates anything a client may have written;
// writing produces exactly what y-prosemirror would for the same block.
import * as Y from 'yjs';
import { textRoot } from './roots.ts';
import { BLOCK_KINDS, type BlockKind, isSafeLink, MAX_HEADING_LEVEL, MAX_INDENT } from './schema.ts';

/** A stretch of text with one set of marks. Adjacent runs of a block differ in their marks. */
export interface Inline {
  text: string;
  bold?: true;
  italic?: true;
  link?: string;
}

/** A block as a value. `id` is '' only in blocks that no client has named yet. */
export interface Block {
  id: string;
  kind: BlockKind;
  level: number;
  indent: number;
  ordered: boolean;
  content: Inline[];
}

/** The block's words without marks (UTF-16; offsets everywhere inside the product count its code units). */
export function blockText(block: Pick<Block, 'content'>): string {
  return block.content.map((run) => run.text).join('');
}

/** A new plain block. `content` may be a string for a block without marks. */
export function makeBlock(
  id: string,
  content: string | Inline[],
  attributes: Partial<Omit<Block, 'id' | 'content'>> = {},
): Block {
  return {
    id,
    kind: attributes.kind ?? 'paragraph',
    level: attributes.level ?? 1,
    indent: attributes.indent ?? 0,
    ordered: attributes.ordered ?? false,
    content: typeof content === 'string' ? (content === '' ? [] : [{ text: content }]) : content,
  };
}

/** The live Y.XmlElements of a text, in order. */
export function blockElements(doc: Y.Doc, language: string): Y.XmlElement[] {
  const elements: Y.XmlElement[] = [];
  for (const child of doc.getXmlFragment(textRoot(language)).toArray()) {
    if (child instanceof Y.XmlElement && child.nodeName === 'block') elements.push(child);
  }
  return elements;
}

/** All blocks of a text, in order. Never throws on odd content: unknown attributes fall back to a plain paragraph's. */
export function readBlocks(doc: Y.Doc, language: string): Block[] {
  return blockElements(doc, language).map(readBlock);
}

/** The element of block `id` in a text, or null. Of duplicates, the first. */
export function findBlockElement(doc: Y.Doc, language: string, id: string): Y.XmlElement | null {
  return blockElements(doc, language).find((element) => blockId(element) === id) ?? null;
}

export function blockId(element: Y.XmlElement): string {
  const id: unknown = element.getAttribute('id');
  return typeof id === 'string' ? id : '';
}

/** The block that an element holds. */
export function readBlock(element: Y.XmlElement): Block {
  const attributes: Record<string, unknown> = element.getAttributes();
  const kind = attributes.kind as BlockKind;
  return {
    id: blockId(element),
    kind: BLOCK_KINDS.includes(kind) ? kind : 'paragraph',
    level: integer(attributes.level, 1, MAX_HEADING_LEVEL, 1),
    indent: integer(attributes.indent, 0, MAX_INDENT, 0),
    ordered: attributes.ordered === true || attributes.ordered === 'true',
    content: readInlines(element),
  };
}

/** The text nodes of a block element: y-prosemirror may leave several after concurrent edits. */
export function blockTextNodes(element: Y.XmlElement): Y.XmlText[] {
  return element.toArray().filter((child): child is Y.XmlText => child instanceof Y.XmlText);
}

/** An element to be inserted into a text's fragment; it holds what y-prosemirror would write for the same block. */
export function createBlockElement(block: Block): Y.XmlElement {
  const element = new Y.XmlElement('block') as Y.XmlElement<Record<string, unknown> & { [key: string]: never }>;
  const attributes: Record<string, unknown> = {
    id: block.id,
    kind: block.kind,
    level: block.level,
    indent: block.indent,
    ordered: block.ordered,
  };
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value as never);
  const text = new Y.XmlText();
  text.applyDelta(block.content.map((run) => ({ insert: run.text, attributes: inlineToAttributes(run) })));
  element.insert(0, [text]);
  return element as unknown as Y.XmlElement;
}

/** Yjs formatting attributes of a run, as y-prosemirror names them. */
export function inlineToAttributes(run: Omit<Inline, 'text'>): Record<string, object> {
  return {
    ...(run.bold ? { bold: {} } : {}),
    ...(run.italic ? { italic: {} } : {}),
    ...(run.link ? { link: { href: run.link } } : {}),
  };
}

/** Joins neighbours with equal marks and drops empty runs. */
export function normalizeInlines(runs: Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const run of runs) {
    if (run.text === '') continue;
    const last = result[result.length - 1];
    if (last && last.bold === run.bold && last.italic === run.italic && last.link === run.link) last.text += run.text;
    else result.push({ ...run });
  }
  return result;
}

function readInlines(element: Y.XmlElement): Inline[] {
  const runs: Inline[] = [];
  for (const text of blockTextNodes(element)) {
    for (const { insert, attributes } of text.toDelta() as {
      insert: unknown;
      attributes?: Record<string, unknown>;
    }[]) {
      if (typeof insert !== 'string') continue;
      const run: Inline = { text: insert };
      if (attributes?.bold) run.bold = true;
      if (attributes?.italic) run.italic = true;
      const href: unknown = (attributes?.link as { href?: unknown } | undefined)?.href;
      if (isSafeLink(href)) run.link = href;
      runs.push(run);
    }
  }
  return normalizeInlines(runs);
}

function integer(value: unknown, low: number, high: number, fallback: number): number {
  const number = typeof value === 'number' ? value : Number.parseInt(String(value), 10);
  return Number.isInteger(number) ? Math.min(high, Math.max(low, number)) : fallback;
}
