// Annotations drawn in a text: a ProseMirror plugin that keeps a decoration on the words of every annotation. Decorations
// are mapped through each change and only resolved anew when annotations changed or the typing paused. It knows nothing of
// cards, and writes nothing to the document.

import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import type { Annotation } from '../../shared/annotation/types.ts';
import { changeBetween, mapDecorations } from './mapping.ts';
import { type Place, placeAnnotations, rangeToBlocks } from './places.ts';
import type { AnnotationItem, HighlightSource, ProposedAnchor } from './types.ts';

/** How long typing must pause before all places are resolved anew. */
const IDLE_MS = 600;
/** After somebody else's change, which replaces the document, places are checked sooner. */
const REMOTE_MS = 300;

const DRAFT = ' draft';

export interface Highlight extends Place {
  /** The class names: kind and state. Equal looks need no new decoration. */
  look: string;
  kind: string;
  title: string;
  /** Of which anchor this is the place: a new anchor is resolved anew even if the old place still holds the words. */
  anchor: string;
}

type Appearance = Omit<Highlight, keyof Place>;

interface DrawnRange {
  from: number;
  to: number;
  anchor: string;
}

interface Drawn {
  set: DecorationSet;
  active: string | null;
}

type Meta = { highlights: readonly Highlight[]; active: string | null } | { active: string | null };

export const highlightsKey = new PluginKey<Drawn>('annotation-highlights');

