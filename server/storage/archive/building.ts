// Documents out of the log: as of any row, or from the beginning to the end. What is damaged is said, never skipped over.
import { type Damage, LogDamage, StorageError } from '../errors.ts';
import type { AsideTables } from '../tables/aside.ts';
import type { HistoryTables } from '../tables/history.ts';
import type { SnapshotTables } from '../tables/snapshots.ts';
import { damagesOfRows, damagesOfSegment, damagesOfState, gap, requireGood } from './checks.ts';
import { type Ask, type DocumentThread, Unreadable } from './document-thread.ts';

/** Rows that are read at once: a millisecond for the storage thread. */
const PAGE_ROWS = 500;

export interface ArchiveParts {
  tables: HistoryTables;
  snapshots: SnapshotTables;
  aside: AsideTables;
  thread: DocumentThread;
}

/**
 * Makes the empty document behind `ask` what the article was after row `seq`, from the compacted state if it is not newer.
 * Answers with the last row that went in: an earlier one if `seq` lies within rows that have been merged.
 */
export async function buildAt(parts: ArchiveParts, ask: Ask, articleId: string, seq: number): Promise<number> {
  const bounds = await parts.tables.bounds(articleId);
  if (!bounds) throw new StorageError('reference', `no article ${articleId}`);
  const upTo = Math.min(seq, bounds.head);
  const state = await parts.tables.state(articleId);
  if (!state || state.seq > upTo) return replay(parts, ask, articleId, bounds.base, upTo, requireGood);
  requireGood(damagesOfState(articleId, state, bounds.head));
  await reading(articleId, 'state', ask({ kind: 'applyPacked', packed: state.packed }));
  return replay(parts, ask, articleId, state.seq, upTo, requireGood);
}

/**
 * Applies the rows after `after` up to `upTo`, those of the history first. Whatever is damaged is handed to `found`; nothing is
 * applied after it, nor at all if `ask` is null. Answers with the last row that went in.
 */
export async function replay(
  { tables }: ArchiveParts,
  ask: Ask | null,
  articleId: string,
  after: number,
  upTo: number,
  found: (damages: readonly Damage[]) => void,
): Promise<number> {
  let reached = after;
  let good = true;
  const apply = async (
    damages: readonly Damage[],
    part: 'history' | 'row',
    work: (ask: Ask) => Promise<number | null>,
  ) => {
    found(damages);
    good &&= damages.length === 0;
    if (!good || !ask) return;
    try {
      reached = (await work(ask)) ?? reached;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      good = false;
      found([{ articleId, part, reason: 'unreadable' }]);
    }
  };
  let at = after;
  for (;;) {
    const segment = await tables.segmentAfter(articleId, at, upTo);
    if (!segment) break;
    const damages = [...gap(articleId, at + 1, segment.from), ...damagesOfSegment(articleId, segment)];
    at = segment.to;
    await apply(damages, 'history', (into) => into({ kind: 'applySegment', segment: segment.data, after, upTo }));
  }
  while (at < upTo) {
    const rows = await tables.rows(articleId, at, upTo, PAGE_ROWS);
    const last = rows.length < PAGE_ROWS ? upTo : rows.at(-1)!.seq;
    const damages = damagesOfRows(articleId, rows, at, last);
    at = last;
    await apply(damages, 'row', async (into) => {
      await into({ kind: 'apply', updates: rows.map((row) => row.data) });
      return last;
    });
  }
  return reached;
}

/** The answer of the document thread; what it cannot read is damage. */
export async function reading<T>(articleId: string, part: Damage['part'], answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Unreadable) throw new LogDamage({ articleId, part, reason: 'unreadable' });
    throw error;
  }
}
