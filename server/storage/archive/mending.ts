// Mending an article that cannot be read whole, so that as little as possible is lost. The rows are the truth: if they are good,
// the state is made from them anew. If only old history is damaged, the stored state stands in for it. Otherwise the history is
// replaced, by a snapshot or by what a room still holds, and rises to another epoch. What was damaged is set aside, not deleted.
import { LogDamage, StorageError } from '../errors.ts';
import type { Bounds } from '../tables/history.ts';
import type { HistorySource, Mended } from '../types.ts';
import { type ArchiveParts, reading, replay } from './building.ts';
import { requireGood } from './checks.ts';
import { unpack } from './packing.ts';
import { loadSnapshot } from './snapshots.ts';
import { storedDocument } from './storing.ts';
import { differ, openStored, replayAll } from './verify.ts';

/** Null if the log alone cannot mend it. Throws StorageError `reference`. */
export async function mendFromLog(parts: ArchiveParts, articleId: string, at: number): Promise<Mended | null> {
  const bounds = await requireBounds(parts, articleId);
  const replayed = await replayAll(parts, articleId, bounds);
  const opened = await openStored(parts, articleId, bounds);
  if (replayed.end) {
    const epochRaised = differ(replayed, opened);
    if (opened.damaged.length === 0 && !epochRaised) return { from: 'nothing', epochRaised };
    await rebuildState(parts, articleId, bounds, at);
    if (epochRaised) await parts.aside.raiseEpoch(articleId);
    return { from: 'history', epochRaised };
  }
  if (!opened.end) return null;
  await beginAtState(parts, articleId, at);
  return { from: 'state', epochRaised: false };
}

/** Begins another history with the document of `source`. Throws LogDamage if that cannot be read, StorageError `reference`. */
export async function replaceHistory(
  parts: ArchiveParts,
  articleId: string,
  source: HistorySource,
  at: number,
): Promise<void> {
  const { head } = await requireBounds(parts, articleId);
  const update = 'update' in source ? source.update : await readSnapshot(parts, articleId, source.snapshotId);
  const data = await parts.thread.withDocument(async (ask) => {
    await reading(articleId, 'snapshot', ask({ kind: 'apply', updates: [update] }));
    return reading(articleId, 'snapshot', ask({ kind: 'update' }));
  });
  await parts.aside.startAnew(articleId, { seq: head + 1, personId: null, at, data });
}

async function readSnapshot(parts: ArchiveParts, articleId: string, snapshotId: string): Promise<Uint8Array> {
  const stored = await loadSnapshot(parts, articleId, snapshotId);
  if (!stored) throw new LogDamage({ articleId, part: 'snapshot', snapshotId, reason: 'missing' });
  return stored.state;
}

async function rebuildState(parts: ArchiveParts, articleId: string, { base, head }: Bounds, at: number): Promise<void> {
  const encoded = await parts.thread.withDocument(async (ask) => {
    await replay(parts, ask, articleId, base, head, requireGood);
    return reading(articleId, 'row', ask({ kind: 'encode' }));
  });
  await parts.aside.replaceState(articleId, storedDocument(articleId, head, encoded), at);
}

/** The row of the state becomes the first one, and holds all that the rows before it made. */
async function beginAtState(parts: ArchiveParts, articleId: string, at: number): Promise<void> {
  const state = await parts.tables.state(articleId);
  if (!state) throw new StorageError('failed', `article ${articleId} opened from a state that is gone`);
  await parts.aside.beginAt(articleId, { seq: state.seq, personId: null, at, data: await unpack(state.packed) });
}

async function requireBounds({ tables }: ArchiveParts, articleId: string): Promise<Bounds> {
  const bounds = await tables.bounds(articleId);
  if (!bounds) throw new StorageError('reference', `no article ${articleId}`);
  return bounds;
}
