// The saved states of an article: a timeline, the texts as they were, what has changed since, the way back.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { may } from '../../shared/access/roles.ts';
import { articleLanguages } from '../../shared/article/meta.ts';
import { keys, useArticle, useSnapshots } from '../api/queries.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { useLiveEvent } from '../app/live-context.ts';
import { Page } from '../app/Page.tsx';
import { EmptyState, Skeleton } from '../ui/display.tsx';
import { ArrowLeftIcon } from '../ui/icons.tsx';
import { NameSnapshot } from './NameSnapshot.tsx';
import { Preview } from './Preview.tsx';
import { Timeline } from './Timeline.tsx';
import './snapshots.css';

export default function SnapshotsPage({ articleId }: { articleId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const article = useArticle(articleId);
  const snapshots = useSnapshots(articleId);
  const [chosen, setChosen] = useState<string | null>(null);
  useLiveEvent('snapshots.changed', (changed) => {
    if (changed === articleId) void queries.invalidateQueries({ queryKey: keys.snapshots(articleId) });
  });

  const error = article.error ?? snapshots.error;
  const selected = snapshots.data?.find(({ id }) => id === chosen) ?? snapshots.data?.[0];
  const standing = article.data?.standing;
  return (
    <Page
      title={t('snapshots.title')}
      back={
        <Link href={`/articles/${articleId}`} className="back-link">
          <ArrowLeftIcon size={14} />
          <span lang={article.data?.sourceLanguage}>{article.data?.title || t('snapshots.toArticle')}</span>
        </Link>
      }
      actions={standing && may(standing, 'takeSnapshot') && <NameSnapshot articleId={articleId} onTaken={setChosen} />}
    >
      {error && (!article.data || !snapshots.data) ? (
        <ErrorView
          error={error}
          onRetry={() => {
            void article.refetch();
            void snapshots.refetch();
          }}
        />
      ) : !article.data || !snapshots.data ? (
        <div className="snapshots" aria-busy="true">
          <div className="timeline-skeleton">
            {['first', 'second', 'third', 'fourth', 'fifth'].map((row) => (
              <Skeleton key={row} height="3.2em" />
            ))}
          </div>
          <div className="snapshot">
            <Skeleton height="2.4em" />
            <Skeleton height="24em" />
          </div>
        </div>
      ) : selected ? (
        <div className="snapshots">
          <Timeline snapshots={snapshots.data} selected={selected.id} onSelect={setChosen} />
          <Preview
            key={articleId}
            snapshot={selected}
            languages={articleLanguages(article.data)}
            mayRestore={may(article.data.standing, 'restoreSnapshot')}
          />
        </div>
      ) : (
        <EmptyState title={t('snapshots.emptyTitle')}>
          <p>{t('snapshots.emptyBody')}</p>
        </EmptyState>
      )}
    </Page>
  );
}
