// The state behind the columns of one open article: which texts are shown, their views, what is selected and where things
// are. It implements `TextColumns` for the margin and knows nothing of React.
import type { EditorView } from 'prosemirror-view';
import { readAnnotation } from '../../shared/annotation/read.ts';
import { createValue } from '../article/observable.ts';
import type { ArticleSession, Observable } from '../article/types.ts';
import { annotationRange } from '../margin/drawn.ts';
import { Aligner } from './alignment/aligner.ts';
import type { Arrangement } from './arrangement.ts';
import { type Format, formatOf, sameFormat } from './editor/format.ts';
import type { TextView } from './editor/text-view.ts';
import { followPeople, type PeopleHere } from './presence/here.ts';
import { selectionOf } from './selection.ts';
import { type ArticleStructure, followStructure } from './structure.ts';
import type { FocusedBlock, TextColumns, TextSelection } from './types.ts';

/** Where a thing that one jumps to comes to stand below the top of the window, px. */
const JUMP_MARGIN = 120;
/** A hidden column that is shown for a jump needs a moment until its view is there. */
const REVEAL_TRIES = 30;
/** So long after a jump, rows that are still being aligned move the window along, ms. */
const SETTLE = 1500;

export interface Workspace extends TextColumns {
  readonly session: ArticleSession;
  readonly structure: ArticleStructure;
  readonly aligner: Aligner;
  readonly arrangement: Arrangement;
  readonly people: PeopleHere;
  /** The text that the formatting buttons are about. */
  readonly activeLanguage: Observable<string | null>;
  /** Format of the words and the block at the caret: a new object only when it differs. */
  readonly format: Observable<Format | null>;
  setSource(language: string): void;
  attachScroller(scroller: HTMLElement, texts: HTMLElement): () => void;
  attachView(language: string, view: TextView): () => void;
  /** Called by a view's plugin after its selection, focus or document changed. */
  viewChanged(language: string, view: EditorView): void;
  setActiveLanguage(language: string): void;
  /** The text whose link is being set, or null. */
  readonly linking: Observable<string | null>;
  openLink(language: string | null): void;
  /** A command was refused: the page says so. */
  readonly error: Observable<unknown>;
  onError(error: unknown): void;
  clearUndo(): void;
  destroy(): void;
}

