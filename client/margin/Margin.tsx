// The margin beside the columns: cards level with their words. On a narrow window it is a sheet from below instead.
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearch } from 'wouter';
import { useArticle } from '../article/ArticleProvider.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useTextColumns, useWorkspace } from '../workspace/context.tsx';
import { useMargin } from './context.tsx';
import { countKinds, passes } from './filters.ts';
import { describeKind } from './KindLabel.tsx';
import { MarginSheet } from './MarginSheet.tsx';
import { MarginTrack } from './MarginTrack.tsx';
import { useMarginActions } from './useMarginActions.ts';

import './margin.css';

export function Margin() {
  const { t } = useTranslation();
  const margin = useMargin();
  const { narrow } = useWorkspace();
  useMarginActions();
  useEffect(() => {
    margin.describe.set((annotation) => describeKind(t, annotation));
  }, [margin, t]);
  useOpenLinked();
  return (
    <>
      {narrow ? <MarginSheet /> : <MarginTrack />}
      <Announcer />
    </>
  );
}

/** `?annotation=ID` in the address (notifications, the claims board) opens that annotation once it is here. */
function useOpenLinked(): void {
  const margin = useMargin();
  const columns = useTextColumns();
  const wanted = new URLSearchParams(useSearch()).get('annotation');
  const here = useObservable(margin.items).some(({ annotation }) => annotation.id === wanted);
  useEffect(() => {
    if (wanted !== null && here) columns.reveal(wanted);
  }, [columns, wanted, here]);
}

/** The cards that the filters let through, with the active one always among them, and the numbers on the tabs. */
export function useShownItems() {
  const session = useArticle();
  const margin = useMargin();
  const items = useObservable(margin.items);
  const filter = useObservable(margin.filter);
  const active = useObservable(margin.active);
  const personId = session.person.id;
  const shown = useMemo(
    () => items.filter(({ annotation }) => annotation.id === active || passes(annotation, filter, personId)),
    [items, filter, active, personId],
  );
  const counts = useMemo(() => countKinds(items, filter, personId), [items, filter, personId]);
  return { shown, counts, filter, active };
}

/** Tells screen readers, when they pause, that somebody else has written a new annotation. */
function Announcer() {
  const { t } = useTranslation();
  const session = useArticle();
  const margin = useMargin();
  const items = useObservable(margin.items);
  const region = useRef<HTMLParagraphElement>(null);
  const openedAt = useRef(Date.now());

  useEffect(() => {
    const latest = items[items.length - 1]?.annotation;
    if (!latest || latest.createdAt <= openedAt.current || !region.current) return;
    openedAt.current = latest.createdAt;
    if (latest.createdBy.id === session.person.id) return;
    region.current.textContent = t('margin.announce', {
      name: latest.createdBy.name,
      kind: describeKind(t, latest),
      words: latest.anchor.exact.slice(0, 80),
    });
  }, [items, session, t]);

  return <p ref={region} className="visually-hidden" aria-live="polite" />;
}
