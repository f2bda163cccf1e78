// Finding quoted words in a text: what a person or program wants to annotate, told apart from equal words by context or
// position (W3C TextQuoteSelector and TextPositionSelector). One function a question, each testable without a page.
import { KopuroError } from '../protocol/errors.ts';
import type { Span, TextView } from './textView.ts';

/** What is to be annotated, as commands bring it. */
export interface QuoteTarget {
  blockId: string;
  endBlockId?: string | undefined;
  exact: string;
  prefix?: string | undefined;
  suffix?: string | undefined;
  position?: { start: number; end: number } | undefined;
}

/**
 * The span of a target. Throws `block-not-found`, `quote-not-found`, or `quote-ambiguous` when several places fit equally
 * and neither context nor position decides.
 */
export function findTarget(view: TextView, target: QuoteTarget): Span {
  const first = view.find(target.blockId);
  if (!first) throw new KopuroError('block-not-found', { blockId: target.blockId });
  const last = target.endBlockId === undefined ? first : view.find(target.endBlockId);
  if (!last || last.index < first.index) {
    throw new KopuroError('block-not-found', { blockId: target.endBlockId ?? target.blockId });
  }
  const texts = view.blocks.slice(first.index, last.index + 1).map((block) => block.text);
  const joined = texts.join('\n');
  const lastStart = joined.length - last.text.length;
  const matches = occurrences(joined, target.exact).filter(
    ({ start, end }) => start <= first.text.length && end >= lastStart && start < end,
  );
  const toSpan = ({ start, end }: Match): Span => ({
    start: first.index,
    startOffset: start,
    end: last.index,
    endOffset: end - lastStart,
  });
  const chosen = choose(joined, matches, target, lastStart);
  if (chosen) return toSpan(chosen);
  throw new KopuroError(matches.length === 0 ? 'quote-not-found' : 'quote-ambiguous', { blockId: target.blockId });
}

interface Match {
  start: number;
  end: number;
}

function choose(text: string, matches: readonly Match[], target: QuoteTarget, lastStart: number): Match | null {
  const [only, ...others] = matches;
  if (!only || others.length === 0) return only ?? null;
  const { position } = target;
  const there =
    position && matches.find((match) => match.start === position.start && match.end === position.end + lastStart);
  if (there) return there;
  const scored = matches
    .map((match) => ({ match, score: contextScore(text, match, target.prefix ?? '', target.suffix ?? '') }))
    .sort((a, b) => b.score - a.score);
  const best = scored[0]!.score;
  const fitting = scored.filter(({ score }) => score === best);
  if (fitting.length === 1 && best > 0) return fitting[0]!.match;
  if (!position) return null;
  const byDistance = fitting
    .map(({ match }) => ({ match, distance: Math.abs(match.start - position.start) }))
    .sort((a, b) => a.distance - b.distance);
  return byDistance[0]!.distance < byDistance[1]!.distance ? byDistance[0]!.match : null;
}

function contextScore(text: string, match: Match, prefix: string, suffix: string): number {
  return commonEnding(text.slice(0, match.start), prefix) + commonBeginning(text.slice(match.end), suffix);
}

/**
 * Every place of `exact` in `text`. If there is none as it is written, composed characters and no-break spaces are taken for
 * what they look like.
 */
export function occurrences(text: string, exact: string): Match[] {
  const literal = indexesOf(text, exact).map((start) => ({ start, end: start + exact.length }));
  if (literal.length > 0) return literal;
  const plain = asItLooks(text);
  const wanted = asItLooks(exact).text;
  return indexesOf(plain.text, wanted).flatMap((index) => {
    const start = plain.origins[index];
    const end = plain.origins[index + wanted.length];
    return start === undefined || end === undefined || start < 0 || end < 0 ? [] : [{ start, end }];
  });
}

/** All indexes of `part` in `text`, overlapping ones included. */
export function indexesOf(text: string, part: string): number[] {
  const indexes: number[] = [];
  if (part === '') return indexes;
  for (let index = text.indexOf(part); index !== -1; index = text.indexOf(part, index + 1)) indexes.push(index);
  return indexes;
}

/** `text` composed and with plain spaces; `origins[i]` is where character i comes from, −1 within a composed character. */
function asItLooks(text: string): { text: string; origins: number[] } {
  let plain = '';
  const origins: number[] = [];
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    const looks = segment.normalize('NFC').replace(/[\u00a0\u202f\u2007]/g, ' ');
    for (let at = 0; at < looks.length; at++) origins.push(at === 0 ? index : -1);
    plain += looks;
  }
  origins.push(text.length);
  return { text: plain, origins };
}

export function commonEnding(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}

export function commonBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
