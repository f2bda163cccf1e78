// The ladder by which an annotation finds its words again after text was deleted, restored or moved. Its first rule: a
// place counts only if every character of it either still stands within the anchor's own positions or came into the document
// after the words were lost (split, paste, undo). Words that stood elsewhere all along are other words, however equal.
import * as Y from 'yjs';
import { CONTEXT_LENGTH, resolveEnds } from './anchors.ts';
import { commonBeginning, commonEnding, indexesOf } from './quotes.ts';
import { CORRECTED, flat, likeness, STILL_SIMILAR, survivingShare } from './similarity.ts';
import {
  type BlockView,
  isEmptySpan,
  liveItems,
  type Span,
  spanText,
  type TextView,
  textAfter,
  textBefore,
  tidySpan,
} from './textView.ts';
import type { Anchor, AnchorState } from './types.ts';

/** Yjs clocks: items from these on are new. */
export type Clocks = ReadonlyMap<number, number>;

export interface Search {
  /** The state of the document just before the words were lost. */
  lostAt: Clocks;
  /** The state just before the change at hand: what is newer came in one piece, as paste and undo do. */
  changeAt: Clocks;
  /** Indexes of the blocks that the change touched. */
  touched: readonly number[];
}

export interface Placement {
  state: AnchorState;
  /** Null for an orphan. */
  span: Span | null;
}

/** From this length on, a quote that came back in one piece and stands nowhere else is recognised without its context. */
const UNMISTAKABLE = 24;
/** From this length on, context on one side is enough; shorter quotes need both. */
const TELLING = 8;
/** So many equal characters beside a quote count as the same context. */
const SAME_CONTEXT = 6;

/** Where the anchor's words are after a change; `state` is how it stood before. */
export function placeAnchor(view: TextView, anchor: Anchor, state: AnchorState, search: Search): Placement {
  const surviving = survivingSpan(view, anchor);
  const standing = surviving?.whole ? spanText(view, surviving.span) : null;
  const same = standing !== null && flat(standing) === flat(anchor.exact);
  // A place that was found but not certain stays to be confirmed, however well its words fit: they are all newer than the loss.
  const unconfirmed =
    state === 'moved' && surviving !== null && spanIsMadeOf(view, surviving.span, null, search.lostAt);
  if (surviving && same && !unconfirmed) return { state: 'attached', span: surviving.span };
  const share = standing === null ? 0 : survivingShare(anchor.exact, standing);
  if (surviving && share === 1 && !unconfirmed) return { state: 'attached', span: surviving.span };

  const found = findLostWords(view, anchor, unconfirmed ? null : (surviving?.span ?? null), search);
  if (found?.sure) return { state: 'attached', span: found.span };
  const corrected = anchor.lostAt !== null && !unconfirmed ? wordsInTheirPlace(view, anchor, search.lostAt) : null;
  if (corrected && corrected.likeness >= Math.max(CORRECTED, likeness(flat(anchor.exact), flat(standing ?? '')))) {
    return { state: 'attached', span: corrected.span };
  }
  if (surviving && share >= STILL_SIMILAR) return { state: unconfirmed ? 'moved' : 'attached', span: surviving.span };
  if (found?.inOnePiece) return { state: 'moved', span: found.span };
  if (surviving && standing !== null && standing.trim() !== '') return { state: 'moved', span: surviving.span };
  return { state: 'orphan', span: null };
}

/**
 * What stands between the words before the lost ones and the words after them now: all that came since, and what survived.
 * Yjs puts words typed in the place of deleted ones beside them, so positions alone do not hold these.
 */
function wordsInTheirPlace(view: TextView, anchor: Anchor, lostAt: Clocks): { span: Span; likeness: number } | null {
  const { start, end } = resolveEnds(view, anchor);
  if (!start || !end || start.block !== end.block || end.offset < start.offset) return null;
  const block = view.blocks[start.block]!;
  const isNew = newCharacters(block, lostAt);
  let from = start.offset;
  let to = end.offset;
  while (from > 0 && isNew[from - 1]) from--;
  while (to < block.text.length && isNew[to]) to++;
  const words = block.text.slice(from, to);
  from += words.length - words.trimStart().length;
  to -= words.length - words.trimEnd().length;
  if (from >= to) return null;
  return {
    span: { start: start.block, startOffset: from, end: start.block, endOffset: to },
    likeness: likeness(flat(anchor.exact).trim(), block.text.slice(from, to)),
  };
}

/** For each character of a block whether it is newer than `clocks`. */
function newCharacters(block: BlockView, clocks: Clocks): boolean[] {
  const isNew: boolean[] = [];
  for (const node of block.nodes) {
    for (const item of liveItems(node)) {
      if (!(item.content instanceof Y.ContentString)) continue;
      const known = clocks.get(item.id.client) ?? 0;
      for (let offset = 0; offset < item.length; offset++) isNew.push(item.id.clock + offset >= known);
    }
  }
  return isNew;
}

/**
 * What the anchor's positions still hold. If one end's block is gone, the rest of the other end's block: not `whole`, only
 * good for telling old words of its own from others.
 */
