// The margin as a track beside the text: sticky filters above, cards at the height of their words.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/display.tsx';
import { CommentIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { Card } from './Card.tsx';
import { Composer } from './Composer.tsx';
import { useMargin } from './context.tsx';
import { MarginFilters } from './Filters.tsx';
import { useShownItems } from './Margin.tsx';
import { DRAFT_CARD, useCardPlaces } from './useCardPlaces.ts';

export function MarginTrack() {
  const { t } = useTranslation();
  const margin = useMargin();
  const draft = useObservable(margin.draft);
  const all = useObservable(margin.items);
  const { shown, counts, active } = useShownItems();
  const { trackRef, measure, places, height } = useCardPlaces(shown, draft, draft ? DRAFT_CARD : active);
  const byId = new Map(shown.map((item) => [item.annotation.id, item]));

  return (
    <aside className="margin" aria-label={t('margin.title')}>
      <h2 className="visually-hidden">{t('margin.title')}</h2>
      <MarginFilters counts={counts} shown={shown} />
      <div className="margin-track" ref={trackRef} style={{ minHeight: height }}>
        {shown.length === 0 && !draft && (
          <EmptyState title={all.length === 0 ? t('margin.empty') : t('margin.emptyFilter')} icon={<CommentIcon />}>
            {all.length === 0 ? t('margin.emptyHint') : t('margin.emptyFilterHint')}
          </EmptyState>
        )}
        <ol className="cards" aria-label={t('margin.cards', { count: shown.length })}>
          {places.map(({ id, top }) => {
            if (id === DRAFT_CARD) {
              return draft ? (
                <PlacedCard
                  key={`${draft.kind}${draft.words.startBlock}${draft.words.startOffset}`}
                  id={id}
                  top={top}
                  measure={measure}
                >
                  <Composer draft={draft} />
                </PlacedCard>
              ) : null;
            }
            const item = byId.get(id);
            return item ? (
              <PlacedCard key={id} id={id} top={top} measure={measure}>
                <Card item={item} active={id === active} showLanguage />
              </PlacedCard>
            ) : null;
          })}
        </ol>
      </div>
    </aside>
  );
}

interface PlacedCardProps {
  id: string;
  top: number;
  /** Follows the height of an element; answers with what stops that. */
  measure(id: string, element: HTMLElement): () => void;
  children: React.ReactNode;
}

function PlacedCard({ id, top, measure, children }: PlacedCardProps) {
  const ref = useCallback(
    (element: HTMLLIElement | null) => (element ? measure(id, element) : undefined),
    [id, measure],
  );
  return (
    <li ref={ref} className="placed-card" style={{ transform: `translateY(${top}px)` }}>
      {children}
    </li>
  );
}
