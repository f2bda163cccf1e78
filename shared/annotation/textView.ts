// One text of a Y.Doc, read so that places in it can be compared: blocks in order, their words on demand. A view is good for
// as long as the document does not change; nobody keeps one.
import * as Y from 'yjs';
import { blockElements, blockId, blockTextNodes } from '../article/blocks.ts';

export interface BlockView {
  readonly id: string;
  /** Its place in the text, from 0. */
  readonly index: number;
  readonly element: Y.XmlElement;
  readonly nodes: readonly Y.XmlText[];
  /** The block's words; offsets everywhere count its UTF-16 code units. */
  readonly text: string;
}

export interface TextView {
  readonly doc: Y.Doc;
  readonly language: string;
  readonly blocks: readonly BlockView[];
  /** Of duplicates, the first. */
  find(id: string): BlockView | null;
  ofElement(element: unknown): BlockView | null;
}

/** A stretch of a text: block indexes and offsets. Never empty, never reversed, except where a function says so. */
export interface Span {
  start: number;
  startOffset: number;
  end: number;
  endOffset: number;
}

/** A stretch of a text as it is told to others. */
export interface TextRange {
  startBlock: string;
  startOffset: number;
  endBlock: string;
  endOffset: number;
}

/** A character as Yjs knows it: its item and the character's place in that. */
export interface CharacterItem {
  item: Y.Item;
  offset: number;
}

export function openText(doc: Y.Doc, language: string): TextView {
  const blocks: BlockView[] = blockElements(doc, language).map((element, index) => new LazyBlock(element, index));
  let byId: Map<string, BlockView> | null = null;
  let byElement: Map<unknown, BlockView> | null = null;
  return {
    doc,
    language,
    blocks,
    find(id) {
      if (!byId) {
        byId = new Map();
        for (const block of blocks) if (!byId.has(block.id)) byId.set(block.id, block);
      }
      return byId.get(id) ?? null;
    },
    ofElement(element) {
      byElement ??= new Map(blocks.map((block) => [block.element, block]));
      return byElement.get(element) ?? null;
    },
  };
}

/** A thousand of these are made for a key that concerns one block: everything is read when asked for. */
class LazyBlock implements BlockView {
  readonly element: Y.XmlElement;
  readonly index: number;
  #id: string | null = null;
  #nodes: readonly Y.XmlText[] | null = null;
  #text: string | null = null;

  constructor(element: Y.XmlElement, index: number) {
    this.element = element;
    this.index = index;
  }

  get id(): string {
    this.#id ??= blockId(this.element);
    return this.#id;
  }

  get nodes(): readonly Y.XmlText[] {
    this.#nodes ??= blockTextNodes(this.element);
    return this.#nodes;
  }

  get text(): string {
    this.#text ??= this.nodes.map(nodeText).join('');
    return this.#text;
  }
}

/** The words of one text node. Embedded objects, which the schema does not have, count nothing. */
export function nodeText(node: Y.XmlText): string {
  let text = '';
  for (let item = node._start; item !== null; item = item.right) {
    if (!item.deleted && item.content instanceof Y.ContentString) text += item.content.str;
  }
  return text;
}

/** The items of a text node that can be seen, in order. */
export function* liveItems(node: Y.XmlText): Generator<Y.Item> {
  for (let item = node._start; item !== null; item = item.right) if (!item.deleted && item.countable) yield item;
}

/** The character at `offset` of a block, or null past its end. */
export function characterAt(block: BlockView, offset: number): CharacterItem | null {
  let left = offset;
  for (const node of block.nodes) {
    for (const item of liveItems(node)) {
      if (!(item.content instanceof Y.ContentString)) continue;
      if (left < item.length) return { item, offset: left };
      left -= item.length;
    }
  }
  return null;
}

/** The words of a span; blocks are joined by "\n". */
export function spanText(view: TextView, span: Span): string {
  if (span.start === span.end) return view.blocks[span.start]?.text.slice(span.startOffset, span.endOffset) ?? '';
  const parts: string[] = [];
  for (let index = span.start; index <= span.end; index++) {
    const text = view.blocks[index]?.text ?? '';
    if (index === span.start) parts.push(text.slice(span.startOffset));
    else parts.push(index === span.end ? text.slice(0, span.endOffset) : text);
  }
  return parts.join('\n');
}

export function toRange(view: TextView, span: Span): TextRange {
  return {
    startBlock: view.blocks[span.start]?.id ?? '',
    startOffset: span.startOffset,
    endBlock: view.blocks[span.end]?.id ?? '',
    endOffset: span.endOffset,
  };
}

/** The span of a range that came from outside, or null if it is not one of this text or holds nothing. */
export function toSpan(view: TextView, range: TextRange): Span | null {
  const start = view.find(range.startBlock);
  const end = view.find(range.endBlock);
  if (!start || !end || range.startOffset > start.text.length || range.endOffset > end.text.length) return null;
  const span = { start: start.index, startOffset: range.startOffset, end: end.index, endOffset: range.endOffset };
  return isEmptySpan(span) ? null : span;
}

export function isEmptySpan(span: Span): boolean {
  return span.start > span.end || (span.start === span.end && span.startOffset >= span.endOffset);
}

/** The same words without the block breaks at its ends: a span neither begins at a block's end nor ends at a block's start. */
export function tidySpan(view: TextView, span: Span): Span {
  const tidy = { ...span };
  while (tidy.start < tidy.end && tidy.startOffset >= (view.blocks[tidy.start]?.text.length ?? 0)) {
    tidy.start++;
    tidy.startOffset = 0;
  }
  while (tidy.end > tidy.start && tidy.endOffset === 0) {
    tidy.end--;
    tidy.endOffset = view.blocks[tidy.end]?.text.length ?? 0;
  }
  return tidy;
}

/** Whether two spans share at least one character or block boundary. */
export function spansOverlap(a: Span, b: Span): boolean {
  return (
    (a.start < b.end || (a.start === b.end && a.startOffset < b.endOffset)) &&
    (b.start < a.end || (b.start === a.end && b.startOffset < a.endOffset))
  );
}

/** Up to `length` characters before a place, across blocks (joined by "\n"). */
export function textBefore(view: TextView, block: number, offset: number, length: number): string {
  let text = view.blocks[block]?.text.slice(Math.max(0, offset - length), offset) ?? '';
  for (let index = block - 1; index >= 0 && text.length < length; index--) {
    text = `${view.blocks[index]?.text.slice(-length) ?? ''}\n${text}`;
  }
  return withoutHalves(text.slice(-length));
}

/** Up to `length` characters after a place, across blocks (joined by "\n"). */
export function textAfter(view: TextView, block: number, offset: number, length: number): string {
  let text = view.blocks[block]?.text.slice(offset, offset + length) ?? '';
  for (let index = block + 1; index < view.blocks.length && text.length < length; index++) {
    text = `${text}\n${view.blocks[index]?.text.slice(0, length) ?? ''}`;
  }
  return withoutHalves(text.slice(0, length));
}

/** A cut may halve a surrogate pair; a half cannot be stored. */
function withoutHalves(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, '');
}
