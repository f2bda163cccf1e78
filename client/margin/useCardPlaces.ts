// Connects the layout of cards to the page: asks the columns where words stand, remembers how high cards are, and answers
// with the cards near the window and their tops. At most one layout a frame.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Observable } from '../article/types.ts';
import { useTextColumns } from '../workspace/context.tsx';
import type { TextColumns } from '../workspace/types.ts';
import { annotationRange, draftRange } from './drawn.ts';
import { type CardBox, layoutCards, sortBoxes, visibleCards } from './layout.ts';
import { rangeOfWords } from './target.ts';
import type { AnnotationItem, Draft } from './types.ts';

/** The id under which the card of a draft is placed. */
export const DRAFT_CARD = ' draft';

const GAP = 10;
/** The height that a card is thought to have until it was seen. */
const ESTIMATE = 132;
/** Cards this far outside the window are rendered too. */
const NEAR = 900;

export interface PlacedCard {
  id: string;
  top: number;
}

interface Placed {
  places: readonly PlacedCard[];
  height: number;
}

export function useCardPlaces(items: readonly AnnotationItem[], draft: Draft | null, active: string | null) {
  const columns = useTextColumns();
  const trackRef = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const frame = useRef<number | null>(null);
  // Cards of one line stand in the order of their words.
  const inOrder = useMemo(
    () => [...items].sort(({ annotation: a }, { annotation: b }) => a.anchor.startOffset - b.anchor.startOffset),
    [items],
  );
  const [placed, setPlaced] = useState<Placed>({ places: [], height: 0 });

  const place = useCallback(() => {
    frame.current = null;
    const track = trackRef.current;
    const scroller = track && scrollerOf(track);
    if (!track || !scroller) return;
    const frameTop = scroller.getBoundingClientRect().top;
    const trackTop = track.getBoundingClientRect().top - frameTop + scroller.scrollTop;
    const top = scroller.scrollTop;
    const bottom = top + scroller.clientHeight;
    const toContent = scroller.scrollTop - frameTop;
    const near = (y: number) => y > top - NEAR && y < bottom + NEAR;

    const boxes: CardBox[] = [];
    const add = (id: string, y: number) =>
      boxes.push({ id, ideal: y - trackTop, height: heights.current.get(id) ?? ESTIMATE });
    for (const { annotation } of inOrder) {
      const { id, language, anchor } = annotation;
      const block = blockTop(columns, language, anchor.startBlock);
      if (block === null) add(id, trackTop);
      else add(id, near(block) ? (wordsTop(columns, language, id, toContent) ?? block) : block);
    }
    if (draft) add(DRAFT_CARD, draftTop(columns, draft, toContent) ?? top);

    const sorted = sortBoxes(boxes);
    const tops = layoutCards(sorted, { start: 0, gap: GAP, active });
    const wanted = new Set(visibleCards(sorted, tops, top - NEAR - trackTop, bottom + NEAR - trackTop));
    if (active !== null) wanted.add(active);
    if (draft) wanted.add(DRAFT_CARD);
    const places = sorted.filter(({ id }) => wanted.has(id)).map(({ id }) => ({ id, top: Math.round(tops.get(id)!) }));
    const last = sorted[sorted.length - 1];
    const height = last ? Math.ceil(tops.get(last.id)! + last.height + GAP) : 0;
    setPlaced((before) => (samePlaces(before, places, height) ? before : { places, height }));
  }, [columns, inOrder, draft, active]);

  const schedule = useCallback(() => {
    frame.current ??= requestAnimationFrame(() => latest.current());
  }, []);
  const latest = useRef(place);
  useLayoutEffect(() => {
    latest.current = place;
    place();
    schedule(); // highlights are drawn a moment after the cards: look again then
  }, [place, schedule]);

  useEffect(() => {
    const track = trackRef.current;
    const scroller = track && scrollerOf(track);
    scroller?.addEventListener('scroll', schedule, { passive: true });
    window.addEventListener('resize', schedule);
    // The filters above the cards grow and shrink, and the cards' own origin with them.
    const head = new ResizeObserver(schedule);
    if (track?.previousElementSibling) head.observe(track.previousElementSibling);
    const stop = columns.onLayout(schedule);
    const stopShown = (columns.shown as Observable<unknown>).subscribe(schedule);
    return () => {
      scroller?.removeEventListener('scroll', schedule);
      window.removeEventListener('resize', schedule);
      head.disconnect();
      stop();
      stopShown();
      if (frame.current !== null) cancelAnimationFrame(frame.current);
      frame.current = null;
    };
  }, [columns, schedule]);

  const observer = useRef<ResizeObserver | null>(null);
  const measure = useCallback(
    (id: string, element: HTMLElement) => {
      observer.current ??= new ResizeObserver((entries) => {
        for (const { target } of entries) {
          const height = (target as HTMLElement).offsetHeight;
          if (height > 0) heights.current.set((target as HTMLElement).dataset.placed ?? '', height);
        }
        schedule();
      });
      element.dataset.placed = id;
      const sizes = observer.current;
      sizes.observe(element);
      return () => sizes.unobserve(element);
    },
    [schedule],
  );
  useEffect(() => () => observer.current?.disconnect(), []);

  return { trackRef, measure, ...placed };
}

/** The top of a block in its own column or, while that is hidden, of the row in another one. */
function blockTop(columns: TextColumns, language: string, blockId: string): number | null {
  const own = columns.blockTop(language, blockId);
  if (own !== null) return own;
  for (const other of columns.shown.get()) {
    const top = columns.blockTop(other, blockId);
    if (top !== null) return top;
  }
  return null;
}

function wordsTop(columns: TextColumns, language: string, id: string, toContent: number): number | null {
  const view = columns.view(language);
  const range = view && annotationRange(view.state, id);
  return view && range ? view.coordsAtPos(range.from).top + toContent : null;
}

function draftTop(columns: TextColumns, draft: Draft, toContent: number): number | null {
  const view = columns.view(draft.words.language);
  const range = view && (draftRange(view.state) ?? rangeOfWords(view.state.doc, draft.words));
  return view && range ? view.coordsAtPos(range.from).top + toContent : null;
}

function samePlaces(before: Placed, places: readonly PlacedCard[], height: number): boolean {
  return (
    before.height === height &&
    before.places.length === places.length &&
    before.places.every(({ id, top }, index) => places[index]!.id === id && places[index]!.top === top)
  );
}

/** The container that scrolls the columns and the margin together. */
function scrollerOf(element: HTMLElement): HTMLElement {
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    const { overflowY } = getComputedStyle(parent);
    if (overflowY === 'auto' || overflowY === 'scroll') return parent;
  }
  return document.documentElement;
}
