// The snapshots from the newest to the oldest, day by day.
import { useTranslation } from 'react-i18next';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { calendarDays } from '../app/format.ts';
import { useFormats, useNow } from '../app/use-formats.ts';
import { BookmarkIcon } from '../ui/icons.tsx';
import { snapshotName } from './names.ts';

export interface TimelineProps {
  snapshots: readonly SnapshotInfo[];
  selected: string;
  onSelect: (id: string) => void;
}

export function Timeline({ snapshots, selected, onSelect }: TimelineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  return (
    <nav className="timeline" aria-label={t('snapshots.timeline')}>
      {byDay(snapshots).map((day) => (
        <section key={day[0]?.id}>
          <h2 className="timeline-day">{formats.deadline(day[0]?.createdAt ?? now, now)}</h2>
          <ol>
            {day.map((snapshot) => (
              <li key={snapshot.id}>
                <button
                  type="button"
                  className="timeline-entry"
                  data-kind={snapshot.kind}
                  aria-current={snapshot.id === selected ? 'true' : undefined}
                  onClick={() => onSelect(snapshot.id)}
                >
                  <span className="timeline-name">
                    {snapshot.kind === 'named' && <BookmarkIcon size={14} />}
                    {snapshotName(snapshot, t)}
                  </span>
                  <span className="timeline-facts">
                    <time dateTime={new Date(snapshot.createdAt).toISOString()}>
                      {formats.time(snapshot.createdAt)}
                    </time>
                    {snapshot.by && ` · ${snapshot.by.name}`}
                    {` · ${t('snapshots.words', { count: snapshot.words, formatted: formats.number(snapshot.words) })}`}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </nav>
  );
}

function byDay(snapshots: readonly SnapshotInfo[]): SnapshotInfo[][] {
  const days: SnapshotInfo[][] = [];
  for (const snapshot of snapshots) {
    const day = days.at(-1);
    if (day?.[0] && calendarDays(day[0].createdAt, snapshot.createdAt) === 0) day.push(snapshot);
    else days.push([snapshot]);
  }
  return days;
}
