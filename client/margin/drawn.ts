// The annotations drawn in one text: a decoration on the words of each, mapped through every change and replaced only where a
// place or a look differs. It decides nothing about when places are resolved anew (refresher.ts).
import { type EditorState, PluginKey, type Transaction } from 'prosemirror-state';
import { Decoration, type DecorationSet } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import { changeBetween, mapDecorations } from './mapping.ts';
import type { Place } from './places.ts';

/** The id under which the words of the draft are drawn; no annotation has it. */
export const DRAFT = ' draft';

export interface Highlight extends Place {
  /** The class names: kind and state. Equal looks need no new decoration. */
  look: string;
  kind: string;
  title: string;
  /** Of which anchor this is the place: a new anchor is resolved anew even if the old place still holds the words. */
  anchor: string;
}

export interface DrawnRange {
  from: number;
  to: number;
  anchor: string;
}

export interface Drawn {
  set: DecorationSet;
  active: string | null;
}

type Meta = { highlights: readonly Highlight[]; active: string | null } | { active: string | null };

export const highlightsKey = new PluginKey<Drawn>('annotation-highlights');

/** Where the words of an annotation are now in this text, or null if they are not in it. */
export function annotationRange(state: EditorState, id: string): { from: number; to: number } | null {
  const set = highlightsKey.getState(state)?.set;
  return set ? (rangesOf(set).get(id) ?? null) : null;
}

/** Where the words of the draft are now. */
export function draftRange(state: EditorState): { from: number; to: number } | null {
  return annotationRange(state, DRAFT);
}

const RANGES = new WeakMap<DecorationSet, Map<string, DrawnRange>>();

/** The places drawn in a set, computed once per set. */
export function rangesOf(set: DecorationSet): Map<string, DrawnRange> {
  let ranges = RANGES.get(set);
  if (!ranges) {
    ranges = new Map();
    for (const { from, to, spec } of set.find()) {
      if (!spec.lift) ranges.set(spec.id, { from, to, anchor: spec.anchor });
    }
    RANGES.set(set, ranges);
  }
  return ranges;
}

/** The state of the highlights after a transaction. */
export function apply(tr: Transaction, before: Drawn): Drawn {
  let { set, active } = before;
  if (tr.docChanged) {
    const remote = Boolean(tr.getMeta(ySyncPluginKey)?.isChangeOrigin);
    set = mapDecorations(set, remote ? changeBetween(tr.before, tr.doc) : tr.mapping, tr.doc);
  }
  const meta: Meta | undefined = tr.getMeta(highlightsKey);
  if (!meta) return set === before.set ? before : { set, active };
  if ('highlights' in meta) set = redraw(set, tr, meta.highlights);
  ({ active } = meta);
  return { set: lift(set, tr, active), active };
}

/** Replaces only the decorations whose place or look differs. */
function redraw(set: DecorationSet, tr: Transaction, highlights: readonly Highlight[]): DecorationSet {
  const wanted = new Map(highlights.map((highlight) => [highlight.id, highlight]));
  const outdated: Decoration[] = [];
  for (const decoration of set.find()) {
    const { id, look, lift: lifted } = decoration.spec;
    if (lifted) continue;
    const highlight = wanted.get(id);
    const same =
      highlight?.look === look &&
      highlight?.from === decoration.from &&
      highlight.to === decoration.to &&
      highlight.title === decoration.spec.title &&
      highlight.anchor === decoration.spec.anchor;
    if (same) wanted.delete(id);
    else outdated.push(decoration);
  }
  const added = [...wanted.values()].map((highlight) =>
    Decoration.inline(
      highlight.from,
      highlight.to,
      {
        nodeName: 'span',
        class: highlight.look,
        'data-annotation': highlight.id,
        'data-kind': highlight.kind,
        ...(highlight.title ? { title: highlight.title } : {}),
      },
      { id: highlight.id, look: highlight.look, title: highlight.title, anchor: highlight.anchor },
    ),
  );
  if (outdated.length > 0) set = set.remove(outdated);
  return added.length > 0 ? set.add(tr.doc, added) : set;
}

/** The active annotation gets a second decoration, so that the other one can stay as it is. */
function lift(set: DecorationSet, tr: Transaction, active: string | null): DecorationSet {
  const lifted = set.find(undefined, undefined, (spec) => spec.lift === true);
  const range = active === null ? undefined : rangesOf(set).get(active);
  const [current] = lifted;
  if (range && lifted.length === 1 && current!.spec.id === active && current!.from === range.from) {
    if (current!.to === range.to) return set;
  }
  if (lifted.length > 0) set = set.remove(lifted);
  if (!range) return set;
  const decoration = Decoration.inline(range.from, range.to, { class: 'hl-active' }, { id: active, lift: true });
  return set.add(tr.doc, [decoration]);
}
