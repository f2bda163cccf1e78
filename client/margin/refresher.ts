// Decides when the places of the annotations in one text are resolved anew: when annotations changed, or the typing paused. It
// proposes to the server where the words went after a block was split or joined here, and writes nothing to the document.
import type { EditorState } from 'prosemirror-state';
import { DecorationSet, type EditorView } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import type { Annotation } from '../../shared/annotation/types.ts';
import { DRAFT, type Highlight, highlightsKey, rangesOf } from './drawn.ts';
import { type Place, placeAnnotations, rangeToBlocks } from './places.ts';
import type { AnnotationItem, HighlightSource, ProposedAnchor } from './types.ts';

/** How long typing must pause before all places are resolved anew. */
const IDLE_MS = 600;
/** After somebody else's change, which replaces the document, places are checked sooner. */
const REMOTE_MS = 300;

type Appearance = Omit<Highlight, keyof Place>;

/** Follows the annotations and the document, and decides when places are resolved anew. */
export class Refresher {
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
    if (isRemote(view.state, before)) {
      this.schedule(drawnIn(view.state) < drawnIn(before) ? 0 : REMOTE_MS);
      return;
    }
    if (view.state.doc.childCount !== before.doc.childCount) this.noteStructural(before, view.state);
    this.schedule(IDLE_MS);
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

/** How many places are drawn. */
function drawnIn(state: EditorState): number {
  const set = highlightsKey.getState(state)?.set;
  return set ? rangesOf(set).size : 0;
}
