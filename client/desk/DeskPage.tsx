// The desk: every article like a newsroom's board, and the ways to begin a new one.
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { NO_FILTER, settled } from '../../shared/desk/finding.ts';
import { useArticles, useLanguages } from '../api/queries.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { Page } from '../app/Page.tsx';
import { useMay } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/display.tsx';
import { PasteIcon, PlusIcon, UploadIcon } from '../ui/icons.tsx';
import { Board, BoardSkeleton } from './Board.tsx';
import './desk.css';
import { Filters } from './Filters.tsx';
import { filterFromSearch, filterToSearch, isFiltering } from './filters.ts';
import { BarLegend } from './LanguageBar.tsx';
import { MoreArticles } from './MoreArticles.tsx';
import { articlesOn, totalOf } from './pages.ts';
import { useFileDrop } from './use-file-drop.ts';
import { useLiveDesk } from './use-live-desk.ts';
import { useNarrow } from './use-narrow.ts';
import { useSettled } from './use-settled.ts';

/** Nothing is asked for while somebody is still typing. */
const TYPING_PAUSE_MS = 200;

const NewArticleDialog = lazy(() => import('./NewArticleDialog.tsx'));

export default function DeskPage() {
  const { t } = useTranslation();
  const mayCreate = useMay('createArticle');
  const narrow = useNarrow();
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => filterFromSearch(search), [search]);
  const asked = useSettled(settled(filter), TYPING_PAUSE_MS);
  const articles = useArticles(asked);
  const languages = useLanguages();
  const pages = articles.data;
  const shown = useMemo(() => (pages ? articlesOn(pages) : []), [pages]);
  const presence = useLiveDesk(asked, shown);
  /** The dialog for a new article: closed, open for pasting, or open with a file. */
  const [beginning, setBeginning] = useState<{ file: File | null } | null>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const hovering = useFileDrop(mayCreate && beginning === null, (file) => setBeginning({ file }));

  const changeFilter = (next: typeof filter) => setSearch(filterToSearch(next), { replace: true });
  const chooseFile = () => fileInput.current?.click();

  return (
    <Page
      title={t('desk.title')}
      actions={
        mayCreate && (
          <Button variant="primary" icon={<PlusIcon />} onClick={() => setBeginning({ file: null })}>
            {t('desk.new')}
          </Button>
        )
      }
    >
      {articles.isPending ? (
        <>
          <Filters filter={filter} onChange={changeFilter} languages={languages.data ?? []} />
          <BoardSkeleton narrow={narrow} />
        </>
      ) : !pages ? (
        <ErrorView error={articles.error} onRetry={() => articles.refetch()} />
      ) : shown.length === 0 && !isFiltering(filter) && !isFiltering(asked) ? (
        <EmptyState
          title={mayCreate ? t('desk.emptyTitle') : t('desk.emptyReaderTitle')}
          actions={
            mayCreate && (
              <>
                <Button variant="primary" icon={<PasteIcon />} onClick={() => setBeginning({ file: null })}>
                  {t('desk.pasteText')}
                </Button>
                <Button icon={<UploadIcon />} onClick={chooseFile}>
                  {t('desk.chooseFile')}
                </Button>
              </>
            )
          }
        >
          {mayCreate && <p>{t('desk.emptyBody')}</p>}
        </EmptyState>
      ) : (
        <>
          <Filters filter={filter} onChange={changeFilter} languages={languages.data ?? []} />
          {shown.length === 0 ? (
            <EmptyState
              title={t('desk.nothingFound')}
              actions={
                isFiltering(filter) && <Button onClick={() => changeFilter(NO_FILTER)}>{t('desk.clearFilters')}</Button>
              }
            />
          ) : (
            <>
              <Board articles={shown} presence={presence} narrow={narrow} />
              <MoreArticles
                shown={shown.length}
                total={totalOf(pages)}
                hasMore={articles.hasNextPage}
                busy={articles.isFetchingNextPage}
                error={articles.isFetchNextPageError ? articles.error : null}
                onMore={() => void articles.fetchNextPage()}
              />
              <footer className="desk-footer">
                <BarLegend />
                {mayCreate && !narrow && <p>{t('desk.dropHint')}</p>}
              </footer>
            </>
          )}
        </>
      )}
      <p className="visually-hidden" role="status">
        {pages && t('desk.shown', { count: shown.length })}
      </p>
      <input
        ref={fileInput}
        type="file"
        hidden
        accept=".txt,.md,.markdown,.html,.htm,text/plain,text/markdown,text/html"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ''; // the same file may be chosen again
          if (file) setBeginning({ file });
        }}
      />
      {hovering && (
        <div className="drop-here">
          <p>{t('desk.dropHere')}</p>
        </div>
      )}
      {beginning && (
        <Suspense>
          <NewArticleDialog file={beginning.file} onClose={() => setBeginning(null)} />
        </Suspense>
      )}
    </Page>
  );
}