function survivingSpan(view: TextView, anchor: Anchor): { span: Span; whole: boolean } | null {
  const { start, end } = resolveEnds(view, anchor);
  if (!start && !end) return null;
  const from = start ?? { block: end!.block, offset: 0 };
  const to = end ?? { block: from.block, offset: view.blocks[from.block]!.text.length };
  const positions = { start: from.block, startOffset: from.offset, end: to.block, endOffset: to.offset };
  const span = tidySpan(view, positions);
  return isEmptySpan(span) ? null : { span, whole: start !== null && end !== null };
}

interface Candidate {
  span: Span;
  before: number;
  after: number;
  /** Came in one piece with the change at hand, apart from what survived. */
  inOnePiece: boolean;
}

function findLostWords(
  view: TextView,
  anchor: Anchor,
  surviving: Span | null,
  search: Search,
): { span: Span; sure: boolean; inOnePiece: boolean } | null {
  const quote = flat(anchor.exact);
  if (quote === '') return null;
  const candidates: Candidate[] = [];
  for (const window of windows(view, search.touched, anchor.exact.split('\n').length)) {
    const text = window.map((block) => block.text).join('');
    for (const index of indexesOf(text, quote)) {
      const span = unflatten(window, index, index + quote.length);
      if (!spanIsMadeOf(view, span, surviving, search.lostAt)) continue;
      candidates.push({
        span,
        ...context(view, span, anchor),
        inOnePiece: spanIsMadeOf(view, span, surviving, search.changeAt),
      });
    }
  }
  candidates.sort((a, b) => b.before + b.after - (a.before + a.after));
  const [best, second] = candidates;
  if (!best) return null;
  const clear = !second || best.before + best.after >= second.before + second.after + SAME_CONTEXT;
  return { ...best, sure: clear && isSure(best, second !== undefined, quote, anchor) };
}

function isSure(candidate: Candidate, rivalled: boolean, quote: string, anchor: Anchor): boolean {
  const before = candidate.before >= Math.min(SAME_CONTEXT, flat(anchor.prefix).length);
  const after = candidate.after >= Math.min(SAME_CONTEXT, flat(anchor.suffix).length);
  if (before && after) return true;
  if (!candidate.inOnePiece) return false; // typed anew elsewhere: these may be somebody's other words
  if (quote.length >= TELLING && (before || after)) return true;
  return quote.length >= UNMISTAKABLE && !rivalled;
}

/** How many characters beside the span equal the anchor's context. A block's edge that was one before is as good. */
function context(view: TextView, span: Span, anchor: Anchor): { before: number; after: number } {
  const before = commonEnding(
    flat(textBefore(view, span.start, span.startOffset, CONTEXT_LENGTH)),
    flat(anchor.prefix),
  );
  const after = commonBeginning(flat(textAfter(view, span.end, span.endOffset, CONTEXT_LENGTH)), flat(anchor.suffix));
  const startsBlock = span.startOffset === 0 && (anchor.prefix === '' || anchor.prefix.endsWith('\n'));
  const length = view.blocks[span.end]?.text.length;
  const endsBlock = span.endOffset === length && (anchor.suffix === '' || anchor.suffix.startsWith('\n'));
  return {
    before: startsBlock ? Math.max(before, SAME_CONTEXT) : before,
    after: endsBlock ? Math.max(after, SAME_CONTEXT) : after,
  };
}

/** Runs of blocks around the touched ones, wide enough for a quote of so many blocks to begin or end in its neighbours. */
function windows(view: TextView, touched: readonly number[], blocksInQuote: number): BlockView[][] {
  const wanted = new Set<number>();
  for (const index of touched) {
    for (let near = index - blocksInQuote; near <= index + blocksInQuote; near++) wanted.add(near);
  }
  const runs: BlockView[][] = [];
  let run: BlockView[] = [];
  for (const index of [...wanted].sort((a, b) => a - b)) {
    const block = view.blocks[index];
    if (!block) continue;
    if (run.length > 0 && run[run.length - 1]!.index !== index - 1) {
      runs.push(run);
      run = [];
    }
    run.push(block);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/** The span of characters `from` to `to` of blocks put end to end; an edge between two blocks belongs to the inner one. */
function unflatten(blocks: readonly BlockView[], from: number, to: number): Span {
  const span = { start: -1, startOffset: 0, end: -1, endOffset: 0 };
  let base = 0;
  for (const block of blocks) {
    const length = block.text.length;
    if (span.start === -1 && from < base + length) {
      span.start = block.index;
      span.startOffset = from - base;
    }
    if (to <= base + length) {
      span.end = block.index;
      span.endOffset = to - base;
      break;
    }
    base += length;
  }
  return span;
}

/** Whether every character of the span is within `own` or newer than `clocks`. */
function spanIsMadeOf(view: TextView, span: Span, own: Span | null, clocks: Clocks): boolean {
  for (let index = span.start; index <= span.end; index++) {
    const block = view.blocks[index]!;
    const [from, to] = partOf(span, block);
    const [ownFrom, ownTo] = own && index >= own.start && index <= own.end ? partOf(own, block) : [0, 0];
    const isNew = newCharacters(block, clocks);
    for (let offset = from; offset < to; offset++) {
      if (!isNew[offset] && (offset < ownFrom || offset >= ownTo)) return false;
    }
  }
  return true;
}

/** The offsets of a span's part in one of its blocks. */
function partOf(span: Span, block: BlockView): [number, number] {
  return [
    block.index === span.start ? span.startOffset : 0,
    block.index === span.end ? span.endOffset : block.text.length,
  ];
}
