// `kopuro verify`: reads every log and every snapshot, and says which cannot be read whole. It changes nothing.
import * as Y from 'yjs';
import type { Storage } from './storage/types.ts';

export interface Damage {
  articleId: string;
  /** Null: the log itself. */
  snapshotId: string | null;
  reason: string;
}

export interface Verification {
  articles: number;
  updates: number;
  snapshots: number;
  damaged: Damage[];
}

export async function verifyArticles(storage: Storage): Promise<Verification> {
  const outcome: Verification = { articles: 0, updates: 0, snapshots: 0, damaged: [] };
  for (const { id } of await storage.articles.list()) {
    outcome.articles += 1;
    await attempt(outcome, id, null, async () => {
      const updates = await storage.log.replay(id);
      outcome.updates += updates.length;
      readWhole(updates);
      const stored = await storage.log.load(id);
      if (!stored) throw new Error('the log is empty');
      readWhole(stored.state ? [stored.state, ...stored.tail] : stored.tail);
    });
    for (const snapshot of await storage.snapshots.list(id)) {
      outcome.snapshots += 1;
      await attempt(outcome, id, snapshot.id, async () => {
        const loaded = await storage.snapshots.load(id, snapshot.id);
        if (!loaded) throw new Error('the snapshot is listed but not stored');
        readWhole([loaded.state]);
      });
    }
  }
  return outcome;
}

async function attempt(
  outcome: Verification,
  articleId: string,
  snapshotId: string | null,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    outcome.damaged.push({ articleId, snapshotId, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Applies updates to an empty document; throws if one is malformed or something that they need is missing. */
function readWhole(updates: readonly Uint8Array[]): void {
  const doc = new Y.Doc({ guid: 'verify' });
  try {
    for (const update of updates) Y.applyUpdate(doc, update);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) throw new Error('updates are missing');
  } finally {
    doc.destroy();
  }
}
