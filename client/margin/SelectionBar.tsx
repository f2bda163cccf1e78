// The small bar above selected words: comment, wording, claim. It waits until the selection is made, follows it when the
// page scrolls, and never takes the selection or the focus away.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { may } from '../../shared/access/roles.ts';
import { ANNOTATION_KINDS, type AnnotationKind } from '../../shared/annotation/types.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useTextColumns } from '../workspace/context.tsx';
import type { TextSelection } from '../workspace/types.ts';
import { useMargin } from './context.tsx';
import { KindIcon } from './KindLabel.tsx';
import { useStartDraft } from './useMarginActions.ts';

const EDGE = 8;
const ABOVE = 8;
/** A selection made by keys is finished when it has not changed for so long. */
const SETTLE_MS = 180;

const SHOWN_KEY: Record<AnnotationKind, string> = { comment: 'C', language: 'W', claim: 'F' };

export function SelectionBar() {
  const { t } = useTranslation();
  const session = useArticle();
  const margin = useMargin();
  const columns = useTextColumns();
  const selection = useObservable(columns.selection);
  const standing = useObservable(session.standing);
  const draft = useObservable(margin.draft);
  const startDraft = useStartDraft();
  const settled = useSettled(selection);
  const [done, setDone] = useState<string | null>(null);
  const key = settled && keyOf(settled);
  useEffect(() => {
    if (draft) setDone(keyOf(draft.words));
  }, [draft]);
  useEffect(() => {
    if (key === null) return;
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape') setDone(key);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [key]);
  const kinds = ANNOTATION_KINDS.filter((kind) => may(standing, kind === 'claim' ? 'raiseClaim' : 'annotate'));
  if (!settled || settled.exact.trim() === '' || draft || kinds.length === 0 || key === done) return null;
  return (
    <FloatingBar selection={settled} label={t('margin.annotate')}>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className={`selection-action selection-${kind}`}
          title={`${t(`margin.action.${kind}`)} (${SHOWN_KEY[kind]})`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => startDraft(kind)}
        >
          <KindIcon kind={kind} />
          <span>{t(`margin.kind.${kind}`)}</span>
        </button>
      ))}
    </FloatingBar>
  );
}

function FloatingBar({
  selection,
  label,
  children,
}: {
  selection: TextSelection;
  label: string;
  children: React.ReactNode;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);

  useLayoutEffect(() => {
    const follow = () => {
      const element = bar.current;
      if (!element) return;
      const rect = selectedRect() ?? selection.rect;
      const roof = headsEnd() + EDGE;
      const { offsetWidth: width, offsetHeight: height } = element;
      if (rect.bottom < roof || rect.top > window.innerHeight - EDGE || !isInText(document.activeElement)) {
        setPlace(null);
        return;
      }
      const middle = (rect.left + rect.right) / 2 - width / 2;
      const left = Math.min(Math.max(EDGE, middle), window.innerWidth - width - EDGE);
      // Touch screens show their own bar above a selection, so ours goes below; so it does where it would cover the heads
      // of the columns.
      const below = matchMedia('(pointer: coarse)').matches || rect.top - height - ABOVE < roof;
      const top = below ? rect.bottom + ABOVE : rect.top - height - ABOVE;
      setPlace({ left, top: Math.min(Math.max(roof, top), window.innerHeight - height - EDGE) });
    };
    follow();
    document.addEventListener('scroll', follow, { capture: true, passive: true });
    window.addEventListener('resize', follow);
    document.addEventListener('focusin', follow);
    return () => {
      document.removeEventListener('scroll', follow, { capture: true });
      window.removeEventListener('resize', follow);
      document.removeEventListener('focusin', follow);
    };
  }, [selection]);

  return (
    <div
      ref={bar}
      className="selection-bar"
      role="toolbar"
      aria-label={label}
      style={{ left: place?.left ?? 0, top: place?.top ?? 0, visibility: place ? 'visible' : 'hidden' }}
    >
      {children}
    </div>
  );
}

/** Tells selections of different words apart. */
function keyOf(words: Omit<TextSelection, 'rect'>): string {
  return [words.language, words.startBlock, words.startOffset, words.endBlock, words.endOffset].join(' ');
}

/** Whether the focus is with the selected words, and not in a window or card. */
function isInText(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.closest('[data-column], .selection-bar') !== null;
}

/** Where the heads of the columns end, which stay in sight above the texts. */
function headsEnd(): number {
  return document.querySelector('.ws-heads')?.getBoundingClientRect().bottom ?? 0;
}

function selectedRect(): DOMRect | null {
  const selected = window.getSelection();
  if (!selected || selected.isCollapsed || selected.rangeCount === 0) return null;
  const rect = selected.getRangeAt(0).getBoundingClientRect();
  return rect.width > 0 || rect.height > 0 ? rect : null;
}

/** The selection once it is finished: no button pressed, and no change for a moment. */
function useSettled(selection: TextSelection | null): TextSelection | null {
  const [settled, setSettled] = useState<TextSelection | null>(null);
  const pressed = useRef(false);
  const latest = useRef(selection);
  latest.current = selection;

  useEffect(() => {
    const down = () => {
      pressed.current = true;
    };
    const up = () => {
      pressed.current = false;
      setTimeout(() => setSettled(latest.current), SETTLE_MS);
    };
    document.addEventListener('pointerdown', down, true);
    document.addEventListener('pointerup', up, true);
    document.addEventListener('pointercancel', up, true);
    return () => {
      document.removeEventListener('pointerdown', down, true);
      document.removeEventListener('pointerup', up, true);
      document.removeEventListener('pointercancel', up, true);
    };
  }, []);

  useEffect(() => {
    if (selection === null) {
      setSettled(null);
      return;
    }
    if (pressed.current) return;
    const timer = setTimeout(() => setSettled(selection), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [selection]);

  return selection === null ? null : settled;
}
