// The desk: every article like a newsroom's board, and the ways to begin a new one.
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useArticles } from '../api/queries.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { Page } from '../app/Page.tsx';
import { useMay, usePerson } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/display.tsx';
import { PasteIcon, PlusIcon, UploadIcon } from '../ui/icons.tsx';
import { Board, BoardSkeleton } from './Board.tsx';
import './desk.css';
import { Filters } from './Filters.tsx';
import { filterFromSearch, filterToSearch, isFiltering, languagesIn, matches, NO_FILTER } from './filters.ts';
import { BarLegend } from './LanguageBar.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useLiveDesk } from './use-live-desk.ts';
import { useNarrow } from './use-narrow.ts';

const NewArticleDialog = lazy(() => import('./NewArticleDialog.tsx'));

export default function DeskPage() {
  const { t } = useTranslation();
  const person = usePerson();
  const mayCreate = useMay('createArticle');
  const narrow = useNarrow();
  const articles = useArticles();
  const presence = useLiveDesk();
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => filterFromSearch(search), [search]);
  /** The dialog for a new article: closed, open for pasting, or open with a file. */
  const [beginning, setBeginning] = useState<{ file: File | null } | null>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const hovering = useFileDrop(mayCreate && beginning === null, (file) => setBeginning({ file }));

  const all = articles.data;
  const shown = useMemo(() => all?.filter((article) => matches(article, filter, person)) ?? [], [all, filter, person]);
  const languages = useMemo(() => languagesIn(all ?? []), [all]);
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
          <Filters filter={filter} onChange={changeFilter} languages={[]} />
          <BoardSkeleton narrow={narrow} />
        </>
      ) : !all ? (
        <ErrorView error={articles.error} onRetry={() => articles.refetch()} />
      ) : all.length === 0 ? (
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
          <Filters filter={filter} onChange={changeFilter} languages={languages} />
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
              <footer className="desk-footer">
                <BarLegend />
                {mayCreate && !narrow && <p>{t('desk.dropHint')}</p>}
              </footer>
            </>
          )}
        </>
      )}
      <p className="visually-hidden" role="status">
        {all && t('desk.shown', { count: shown.length })}
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
