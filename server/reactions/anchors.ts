// Keeps annotations on their words: after every change the anchors of the touched blocks are looked at, and written only if
// their state changed or their words stand elsewhere now. Quotes and offsets are brought up to date when the room falls idle.
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { makeAnchor, resolveSpan } from '../../shared/annotation/anchors.ts';
import { annotationsMap, updateAnnotation } from '../../shared/annotation/read.ts';
import { type Placement, placeAnchor } from '../../shared/annotation/reattach.ts';
import { flat } from '../../shared/annotation/similarity.ts';
import { withCheck } from '../../shared/annotation/suggestions.ts';
import { openText, spanText, type TextView } from '../../shared/annotation/textView.ts';
import type { Anchor, AnchorState, Annotation, Suggestion } from '../../shared/annotation/types.ts';
import { blockElements, blockId } from '../../shared/article/blocks.ts';
import type { AnnotationIndex, TextIndex } from './annotationIndex.ts';
import type { TouchedText } from './touched.ts';

type AnchorChange = { id: string; change: Partial<Pick<Annotation, 'anchor' | 'anchorState' | 'suggestion'>> };

/** What must be written so that the annotations of a touched text stand on their words. Changes nothing itself. */
export function followWords(
  doc: Y.Doc,
  touched: TouchedText,
  beforeState: ReadonlyMap<number, number>,
  indexOf: AnnotationIndex,
): { changes: AnchorChange[]; seen: readonly string[] } {
  const index = indexOf(doc, touched.language);
  if (!index) return { changes: [], seen: [] };
  const concerned = concernedBy(doc, index, touched);
  if (concerned.size === 0) return { changes: [], seen: [] }; // most keys: nothing is read
  const view = openText(doc, touched.language);
  const blocks = [...touched.elements].map((element) => view.ofElement(element)).filter((block) => block !== null);
  const indexes = blocks.map((block) => block.index);
  const changes: AnchorChange[] = [];
  for (const id of concerned) {
    const now = standing(doc, id);
    if (!now) continue;
    const placement = placeAnchor(view, now.anchor, now.anchorState, {
      lostAt: now.anchor.lostAt === null ? beforeState : Y.decodeStateVector(fromBase64(now.anchor.lostAt)),
      changeAt: beforeState,
      touched: indexes,
    });
    const change = changeFor(view, now, placement, beforeState);
    if (change) changes.push({ id, change });
  }
  return { changes, seen: [...concerned] };
}

export function writeAnchors(doc: Y.Doc, changes: readonly AnchorChange[]): void {
  for (const { id, change } of changes) updateAnnotation(doc, id, change);
}

/** What brings quotes, contexts and offsets of these annotations up to date with the words that they stand on. */
export function refreshAnchors(doc: Y.Doc, ids: Iterable<string>): AnchorChange[] {
  const views = new Map<string, TextView>();
  const changes: AnchorChange[] = [];
  for (const id of ids) {
    const now = standing(doc, id);
    if (now?.anchorState !== 'attached') continue;
    const view = views.get(now.language) ?? openText(doc, now.language);
    views.set(now.language, view);
    const span = resolveSpan(view, now.anchor);
    if (!span) continue;
    const anchor = makeAnchor(view, span);
    if (!sameAnchor(anchor, now.anchor)) changes.push({ id, change: { anchor } });
  }
  return changes;
}

interface Standing {
  language: string;
  anchor: Anchor;
  anchorState: AnchorState;
  suggestion: Suggestion | null;
}

function standing(doc: Y.Doc, id: string): Standing | null {
  const map = annotationsMap(doc).get(id);
  if (!map) return null;
  return {
    language: map.get('language') as string,
    anchor: map.get('anchor') as Anchor,
    anchorState: map.get('anchorState') as AnchorState,
    suggestion: map.get('suggestion') as Suggestion | null,
  };
}

function concernedBy(doc: Y.Doc, index: TextIndex, { language, elements, structural }: TouchedText): Set<string> {
  const concerned = new Set<string>([...index.waiting, ...index.wide]);
  for (const element of elements) {
    for (const annotation of index.byBlock.get(blockId(element)) ?? []) concerned.add(annotation);
  }
  if (structural) {
    const present = new Set(blockElements(doc, language).map(blockId));
    for (const [block, annotations] of index.byBlock) {
      if (!present.has(block)) for (const annotation of annotations) concerned.add(annotation);
    }
  }
  return concerned;
}

function changeFor(
  view: TextView,
  now: Standing,
  { state, span }: Placement,
  beforeState: ReadonlyMap<number, number>,
): AnchorChange['change'] | null {
  const { anchor, anchorState } = now;
  if (!span || state === 'orphan') {
    return anchorState === 'orphan' ? null : { anchor: lost(anchor, beforeState), anchorState: 'orphan' };
  }
  const words = spanText(view, span);
  const check = state === 'attached' ? withCheck(now.suggestion, words) : {};
  const position = resolveSpan(view, anchor);
  const there = position !== null && JSON.stringify(position) === JSON.stringify(span);
  const sameBlocks = view.blocks[span.start]?.id === anchor.startBlock && view.blocks[span.end]?.id === anchor.endBlock;

  // Until the words are whole again, or the room is idle, the quote and its context stay those of the lost words.
  const kept = { exact: anchor.exact, prefix: anchor.prefix, suffix: anchor.suffix };
  if (state === 'moved') {
    if (anchorState === 'moved' && there) return null;
    return {
      anchor: lost(there ? anchor : { ...makeAnchor(view, span), ...kept, lostAt: anchor.lostAt }, beforeState),
      anchorState: 'moved',
    };
  }
  const fresh = makeAnchor(view, span);
  if (flat(words) === flat(anchor.exact)) {
    if (there && sameBlocks && anchorState === 'attached' && anchor.lostAt === null) return only(check);
    return { anchor: fresh, anchorState: 'attached', ...check };
  }
  if (there && sameBlocks && anchorState === 'attached') {
    if (anchor.lostAt !== null || sameEdges(words, anchor.exact)) return only(check);
    return { anchor: lost(anchor, beforeState), ...check }; // an end lost its words: what is typed there may be theirs
  }
  return { anchor: { ...fresh, ...kept, lostAt: anchor.lostAt }, anchorState: 'attached', ...check };
}

function sameEdges(a: string, b: string): boolean {
  return a.at(0) === b.at(0) && a.at(-1) === b.at(-1);
}

function only(check: { suggestion?: Suggestion }): AnchorChange['change'] | null {
  return check.suggestion ? check : null;
}

/** The anchor with the moment of its loss, unless it is lost already. */
function lost(anchor: Anchor, beforeState: ReadonlyMap<number, number>): Anchor {
  return { ...anchor, lostAt: anchor.lostAt ?? encode(beforeState) };
}

function encode(clocks: ReadonlyMap<number, number>): string {
  return toBase64(Y.encodeStateVector(clocks as Map<number, number>));
}

function sameAnchor(a: Anchor, b: Anchor): boolean {
  return (Object.keys(a) as (keyof Anchor)[]).every((key) => a[key] === b[key]);
}
