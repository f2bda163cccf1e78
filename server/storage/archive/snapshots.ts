// Snapshots: what the log says an article was after a row, stored whole.
import type { SnapshotInfo } from '../../../shared/protocol/rest.ts';
import { LogDamage } from '../errors.ts';
import type { NewSnapshot } from '../types.ts';
import { type ArchiveParts, buildAt, reading } from './building.ts';
import { damagesOfSnapshot, requireGood } from './checks.ts';
import { snapshotChecksum } from './checksum.ts';
import { unpack } from './packing.ts';

/** Throws LogDamage, StorageError `reference`. */
export async function takeSnapshot(parts: ArchiveParts, snapshot: NewSnapshot, seq: number): Promise<SnapshotInfo> {
  const { id, articleId } = snapshot;
  return parts.thread.withDocument(async (ask) => {
    const reached = await buildAt(parts, ask, articleId, seq);
    const { packed } = await reading(articleId, 'row', ask({ kind: 'encode' }));
    const info: SnapshotInfo = { ...snapshot, words: await ask({ kind: 'words' }) };
    const checksum = snapshotChecksum(articleId, id, packed.data);
    await parts.snapshots.insert(info, { seq: reached, packed, checksum });
    return info;
  });
}

/** With its document as one V1 update; null if the article has no such snapshot. Throws LogDamage. */
export async function loadSnapshot({ snapshots }: ArchiveParts, articleId: string, snapshotId: string) {
  const stored = await snapshots.find(articleId, snapshotId);
  if (!stored) return null;
  requireGood(damagesOfSnapshot(articleId, snapshotId, stored));
  try {
    return { info: stored.info, state: await unpack(stored.packed) };
  } catch {
    throw new LogDamage({ articleId, part: 'snapshot', snapshotId, reason: 'unreadable' });
  }
}