/** The plugin for the text in `language`. */
export function annotationHighlights(source: HighlightSource, language: string): Plugin<Drawn> {
  return new Plugin<Drawn>({
    key: highlightsKey,
    state: {
      init: () => ({ set: DecorationSet.empty, active: null }),
      apply: (tr, drawn) => apply(tr, drawn),
    },
    props: {
      decorations: (state) => highlightsKey.getState(state)?.set,
      handleDOMEvents: {
        click: (_view, event) => {
          const selection = window.getSelection();
          if (!selection || selection.isCollapsed) source.activate(nextActive(event.target, source.active.get()));
          return false;
        },
      },
    },
    view: (view) => new Refresher(view, source, language),
  });
}

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
function rangesOf(set: DecorationSet): Map<string, DrawnRange> {
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

/** The state of the highlights after a transaction; exported for tests. */
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

/** Which annotation a click makes active: the innermost one there, or the next outer one if that is active already. */
function nextActive(target: EventTarget | null, active: string | null): string | null {
  const ids: string[] = [];
  let element = target instanceof Element ? target.closest('[data-annotation]') : null;
  while (element) {
    const id = element.getAttribute('data-annotation');
    if (id && id !== DRAFT) ids.push(id);
    element = element.parentElement?.closest('[data-annotation]') ?? null;
  }
  if (ids.length === 0) return null;
  return ids[(ids.indexOf(active ?? '') + 1) % ids.length] ?? null;
}

function anchorKey({ anchor }: Annotation): string {
  return `${anchor.start}|${anchor.end}`;
}

function lookOf({ annotation, unsent }: AnnotationItem): string {
  const names = ['hl', `hl-${annotation.kind}`];
  if (annotation.status === 'resolved') names.push('hl-resolved');
  if (annotation.anchorState === 'moved') names.push('hl-moved');
  if (unsent) names.push('hl-unsent');
  return names.join(' ');
}

/** Follows the annotations and the document, and decides when places are resolved anew. */
class Refresher {
  private readonly view: EditorView;
  private readonly source: HighlightSource;
  private readonly language: string;
  private readonly stops: (() => void)[];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private due = Number.POSITIVE_INFINITY;
  private readonly structural = new Set<string>();
  private readonly appearances = new WeakMap<AnnotationItem, { describe: unknown; look: Appearance }>();

  constructor(view: EditorView, source: HighlightSource, language: string) {
    this.view = view;
    this.source = source;
    this.language = language;
    const soon = () => this.schedule(0);
    this.stops = [source.items, source.draft, source.showResolved, source.describe].map((one) => one.subscribe(soon));
    this.stops.push(source.active.subscribe(() => this.activate()));
    this.schedule(0);
  }

  update(view: EditorView, before: EditorState): void {
    if (view.state.doc === before.doc) return;
    const now = highlightsKey.getState(view.state);
    const old = highlightsKey.getState(before);
    const lost = (old ? rangesOf(old.set).size : 0) > (now ? rangesOf(now.set).size : 0);
    const remote = isRemote(view.state, before);
    if (!remote && view.state.doc.childCount !== before.doc.childCount && now) this.noteStructural(before, view.state);
    this.schedule(lost && remote ? 0 : remote ? REMOTE_MS : IDLE_MS);
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** After Enter or a join the Yjs positions stay behind, but the decorations moved along: remember which to propose. */
  private noteStructural(before: EditorState, after: EditorState): void {
    const change = before.doc.content.findDiffStart(after.doc.content);
    if (change === null) return;
    for (const [id, { to }] of rangesOf(highlightsKey.getState(after)!.set)) {
      if (to >= change && id !== DRAFT) this.structural.add(id);
      if (this.structural.size >= 500) break;
    }
  }

  private schedule(delay: number): void {
    const at = performance.now() + delay;
    // Pauses count from the last change; an earlier date that was set for another reason stands.
    if (this.timer !== null) {
      if (delay !== IDLE_MS && at >= this.due) return;
      if (delay === IDLE_MS && this.due < at - IDLE_MS + REMOTE_MS) return;
      clearTimeout(this.timer);
    }
    this.due = at;
    this.timer = setTimeout(() => this.refresh(), delay);
  }

  private refresh(): void {
    this.timer = null;
    this.due = Number.POSITIVE_INFINITY;
    const { view, source, language } = this;
    if (view.isDestroyed) return;
    if (view.composing) {
      this.schedule(IDLE_MS); // new decorations would break off what an input method is composing
      return;
    }
    this.proposeMoved();
    const describe = source.describe.get();
    const showResolved = source.showResolved.get();
    const active = source.active.get();
    const items = source.items
      .get()
      .filter(
        ({ annotation }) =>
          annotation.language === language &&
          annotation.anchorState !== 'orphan' &&
          (annotation.status === 'open' || showResolved || annotation.id === active),
      );
    const byId = new Map(items.map((item) => [item.annotation.id, item]));
    const drawn = rangesOf(highlightsKey.getState(view.state)?.set ?? DecorationSet.empty);
    const places = placeAnnotations(
      source.doc,
      language,
      view.state.doc,
      items.map(({ annotation }) => annotation),
      new Map([...drawn].filter(([id, { anchor }]) => anchor === this.anchorOf(byId.get(id), describe))),
    );
    const highlights: Highlight[] = places.map((place) => ({
      ...place,
      ...this.appearance(byId.get(place.id)!, describe),
    }));
    const draft = this.draftHighlight(drawn.get(DRAFT));
    if (draft) highlights.push(draft);
    view.dispatch(view.state.tr.setMeta(highlightsKey, { highlights, active }).setMeta('addToHistory', false));
  }

  /** How an annotation looks, found out once for each state of it: its words pass through the translations, which is dear. */
  private appearance(item: AnnotationItem, describe: (annotation: Annotation) => string): Appearance {
    let known = this.appearances.get(item);
    if (known?.describe !== describe) {
      const { annotation } = item;
      const look = {
        look: lookOf(item),
        kind: annotation.kind,
        title: describe(annotation),
        anchor: anchorKey(annotation),
      };
      known = { describe, look };
      this.appearances.set(item, known);
    }
    return known.look;
  }

  private anchorOf(item: AnnotationItem | undefined, describe: (annotation: Annotation) => string): string {
    return item ? this.appearance(item, describe).anchor : '';
  }

  private draftHighlight(drawn: { from: number; to: number } | undefined): Highlight | null {
    const draft = this.source.draft.get();
    if (!draft || draft.words.language !== this.language) return null;
    const look = `hl hl-draft hl-${draft.kind}`;
    const range = drawn ?? draftPlace(this.view.state, draft.words);
    return range && { ...range, id: DRAFT, look, kind: draft.kind, title: '', anchor: '' };
  }

  private activate(): void {
    const { view, source } = this;
    if (view.isDestroyed) return;
    const active = source.active.get();
    const item = source.items.get().find(({ annotation }) => annotation.id === active);
    if (item?.annotation.status === 'resolved') this.schedule(0);
    view.dispatch(view.state.tr.setMeta(highlightsKey, { active }).setMeta('addToHistory', false));
  }

  private proposeMoved(): void {
    if (this.structural.size === 0) return;
    const { view, source } = this;
    const ranges = rangesOf(highlightsKey.getState(view.state)!.set);
    const unsent = new Set(
      source.items
        .get()
        .filter((item) => item.unsent)
        .map(({ annotation }) => annotation.id),
    );
    const anchors: ProposedAnchor[] = [];
    for (const id of this.structural) {
      const range = ranges.get(id);
      const blocks = range && rangeToBlocks(view.state.doc, range.from, range.to);
      if (blocks && !unsent.has(id)) anchors.push({ annotationId: id, ...blocks });
    }
    this.structural.clear();
    const stale = anchors.filter((anchor) => !this.isWhereRecorded(anchor));
    if (stale.length > 0) source.propose(stale);
  }

  private isWhereRecorded(anchor: ProposedAnchor): boolean {
    const item = this.source.items.get().find(({ annotation }) => annotation.id === anchor.annotationId);
    const known = item?.annotation.anchor;
    return known?.startBlock === anchor.startBlock && known.endBlock === anchor.endBlock;
  }
}

function draftPlace(
  state: EditorState,
  words: { startBlock: string; startOffset: number; endBlock: string; endOffset: number },
): { from: number; to: number } | null {
  let from: number | null = null;
  let to: number | null = null;
  state.doc.forEach((node, offset) => {
    if (from === null && node.attrs.id === words.startBlock) from = offset + 1 + words.startOffset;
    if (to === null && node.attrs.id === words.endBlock) to = offset + 1 + words.endOffset;
  });
  return from !== null && to !== null && from < to && to <= state.doc.content.size ? { from, to } : null;
}

function isRemote(after: EditorState, before: EditorState): boolean {
  const now = ySyncPluginKey.getState(after);
  return now !== ySyncPluginKey.getState(before) && Boolean(now?.isChangeOrigin);
}
