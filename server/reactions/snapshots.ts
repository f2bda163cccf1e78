// Snapshots: how one is taken, and when the server takes one by itself. After work on an article, from time to time during it,
// and before its room leaves memory (so at shutdown too); never of an article that has not changed since the last one.
import type * as Y from 'yjs';
import { randomId } from '../../shared/article/ids.ts';
import type { Person, SnapshotInfo } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import type { Reaction, Room } from '../sync/types.ts';
import type { ReactionDependencies } from './reactions.ts';
import { isChange } from './touched.ts';

const EVERY_MS = 10 * 60_000;

/** Stores the article as it is once what it holds now is committed. It is built from the log, in a thread. */
export async function takeSnapshot(
  storage: Storage,
  room: Room,
  snapshot: { kind: SnapshotInfo['kind']; name: string; by: Pick<Person, 'id' | 'name'> | null; at: number },
): Promise<SnapshotInfo> {
  await room.committed(); // a snapshot never holds what could still be lost
  return storage.snapshots.take(
    {
      id: randomId(),
      articleId: room.articleId,
      kind: snapshot.kind,
      name: snapshot.name,
      createdAt: snapshot.at,
      by: snapshot.by && { id: snapshot.by.id, name: snapshot.by.name },
    },
    room.lastRow,
  );
}

export interface AutomaticSnapshots {
  reaction: Reaction;
  settled(room: Room): Promise<void>;
  close(): Promise<void>;
}

export function createAutomaticSnapshots({
  storage,
  now,
  snapshotsChanged,
  failed,
  snapshotEveryMs = EVERY_MS,
}: ReactionDependencies): AutomaticSnapshots {
  const changes = new WeakMap<Y.Doc, { first: number; last: number }>();
  const taking = new Map<string, Promise<void>>();

  async function take(room: Room): Promise<void> {
    const changed = changes.get(room.doc);
    if (!changed) return;
    try {
      const taken = await storage.snapshots.list(room.articleId);
      const latest = taken.find(({ kind }) => kind !== 'mass-deletion'); // that one is of before the change
      const fresh = latest !== undefined && latest.createdAt > changed.last;
      const recent = latest !== undefined && now() - latest.createdAt < snapshotEveryMs && room.present().length > 0;
      if (recent) return;
      changes.delete(room.doc);
      if (fresh || !(await storage.articles.summary(room.articleId))) return;
      await takeSnapshot(storage, room, { kind: 'automatic', name: '', by: null, at: now() });
      snapshotsChanged(room.articleId);
    } catch (error) {
      failed(error, 'snapshot');
    }
  }

  async function settled(room: Room): Promise<void> {
    const earlier = taking.get(room.articleId);
    if (earlier) await earlier;
    const work = room
      .exclusively(() => take(room))
      .finally(() => {
        if (taking.get(room.articleId) === work) taking.delete(room.articleId);
      });
    taking.set(room.articleId, work);
    await work;
  }

  return {
    reaction(room, transaction) {
      if (!isChange(transaction)) return;
      const at = now();
      const changed = changes.get(room.doc);
      if (!changed) changes.set(room.doc, { first: at, last: at });
      else {
        changed.last = at;
        if (at - changed.first < snapshotEveryMs || taking.has(room.articleId)) return;
        changed.first = at; // not again on the next key
        void settled(room);
      }
    },
    settled,
    async close() {
      await Promise.all(taking.values());
    },
  };
}
