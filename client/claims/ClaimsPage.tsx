// The claims board of an article: what is still to be checked, and what was found, in columns by state. Each claim opens in
// the workspace, at its words.
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Annotation } from '../../shared/annotation/types.ts';
import { useArticle as useArticleQuery } from '../api/queries.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { Page } from '../app/Page.tsx';
import { useFormats, useLanguageName } from '../app/use-formats.ts';
import { VerdictStamp } from '../margin/Verdict.tsx';
import { When } from '../margin/When.tsx';
import { classes } from '../ui/classes.ts';
import { EmptyState, Skeleton } from '../ui/display.tsx';
import { ArrowLeftIcon, CheckIcon, ClaimIcon } from '../ui/icons.tsx';
import { CLAIM_GROUPS, type ClaimGroup, groupClaims } from './groups.ts';
import { useAnnotations } from './queries.ts';
import './claims.css';

export default function ClaimsPage({ articleId }: { articleId: string }) {
  const { t } = useTranslation();
  const article = useArticleQuery(articleId);
  const annotations = useAnnotations(articleId);
  const failed = annotations.error ?? article.error;
  const claims = annotations.data?.filter(({ claim }) => claim !== null) ?? [];
  const groups = groupClaims(claims);

  return (
    <Page
      title={t('claims.title')}
      back={
        <Link className="back-link" href={`/articles/${articleId}`}>
          <ArrowLeftIcon />
          <span lang={article.data?.sourceLanguage}>{article.data?.title ?? t('claims.back')}</span>
        </Link>
      }
    >
      {failed ? (
        <ErrorView
          error={failed}
          onRetry={() => {
            void annotations.refetch();
            void article.refetch();
          }}
        />
      ) : annotations.isPending ? (
        <div className="claims-board" aria-busy="true">
          {CLAIM_GROUPS.map((group) => (
            <Skeleton key={group} height="12rem" />
          ))}
        </div>
      ) : claims.length === 0 ? (
        <EmptyState title={t('claims.empty')} icon={<ClaimIcon size={28} />}>
          {t('claims.emptyHint')}
        </EmptyState>
      ) : (
        <div className="claims-board">
          {CLAIM_GROUPS.map((group) => (
            <BoardColumn key={group} group={group} claims={groups[group]} articleId={articleId} />
          ))}
        </div>
      )}
    </Page>
  );
}

interface BoardColumnProps {
  group: ClaimGroup;
  claims: readonly Annotation[];
  articleId: string;
}

function BoardColumn({ group, claims, articleId }: BoardColumnProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <section className={`claims-column claims-${group}`} aria-labelledby={`claims-${group}`}>
      <h2 className="claims-heading" id={`claims-${group}`}>
        {t(`claims.group.${group}`)}
        <span className="claims-count">{formats.number(claims.length)}</span>
      </h2>
      {claims.length === 0 ? (
        <p className="claims-none">{t('claims.none')}</p>
      ) : (
        <ol className="claims-list">
          {claims.map((annotation) => (
            <li key={annotation.id}>
              <ClaimCard annotation={annotation} articleId={articleId} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function ClaimCard({ annotation, articleId }: { annotation: Annotation; articleId: string }) {
  const { t } = useTranslation();
  const nameOf = useLanguageName();
  const { claim, status, createdBy, createdAt, language, thread } = annotation;
  if (!claim) return null;
  const by = claim.judgedBy ?? createdBy;
  const at = claim.judgedAt ?? createdAt;
  const replies = thread.filter((message, index) => index > 0 && message.deletedAt === null).length;
  return (
    <article className={classes('claim-card', status === 'resolved' && 'claim-card-resolved')}>
      <h3 className="claim-card-statement">
        <Link href={`/articles/${articleId}?annotation=${annotation.id}`}>{claim.statement}</Link>
      </h3>
      {claim.verdict !== null && (
        <p>
          <VerdictStamp verdict={claim.verdict} />
        </p>
      )}
      {claim.rationale !== '' && <p className="claim-card-rationale">{claim.rationale}</p>}
      <p className="claim-card-facts">
        <span>{nameOf(language)}</span>
        <span>
          {claim.evidence.length === 0
            ? t('margin.claim.noEvidence')
            : t('margin.claim.evidenceCount', { count: claim.evidence.length })}
        </span>
        {replies > 0 && <span>{t('margin.replies', { count: replies })}</span>}
        {status === 'resolved' && (
          <span className="claim-card-closed">
            <CheckIcon size={12} />
            {t('claims.closed')}
          </span>
        )}
      </p>
      <p className="claim-card-facts">
        <span>
          {by.name}&nbsp;· {t(`roles.${by.role}`)}
        </span>
        <When at={at} />
      </p>
    </article>
  );
}
