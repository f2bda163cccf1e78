// Compaction: the document as it is after the last row is stored whole, so that opening stays quick, and the rows that it holds
// become history. It runs beside commits; each step is one short transaction, and after each the log opens and replays as before.
import { StorageError } from '../errors.ts';
import { type ArchiveParts, buildAt, reading } from './building.ts';
import { damagesOfRows, requireGood } from './checks.ts';
import { segmentChecksum } from './checksum.ts';
import { storedDocument } from './storing.ts';

/** Of one stretch of history. */
const STRETCH_ROWS = 500;
const STRETCH_BYTES = 512 * 1024;
/** One compaction moves so many stretches at most; the next one goes on. */
const STRETCHES_PER_RUN = 20;

/** Throws LogDamage, StorageError `reference`. */
export async function compact(parts: ArchiveParts, articleId: string, upTo: number): Promise<void> {
  const { tables, thread } = parts;
  const bounds = await tables.bounds(articleId);
  if (!bounds) throw new StorageError('reference', `no article ${articleId}`);
  const seq = Math.min(upTo, bounds.head);
  const stored = (await tables.stateRow(articleId)) ?? 0;
  if (stored < seq) {
    await thread.withDocument(async (ask) => {
      const reached = await buildAt(parts, ask, articleId, seq);
      const encoded = await reading(articleId, 'row', ask({ kind: 'encode' }));
      await tables.saveState(articleId, storedDocument(articleId, reached, encoded));
    });
  }
  await moveRowsToHistory(parts, articleId, bounds.base, Math.max(seq, stored));
}

async function moveRowsToHistory(
  { tables, snapshots, thread }: ArchiveParts,
  articleId: string,
  base: number,
  upTo: number,
): Promise<void> {
  const cuts = (await snapshots.rows(articleId)).flatMap(({ seq }) => seq ?? []);
  for (let run = 0; run < STRETCHES_PER_RUN; run += 1) {
    const rows = await tables.oldestRows(articleId, upTo, STRETCH_ROWS, STRETCH_BYTES);
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return;
    const before = (await tables.lastInHistory(articleId)) ?? base;
    requireGood(damagesOfRows(articleId, rows, before, last.seq));
    const data = await reading(articleId, 'row', thread.ask({ kind: 'pack', rows, cuts }));
    const checksum = segmentChecksum(articleId, first.seq, last.seq, data);
    await tables.moveToHistory(articleId, { from: first.seq, to: last.seq, data, checksum });
  }
}
