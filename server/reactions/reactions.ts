// What the server does by itself after a change: repairs block ids, keeps annotations on their words, computes the desk's
// figures, takes automatic snapshots. app.ts hands `reactions` and `settled` to the rooms.
import type * as Y from 'yjs';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import type { Reaction, Room } from '../sync/types.ts';
import { followWords, refreshAnchors, writeAnchors } from './anchors.ts';
import { createAnnotationIndex } from './annotationIndex.ts';
import { repairBlockIds, repairsOf } from './blockIds.ts';
import { type Duplicate, settleDuplicates, settlementsOf } from './duplicates.ts';
import { type MassDeletionOptions, watchMassDeletions } from './massDeletion.ts';
import { createAutomaticSnapshots } from './snapshots.ts';
import { createSummaries } from './summaries.ts';
import { isChange, isMerge, touchedTexts } from './touched.ts';

export interface ReactionDependencies {
  storage: Storage;
  now(): number;
  /** The desk's figures of an article changed (socket.io `desk.article`); see summaries.ts for how soon. */
  summaryChanged(summary: ArticleSummary): void;
  /** An automatic snapshot was taken. */
  snapshotsChanged(articleId: string): void;
  failed(error: unknown, what: string): void;
  /** What becomes of deletions of most of a text; without it nobody watches for them. */
  massDeletion?: MassDeletionOptions;
  /** From a command, or from the last key, to the figures; 2 s if left out. */
  summaryDelayMs?: number;
  /** Time between automatic snapshots of an article that people work on; 10 min if left out. */
  snapshotEveryMs?: number;
}

export interface Reactions {
  reactions: readonly Reaction[];
  /** For SyncDependencies.settled: the room fell idle or leaves memory. */
  settled(room: Room): Promise<void>;
  /** Ends timers, after the figures that still wait are saved. */
  close(): Promise<void>;
}

export function createReactions(dependencies: ReactionDependencies): Reactions {
  const indexOf = createAnnotationIndex();
  const summaries = createSummaries(dependencies);
  const snapshots = createAutomaticSnapshots(dependencies);
  const { massDeletion } = dependencies;
  const deletions = massDeletion && watchMassDeletions({ ...dependencies, massDeletion });
  /** Annotations whose quotes and offsets may be out of date, by document. */
  const outdated = new WeakMap<Y.Doc, Set<string>>();
  /** Blocks that were told apart since the room was at rest last. */
  const duplicates = new WeakMap<Y.Doc, Duplicate[]>();

  const texts: Reaction = (room, transaction, change) => {
    if (!isChange(transaction) && !isMerge(transaction)) return;
    for (const touched of touchedTexts(transaction)) {
      const { doc } = room;
      const repairs = touched.structural ? repairsOf(doc, touched.language) : [];
      if (repairs.length > 0) {
        const { language } = touched;
        const doubled = repairs
          .filter(({ before }) => before !== '')
          .map(({ before: of, id }) => ({ language, id, of }));
        duplicates.set(doc, [...(duplicates.get(doc) ?? []), ...doubled]);
        change(() => repairBlockIds(repairs));
      }
      const { changes, seen } = followWords(doc, touched, transaction.beforeState, indexOf);
      if (changes.length > 0) change(() => writeAnchors(doc, changes));
      if (seen.length === 0) continue;
      const set = outdated.get(doc) ?? new Set();
      outdated.set(doc, set);
      for (const id of seen) set.add(id);
    }
  };

  async function refresh(room: Room): Promise<void> {
    const ids = outdated.get(room.doc);
    if (!ids) return;
    outdated.delete(room.doc);
    try {
      const changes = refreshAnchors(room.doc, ids);
      if (changes.length > 0) await room.transact(null, (doc) => writeAnchors(doc, changes));
    } catch (error) {
      dependencies.failed(error, 'anchors');
    }
  }

  async function settle(room: Room): Promise<void> {
    const known = duplicates.get(room.doc);
    if (!known) return;
    duplicates.delete(room.doc);
    try {
      // Looked at in the transaction: somebody may be typing in one of them again.
      if (settlementsOf(room.doc, known).length === 0) return;
      await room.transact(null, (doc) => settleDuplicates(doc, settlementsOf(doc, known)));
    } catch (error) {
      dependencies.failed(error, 'duplicates');
    }
  }

  return {
    reactions: [...(deletions ? [deletions.reaction] : []), texts, summaries.reaction, snapshots.reaction],
    async settled(room) {
      await refresh(room);
      await settle(room);
      await summaries.flush(room);
      await snapshots.settled(room);
    },
    async close() {
      await summaries.close();
      await snapshots.close();
      await deletions?.close();
    },
  };
}
