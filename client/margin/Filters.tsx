// Above the cards: tabs by kind with counts, the other filters, steps to the next and previous card, and what needs a person.
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { useLanguageLabel } from '../app/use-formats.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Checkbox } from '../ui/Field.tsx';
import { ChevronDownIcon, ChevronUpIcon, FilterIcon, WarningIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/Popover.tsx';
import { Select } from '../ui/Select.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { Choice } from './Choice.tsx';
import { useMargin } from './context.tsx';
import { type FilterCounts, INITIAL_FILTER } from './filters.ts';
import { KeptDrafts } from './KeptDrafts.tsx';
import { KindIcon } from './KindLabel.tsx';

import type { AnnotationItem, Filter, KindFilter, StatusFilter } from './types.ts';
import { useStep } from './useMarginActions.ts';

const TABS: readonly KindFilter[] = ['all', 'language', 'claim', 'comment'];
const STATUSES: readonly StatusFilter[] = ['open', 'resolved', 'all'];

export function MarginFilters({ counts, shown }: { counts: FilterCounts; shown: readonly AnnotationItem[] }) {
  const { t } = useTranslation();
  const margin = useMargin();
  const filter = useObservable(margin.filter);
  const step = useStep();
  const tabs = useRef<HTMLDivElement>(null);
  const tight = useTight(tabs);
  const change = (part: Partial<Filter>) => margin.filter.set({ ...filter, ...part });

  return (
    <div className="margin-head">
      <div className="margin-bar">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere */}
        <div
          ref={tabs}
          className={classes('kind-tabs', tight && 'kind-tabs-tight')}
          role="group"
          aria-label={t('margin.filterKind')}
        >
          {TABS.map((kind) => (
            <button
              key={kind}
              type="button"
              className={classes('kind-tab', `kind-tab-${kind}`)}
              aria-pressed={filter.kind === kind}
              title={tight ? t(`margin.tab.${kind}`) : undefined}
              onClick={() => change({ kind })}
            >
              {tight && kind !== 'all' && <KindIcon kind={kind} size={14} />}
              <span
                className={classes(
                  'kind-tab-name',
                  tight && kind !== 'all' && filter.kind !== kind && 'visually-hidden',
                )}
              >
                {t(`margin.tab.${kind}`)}
              </span>
              <span className="kind-tab-count">{counts.kinds[kind]}</span>
            </button>
          ))}
        </div>
        <div className="margin-tools">
          <IconButton
            size="s"
            className="margin-step"
            label={t('margin.previous')}
            shortcut="K"
            icon={<ChevronUpIcon />}
            disabled={shown.length === 0}
            onClick={() => step(-1)}
          />
          <IconButton
            size="s"
            className="margin-step"
            label={t('margin.next')}
            shortcut="J"
            icon={<ChevronDownIcon />}
            disabled={shown.length === 0}
            onClick={() => step(1)}
          />
          <FilterMenu filter={filter} change={change} />
        </div>
      </div>
      {/* Stays while it is on: after the last of them has found its place this is the way back to all notes. */}
      {(counts.attention > 0 || filter.attention) && (
        <button
          type="button"
          className="attention"
          aria-pressed={filter.attention}
          onClick={() => change(filter.attention ? INITIAL_FILTER : { ...INITIAL_FILTER, attention: true })}
        >
          <WarningIcon size={14} />
          <span>{t('margin.attention', { count: counts.attention })}</span>
          <span className="attention-action">{filter.attention ? t('margin.showAll') : t('margin.show')}</span>
        </button>
      )}
      <KeptDrafts />
    </div>
  );
}

/** Whether the names of the tabs do not fit: then their signs stand for them. Looked at anew when sizes or words change. */
function useTight(tabs: { current: HTMLElement | null }): boolean {
  const { i18n } = useTranslation();
  const [tight, setTight] = useState(false);
  const natural = useRef({ width: 0, language: '' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: after a change of signs and names it is looked at anew
  useLayoutEffect(() => {
    const element = tabs.current;
    if (!element) return;
    const look = () => {
      const { scrollWidth, clientWidth } = element;
      if (natural.current.language !== i18n.language) natural.current = { width: 0, language: i18n.language };
      if (!element.classList.contains('kind-tabs-tight')) natural.current.width = scrollWidth;
      setTight(natural.current.width > clientWidth);
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [tabs, i18n.language, tight]);
  return tight;
}

function FilterMenu({ filter, change }: { filter: Filter; change(part: Partial<Filter>): void }) {
  const { t } = useTranslation();
  const session = useArticle();
  const nameOf = useLanguageLabel();
  const languages = articleLanguages(readMeta(session.doc));
  const narrowed = filter.status !== 'open' || filter.language !== null || filter.mine || filter.attention;
  return (
    <Popover
      label={t('margin.filters')}
      className="filter-popover"
      trigger={
        <IconButton
          size="s"
          className={classes(narrowed && 'filter-on')}
          label={narrowed ? t('margin.filtersOn') : t('margin.filters')}
          icon={<FilterIcon />}
        />
      }
    >
      <Choice
        label={t('margin.filterStatus')}
        value={filter.status}
        onChange={(status) => change({ status })}
        options={STATUSES.map((value) => ({ value, label: t(`margin.status.${value}`) }))}
      />
      <Select
        label={t('margin.filterLanguage')}
        value={filter.language ?? ''}
        onChange={(language) => change({ language: language === '' ? null : language })}
        options={[
          { value: '', label: t('margin.everyLanguage') },
          ...languages.map((value) => ({ value, label: nameOf(value) })),
        ]}
      />
      <Checkbox checked={filter.mine} onChange={(mine) => change({ mine })}>
        {t('margin.filterMine')}
      </Checkbox>
      <Checkbox checked={filter.attention} onChange={(attention) => change({ attention })}>
        {t('margin.filterAttention')}
      </Checkbox>
      <Button
        size="s"
        variant="quiet"
        disabled={!narrowed}
        onClick={() => change({ ...INITIAL_FILTER, kind: filter.kind })}
      >
        {t('margin.clearFilters')}
      </Button>
    </Popover>
  );
}
