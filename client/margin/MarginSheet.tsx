// The margin on a narrow window: a button with the count, and a sheet from below with the cards in the order of the article.
import { Dialog } from 'radix-ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blockElements, blockId } from '../../shared/article/blocks.ts';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { EmptyState } from '../ui/display.tsx';
import { CloseIcon, CommentIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { Card } from './Card.tsx';
import { Composer } from './Composer.tsx';
import { useMargin } from './context.tsx';
import { MarginFilters } from './Filters.tsx';
import { inDocumentOrder } from './filters.ts';
import { useShownItems } from './Margin.tsx';

/** So many cards are made at once; more when the reader asks for them. */
const PAGE = 60;

export function MarginSheet() {
  const { t } = useTranslation();
  const session = useArticle();
  const margin = useMargin();
  const open = useObservable(margin.sheetOpen);
  const draft = useObservable(margin.draft);
  const { shown, counts, active } = useShownItems();
  const list = useRef<HTMLOListElement>(null);
  const [limit, setLimit] = useState(PAGE);

  const ordered = useMemo(() => {
    const meta = readMeta(session.doc);
    const order = new Map(blockElements(session.doc, meta.sourceLanguage).map((element, at) => [blockId(element), at]));
    return inDocumentOrder(shown, order, articleLanguages(meta));
  }, [shown, session]);

  // Words that are tapped in the text open their card here.
  useEffect(() => {
    if (active !== null) margin.sheetOpen.set(true);
  }, [active, margin]);
  useEffect(() => {
    if (!open || active === null) return;
    const at = ordered.findIndex(({ annotation }) => annotation.id === active);
    if (at >= limit) setLimit(at + PAGE);
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector(`[data-card="${CSS.escape(active)}"]`)?.scrollIntoView({ block: 'nearest' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [open, active, ordered, limit]);

  const change = (next: boolean) => {
    margin.sheetOpen.set(next);
    if (next) return;
    margin.draft.set(null);
    margin.activate(null);
  };

  return (
    <Dialog.Root open={open} onOpenChange={change}>
      <Dialog.Trigger asChild>
        <Button className="sheet-button" icon={<CommentIcon />}>
          {t('margin.openSheet', { count: counts.kinds.all })}
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="sheet-overlay" />
        <Dialog.Content
          className="sheet"
          aria-describedby={undefined}
          // The composer's field takes the focus itself; otherwise the sheet has it, not the button that closes it.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (!draft) (event.currentTarget as HTMLElement).focus();
          }}
        >
          <header className="sheet-head">
            <Dialog.Title className="sheet-title">{t('margin.title')}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label={t('app.close')} icon={<CloseIcon />} />
            </Dialog.Close>
          </header>
          <div className="sheet-body">
            {draft ? (
              <Composer draft={draft} />
            ) : (
              <>
                <MarginFilters counts={counts} shown={shown} />
                {ordered.length === 0 && (
                  <EmptyState title={t('margin.empty')} icon={<CommentIcon />}>
                    {t('margin.emptyHint')}
                  </EmptyState>
                )}
                <ol ref={list} className="sheet-cards" aria-label={t('margin.cards', { count: ordered.length })}>
                  {ordered.slice(0, limit).map((item) => (
                    <li key={item.annotation.id}>
                      <Card item={item} active={item.annotation.id === active} showLanguage />
                    </li>
                  ))}
                </ol>
                {ordered.length > limit && (
                  <Button className="sheet-more" onClick={() => setLimit(limit + PAGE)}>
                    {t('margin.more', { count: ordered.length - limit })}
                  </Button>
                )}
              </>
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
