// The facts of one article as the board and the cards show them.
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { calendarDays } from '../app/format.ts';
import { useFormats, useLanguageName } from '../app/use-formats.ts';
import { Badge } from '../ui/display.tsx';
import { ClaimIcon, ClockIcon, CommentIcon, WordingIcon } from '../ui/icons.tsx';
import { LanguageBar } from './LanguageBar.tsx';

export function Headline({ article }: { article: ArticleSummary }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageName();
  const words = t('desk.words', { count: article.words, formatted: formats.number(article.words) });
  return (
    <>
      <Link href={`/articles/${article.id}`} className="headline" lang={article.sourceLanguage}>
        {article.title || t('desk.untitled')}
      </Link>
      <span className="headline-facts">
        {languageName(article.sourceLanguage)}&nbsp;· {words}&nbsp;· {article.createdBy.name}
      </span>
    </>
  );
}

export function Deadline({ at, now }: { at: number | null; now: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (at === null) return <span className="faint">{t('desk.noDeadline')}</span>;
  const days = calendarDays(now, at);
  const kind = at < now ? 'overdue' : days <= 1 ? 'soon' : 'later';
  return (
    <time className={`deadline deadline-${kind}`} dateTime={new Date(at).toISOString()} title={formats.dateTime(at)}>
      {kind !== 'later' && <ClockIcon size={14} />}
      <span>
        {kind === 'overdue' && <span className="visually-hidden">{t('desk.overdue')} </span>}
        {formats.deadline(at, now)}
      </span>
    </time>
  );
}

export function Languages({ article }: { article: ArticleSummary }) {
  const { t } = useTranslation();
  if (article.progress.length === 0) return <span className="faint">{t('desk.noTargets')}</span>;
  return (
    <div className="language-bars">
      {article.progress.map((progress) => (
        <LanguageBar key={progress.language} progress={progress} />
      ))}
    </div>
  );
}

/** Open wording · claims · comments, and claims that nobody has verified. */
export function OpenNotes({ article }: { article: ArticleSummary }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { open } = article;
  const counts = [
    {
      kind: 'wording',
      Icon: WordingIcon,
      count: open.language,
      label: t('desk.openWording', { count: open.language }),
    },
    { kind: 'claim', Icon: ClaimIcon, count: open.claim, label: t('desk.openClaims', { count: open.claim }) },
    { kind: 'comment', Icon: CommentIcon, count: open.comment, label: t('desk.openComments', { count: open.comment }) },
  ];
  return (
    <div className="open-notes">
      <ul className="open-counts">
        {counts.map(({ kind, Icon, count, label }) => (
          <li
            key={kind}
            className={count === 0 ? 'open-count open-count-none' : `open-count open-count-${kind}`}
            title={label}
          >
            <Icon size={14} />
            <span aria-hidden="true">{formats.number(count)}</span>
            <span className="visually-hidden">{label}</span>
          </li>
        ))}
      </ul>
      {article.unverifiedClaims > 0 && (
        <Badge kind="claim">{t('desk.unverified', { count: article.unverifiedClaims })}</Badge>
      )}
    </div>
  );
}

export function Changed({ at, now }: { at: number; now: number }) {
  const formats = useFormats();
  return (
    <time className="changed" dateTime={new Date(at).toISOString()} title={formats.dateTime(at)}>
      {formats.relative(at, now)}
    </time>
  );
}