export function createWorkspace(session: ArticleSession, arrangement: Arrangement): Workspace {
  const structure = followStructure(session.doc);
  const aligner = new Aligner();
  const people = followPeople(session.awareness);
  const views = new Map<string, TextView>();
  const selection = createValue<TextSelection | null>(null);
  const focused = createValue<FocusedBlock | null>(null);
  const activeAnnotation = createValue<string | null>(null);
  const activeLanguage = createValue<string | null>(null);
  const format = createValue<Format | null>(null);
  const linking = createValue<string | null>(null);
  const error = createValue<unknown>(null);
  let scroller: HTMLElement | null = null;
  let texts: HTMLElement | null = null;
  let pointerDown = false;
  let frame = 0;
  let aligning = false;
  let destroyed = false;
  let source = '';
  let stopSource = () => {};
  let stopFollowing = () => {};

  /** The top of the texts within what scrolls: the heads of the columns stand above them. Measured once a task at most. */
  let knownOrigin: number | null = null;
  const origin = () => {
    if (knownOrigin === null) {
      knownOrigin = texts?.offsetTop ?? 0;
      queueMicrotask(() => {
        knownOrigin = null;
      });
    }
    return knownOrigin;
  };

  function align(): void {
    const shown = arrangement.shown.get();
    const ready = shown.filter((language) => views.has(language));
    aligner.setTexts(
      ready.map((language) => ({ language, dom: views.get(language)!.view.dom })),
      () =>
        structure
          .blocks(source)
          .get()
          .map(({ id }) => id),
    );
  }

  /** Once for all columns that come or go together. */
  function alignSoon(): void {
    if (aligning) return;
    aligning = true;
    queueMicrotask(() => {
      aligning = false;
      if (!destroyed) align();
    });
  }

  function readSelection(): void {
    frame = 0;
    const language = activeLanguage.get();
    const view = language === null ? null : (views.get(language)?.view ?? null);
    if (language === null || !view || view.isDestroyed) return;
    if (!pointerDown) selection.set(selectionOf(view, language));
    const { $head } = view.state.selection;
    const blockId: unknown = $head.depth > 0 ? $head.node(1).attrs.id : null;
    const before = focused.get();
    if (typeof blockId === 'string' && (before?.language !== language || before.blockId !== blockId)) {
      focused.set({ language, blockId });
    }
    const now = formatOf(view.state);
    if (!sameFormat(format.get(), now)) format.set(now);
  }

  function readSoon(): void {
    if (frame === 0) frame = requestAnimationFrame(readSelection);
  }

  function scrollTo(top: number): void {
    scroller?.scrollTo({ top: Math.max(0, top - JUMP_MARGIN), behavior: calm() ? 'instant' : 'smooth' });
  }

  function scrollToBlock(language: string, blockId: string): void {
    const top = aligner.top(language, blockId);
    if (top !== null) scrollTo(origin() + top);
  }

  function reveal(annotationId: string, tries = REVEAL_TRIES): void {
    const annotation = readAnnotation(session.doc, annotationId);
    if (!annotation) return;
    const { language, anchor } = annotation;
    if (!arrangement.shown.get().includes(language)) arrangement.show(language);
    const view = views.get(language)?.view;
    // Opened by a link, the first call comes before the container is known that is to scroll.
    if (!view || !scroller || aligner.top(language, anchor.startBlock) === null) {
      if (tries > 0) requestAnimationFrame(() => reveal(annotationId, tries - 1));
      else activeAnnotation.set(annotationId);
      return;
    }
    activeAnnotation.set(annotationId);
    const place = () => {
      const range = scroller && !view.isDestroyed ? annotationRange(view.state, annotationId) : null;
      if (range) return view.coordsAtPos(range.from).top - scroller!.getBoundingClientRect().top + scroller!.scrollTop;
      const top = aligner.top(language, anchor.startBlock);
      return top === null ? null : origin() + top;
    };
    jump(place);
  }

  /** Scrolls to a place and, until the person does something or the rows have settled, follows it where alignment moves it. */
  function jump(place: () => number | null): void {
    stopFollowing();
    const first = place();
    if (first === null) return;
    let last = first;
    scrollTo(first);
    const follow = () => {
      const now = place();
      if (now === null || Math.abs(now - last) < 2) return;
      last = now;
      scrollTo(now);
    };
    const stopLayout = aligner.onLayout(follow);
    const events = ['wheel', 'pointerdown', 'keydown', 'touchstart'] as const;
    for (const event of events) document.addEventListener(event, stop, { capture: true, passive: true });
    const timer = setTimeout(stop, SETTLE);
    function stop(): void {
      clearTimeout(timer);
      stopLayout();
      for (const event of events) document.removeEventListener(event, stop, { capture: true });
      stopFollowing = () => {};
    }
    stopFollowing = stop;
  }

  const stopShown = arrangement.shown.subscribe(alignSoon);
  const onPointerDown = () => {
    pointerDown = true;
  };
  const onPointerUp = () => {
    pointerDown = false;
    readSoon();
  };
  document.addEventListener('pointerdown', onPointerDown, true);
  document.addEventListener('pointerup', onPointerUp, true);
  document.addEventListener('pointercancel', onPointerUp, true);

  return {
    session,
    structure,
    aligner,
    arrangement,
    people,
    shown: arrangement.shown,
    selection,
    focused,
    activeAnnotation,
    activeLanguage,
    format,
    linking,
    openLink: (language) => linking.set(language),
    error,
    onError: (failure) => error.set(failure),
    setActiveAnnotation: (id) => activeAnnotation.set(id),
    view: (language) => views.get(language)?.view ?? null,
    blockTop(language, blockId) {
      const top = aligner.top(language, blockId);
      return top === null ? null : origin() + top;
    },
    onLayout: (listener) => aligner.onLayout(listener),
    scrollToBlock,
    reveal,
    setSource(language) {
      if (language === source) return;
      source = language;
      stopSource();
      stopSource = structure.blocks(language).subscribe(() => aligner.readSoon());
      align();
    },
    attachScroller(element, textsElement) {
      scroller = element;
      texts = textsElement;
      const onScroll = () => {
        if (selection.get()) readSoon();
      };
      element.addEventListener('scroll', onScroll, { passive: true });
      return () => {
        element.removeEventListener('scroll', onScroll);
        scroller = null;
        texts = null;
      };
    },
    attachView(language, view) {
      views.set(language, view);
      alignSoon();
      return () => {
        views.delete(language);
        if (activeLanguage.get() === language) {
          activeLanguage.set(null);
          selection.set(null);
        }
        view.destroy();
        alignSoon();
      };
    },
    viewChanged(language, view) {
      if (view.hasFocus() && activeLanguage.get() !== language) activeLanguage.set(language);
      if (activeLanguage.get() === language) readSoon();
    },
    setActiveLanguage: (language) => activeLanguage.set(language),
    clearUndo() {
      for (const view of views.values()) view.clearUndo();
    },
    destroy() {
      destroyed = true;
      cancelAnimationFrame(frame);
      stopFollowing();
      stopShown();
      stopSource();
      document.removeEventListener('pointerdown', onPointerDown, true);
      document.removeEventListener('pointerup', onPointerUp, true);
      document.removeEventListener('pointercancel', onPointerUp, true);
      people.destroy();
      aligner.destroy();
      structure.destroy();
    },
  };
}

function calm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
