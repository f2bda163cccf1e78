// What the margin offers by key and in the palette: annotate the selection, step through cards, decide, filter, go back.
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { may } from '../../shared/access/roles.ts';
import { ANNOTATION_KINDS, type AnnotationKind } from '../../shared/annotation/types.ts';
import { blockElements, blockId } from '../../shared/article/blocks.ts';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useTextColumns } from '../workspace/context.tsx';
import { useActions } from './ActionRoot.tsx';
import type { Action } from './actions.ts';
import { useMargin } from './context.tsx';
import { INITIAL_FILTER, inDocumentOrder, neighbour, passes } from './filters.ts';
import { cardRights } from './permissions.ts';
import type { KindFilter } from './types.ts';

const KEY_OF_KIND: Record<AnnotationKind, string[]> = {
  comment: ['Mod+Alt+M', 'C'],
  language: ['Mod+Alt+W', 'W'],
  claim: ['Mod+Alt+F', 'F'],
};

/** Begins an annotation on the words that are selected. */
export function useStartDraft(): (kind: AnnotationKind) => void {
  const margin = useMargin();
  const columns = useTextColumns();
  return useCallback(
    (kind) => {
      const selection = columns.selection.get();
      if (!selection || selection.exact.trim() === '') return;
      const { rect: _rect, ...words } = selection;
      margin.activate(null);
      margin.draft.set({ kind, words });
      margin.sheetOpen.set(true);
    },
    [margin, columns],
  );
}

/** Goes to the next or previous card that the filters show, in the order of the article. */
export function useStep(): (step: 1 | -1, focus?: boolean) => void {
  const session = useArticle();
  const margin = useMargin();
  const columns = useTextColumns();
  return useCallback(
    (step, focus = false) => {
      const filter = margin.filter.get();
      const meta = readMeta(session.doc);
      const shown = margin.items.get().filter(({ annotation }) => passes(annotation, filter, session.person.id));
      const order = new Map(
        blockElements(session.doc, meta.sourceLanguage).map((element, index) => [blockId(element), index]),
      );
      const languages = articleLanguages(meta);
      const ids = inDocumentOrder(shown, order, languages).map(({ annotation }) => annotation.id);
      const id = neighbour(ids, margin.active.get(), step);
      if (id === null) return;
      columns.reveal(id);
      margin.activate(id);
      if (focus) focusCard(id);
    },
    [session, margin, columns],
  );
}

/** Puts the focus on a card once it is there. */
function focusCard(id: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const card = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
      card?.focus({ preventScroll: true });
    }),
  );
}

export function useMarginActions(): void {
  const { t } = useTranslation();
  const session = useArticle();
  const margin = useMargin();
  const columns = useTextColumns();
  const standing = useObservable(session.standing);
  const selection = useObservable(columns.selection);
  const active = useObservable(margin.active);
  const draft = useObservable(margin.draft);
  const items = useObservable(margin.items);
  const reattaching = useObservable(margin.reattaching);
  const startDraft = useStartDraft();
  const step = useStep();
  const selected = selection !== null;

  const actions = useMemo<Action[]>(() => {
    const item = items.find(({ annotation }) => annotation.id === active);
    const rights = item && cardRights(standing, item.annotation, session.person.id);
    const decidable = Boolean(
      rights?.decide && item?.annotation.suggestion?.status === 'pending' && !item.deciding && !item.unsent,
    );
    const resolvable = Boolean(rights?.resolve && item && !item.unsent);
    const annotationId = active ?? '';

    const create = ANNOTATION_KINDS.map<Action>((kind) => ({
      id: `annotate.${kind}`,
      title: t(`margin.action.${kind}`),
      group: 'annotations',
      keys: KEY_OF_KIND[kind],
      disabled: !selected || !may(standing, kind === 'claim' ? 'raiseClaim' : 'annotate'),
      run: () => startDraft(kind),
    }));
    const steps: Action[] = [
      { id: 'card.next', title: t('margin.next'), group: 'annotations', keys: ['J'], run: () => step(1, true) },
      {
        id: 'card.previous',
        title: t('margin.previous'),
        group: 'annotations',
        keys: ['K'],
        run: () => step(-1, true),
      },
      {
        id: 'card.next.typing',
        title: t('margin.action.nextTyping'),
        group: 'annotations',
        keys: ['Alt+J'],
        run: () => step(1),
      },
      {
        id: 'card.previous.typing',
        title: t('margin.action.previousTyping'),
        group: 'annotations',
        keys: ['Alt+K'],
        run: () => step(-1),
      },
    ];
    const decisions: Action[] = [
      {
        id: 'suggestion.accept',
        title: t('margin.action.accept'),
        group: 'annotations',
        keys: ['A'],
        disabled: !decidable || item?.annotation.anchorState !== 'attached',
        run: () => void margin.send('suggestion.accept', { annotationId }),
      },
      {
        id: 'suggestion.reject',
        title: t('margin.action.reject'),
        group: 'annotations',
        keys: ['R'],
        disabled: !decidable,
        run: () => void margin.send('suggestion.reject', { annotationId }),
      },
      {
        id: 'annotation.resolve',
        title: item?.annotation.status === 'resolved' ? t('margin.action.reopen') : t('margin.action.resolve'),
        group: 'annotations',
        keys: ['E'],
        disabled: !resolvable,
        run: () =>
          void margin.send(item?.annotation.status === 'resolved' ? 'annotation.reopen' : 'annotation.resolve', {
            annotationId,
          }),
      },
    ];
    const filters: Action[] = [
      ...(['all', 'language', 'claim', 'comment'] satisfies KindFilter[]).map<Action>((kind) => ({
        id: `filter.${kind}`,
        title: t(`margin.action.filter.${kind}`),
        group: 'view',
        run: () => margin.filter.set({ ...margin.filter.get(), kind }),
      })),
      {
        id: 'filter.mine',
        title: t('margin.action.filter.mine'),
        group: 'view',
        run: () => margin.filter.set({ ...margin.filter.get(), mine: !margin.filter.get().mine }),
      },
      {
        id: 'filter.resolved',
        title: t('margin.action.filter.resolved'),
        group: 'view',
        run: () => {
          const filter = margin.filter.get();
          margin.filter.set({ ...filter, status: filter.status === 'open' ? 'all' : 'open' });
        },
      },
      {
        id: 'filter.attention',
        title: t('margin.action.filter.attention'),
        group: 'view',
        run: () => margin.filter.set({ ...INITIAL_FILTER, attention: true }),
      },
    ];
    const back: Action = {
      id: 'back',
      title: t('margin.action.back'),
      group: 'navigation',
      keys: ['Escape'],
      disabled: draft === null && active === null && reattaching === null,
      run: () => {
        if (reattaching !== null) margin.reattaching.set(null);
        else if (draft !== null) margin.draft.set(null);
        else margin.activate(null);
      },
    };
    return [...create, ...steps, ...decisions, ...filters, back];
  }, [t, session, margin, standing, selected, active, draft, items, reattaching, startDraft, step]);
  useActions(actions);
}
