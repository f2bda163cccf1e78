// `kopuro mend`: makes an article that cannot be read whole readable again, with the least loss that there is a way to: out of
// its own log; from the room that still holds it; from a snapshot.
import * as Y from 'yjs';
import { KopuroError } from '../shared/protocol/errors.ts';
import { LogDamage } from './storage/errors.ts';
import type { HistorySource, Storage } from './storage/types.ts';
import type { Room, Rooms } from './sync/types.ts';

export interface Mending {
  /** `nothing`: nothing was wrong. From `history` and `state` no text is lost; `room` is what people saw last. */
  from: 'nothing' | 'history' | 'state' | 'room' | 'snapshot';
  /** If from a snapshot. */
  snapshot?: { id: string; name: string; createdAt: number };
}

/** `snapshotId`: use this one if it comes to that, not the newest that can be read. Throws `snapshot-not-found`. */
export async function mendArticle(
  { storage, rooms, now }: { storage: Storage; rooms: Pick<Rooms, 'live' | 'drop'>; now(): number },
  articleId: string,
  snapshotId?: string,
): Promise<Mending> {
  const mended = await storage.archive.mend(articleId, now());
  if (mended) {
    if (mended.epochRaised) await rooms.drop(articleId);
    return { from: mended.from };
  }
  const room = snapshotId === undefined ? await rooms.live(articleId) : null;
  if (room) {
    await replaceHistory({ update: await documentOf(room) });
    return { from: 'room' };
  }
  const snapshot = await findReadable(storage, articleId, snapshotId);
  await replaceHistory({ snapshotId: snapshot.id });
  return { from: 'snapshot', snapshot: { id: snapshot.id, name: snapshot.name, createdAt: snapshot.createdAt } };

  async function replaceHistory(source: HistorySource): Promise<void> {
    await rooms.drop(articleId);
    await storage.archive.replaceHistory(articleId, source, now());
  }
}

async function documentOf(room: Room): Promise<Uint8Array> {
  await room.committed();
  return Y.encodeStateAsUpdate(room.doc);
}

async function findReadable(storage: Storage, articleId: string, wanted: string | undefined) {
  for (const info of await storage.snapshots.list(articleId)) {
    if (wanted !== undefined && info.id !== wanted) continue;
    try {
      if (await storage.snapshots.load(articleId, info.id)) return info;
    } catch (error) {
      if (!(error instanceof LogDamage) || wanted !== undefined) throw error;
    }
  }
  throw new KopuroError('snapshot-not-found');
}
