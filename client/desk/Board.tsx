// The board: a table on wide windows, cards on narrow ones.
import { useTranslation } from 'react-i18next';
import type { PresentPerson } from '../../shared/protocol/events.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { useNow } from '../app/use-formats.ts';
import { AvatarStack } from '../ui/Avatar.tsx';
import { Skeleton, VisuallyHidden } from '../ui/display.tsx';
import { ArticleMenu } from './ArticleMenu.tsx';
import { Changed, Deadline, Headline, Languages, OpenNotes } from './cells.tsx';

export interface BoardProps {
  articles: readonly ArticleSummary[];
  presence: Readonly<Record<string, readonly PresentPerson[]>>;
  narrow: boolean;
}

const NOBODY: readonly PresentPerson[] = [];

export function Board({ articles, presence, narrow }: BoardProps) {
  const { t } = useTranslation();
  const now = useNow();
  if (narrow) {
    return (
      <ul className="cards" aria-label={t('desk.board')}>
        {articles.map((article) => (
          <li key={article.id} className="card">
            <div className="card-head">
              <div>
                <Headline article={article} />
              </div>
              <ArticleMenu article={article} />
            </div>
            <Languages article={article} />
            <OpenNotes article={article} />
            <div className="card-foot">
              <Deadline at={article.deadline} now={now} />
              <AvatarStack people={presence[article.id] ?? NOBODY} />
              <Changed at={article.changedAt} now={now} />
            </div>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <table className="board">
      <caption className="visually-hidden">{t('desk.board')}</caption>
      <BoardHead />
      <tbody>
        {articles.map((article) => (
          <tr key={article.id}>
            <th scope="row" className="board-headline">
              <Headline article={article} />
            </th>
            <td>
              <Deadline at={article.deadline} now={now} />
            </td>
            <td>
              <Languages article={article} />
            </td>
            <td>
              <OpenNotes article={article} />
            </td>
            <td>
              <AvatarStack people={presence[article.id] ?? NOBODY} max={4} />
            </td>
            <td>
              <Changed at={article.changedAt} now={now} />
            </td>
            <td className="board-menu">
              <ArticleMenu article={article} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BoardHead() {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <th scope="col">{t('desk.columns.headline')}</th>
        <th scope="col" className="board-deadline">
          {t('desk.columns.deadline')}
        </th>
        <th scope="col" className="board-languages">
          {t('desk.columns.languages')}
        </th>
        <th scope="col" className="board-open">
          {t('desk.columns.open')}
        </th>
        <th scope="col" className="board-here">
          {t('desk.columns.here')}
        </th>
        <th scope="col" className="board-changed">
          {t('desk.columns.changed')}
        </th>
        <th scope="col" className="board-menu">
          <VisuallyHidden>{t('desk.columns.actions')}</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

/** Holds the board's place while it loads, in the size of what usually comes. */
export function BoardSkeleton({ narrow }: { narrow: boolean }) {
  const rows = ['first', 'second', 'third'];
  if (narrow) {
    return (
      <ul className="cards" aria-busy="true">
        {rows.map((row) => (
          <li key={row} className="card">
            <Skeleton width="80%" height="1.4em" />
            <Skeleton width="55%" />
            <Skeleton width="100%" height="2.6em" />
            <Skeleton width="40%" />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <table className="board" aria-busy="true">
      <BoardHead />
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            <td className="board-headline">
              <Skeleton width="70%" height="1.5em" />
              <Skeleton width="40%" className="headline-facts" />
            </td>
            <td>
              <Skeleton width="70%" />
            </td>
            <td>
              <Skeleton width="100%" height="2.6em" />
            </td>
            <td>
              <Skeleton width="70%" />
            </td>
            <td>
              <Skeleton width="3rem" height="1.5rem" />
            </td>
            <td>
              <Skeleton width="70%" />
            </td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
