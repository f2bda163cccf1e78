// The desk's figures follow the article: computed a moment after a change, saved, announced; at most once in a while per
// article however much is typed.
import type * as Y from 'yjs';
import type { Reaction, Room } from '../sync/types.ts';
import type { ReactionDependencies } from './reactions.ts';
import { summarize, type WordCounts } from './summary.ts';
import { isChange } from './touched.ts';

const DELAY_MS = 2_000;
/** A counted text costs memory: past so many the counts start anew. */
const MAX_COUNTED = 20_000;

export interface Summaries {
  reaction: Reaction;
  /** Saves the figures of this room now if they wait. */
  flush(room: Room): Promise<void>;
  close(): Promise<void>;
}

export function createSummaries({
  storage,
  now,
  summaryChanged,
  failed,
  summaryDelayMs = DELAY_MS,
}: ReactionDependencies): Summaries {
  const waiting = new Map<string, { room: Room; timer: NodeJS.Timeout }>();
  const counts = new WeakMap<Y.Doc, WordCounts>();
  const saving = new Set<Promise<void>>();

  function countsOf(doc: Y.Doc): WordCounts {
    const known = counts.get(doc);
    if (known && known.size <= MAX_COUNTED) return known;
    const fresh: WordCounts = new Map();
    counts.set(doc, fresh);
    return fresh;
  }

  async function save(room: Room): Promise<void> {
    waiting.delete(room.articleId);
    try {
      const known = await storage.articles.summary(room.articleId);
      if (!known) return; // removed meanwhile
      const counted = countsOf(room.doc);
      const { id, createdAt, createdBy } = known;
      const summary = summarize(room.doc, { id, createdAt, createdBy }, now(), counted);
      await room.committed(); // the desk shows nothing that could still be lost
      await storage.articles.saveSummary(summary);
      summaryChanged(summary);
    } catch (error) {
      failed(error, 'summary');
    }
  }

  function start(room: Room): Promise<void> {
    const work = save(room).finally(() => saving.delete(work));
    saving.add(work);
    return work;
  }

  async function flush(room: Room): Promise<void> {
    const wait = waiting.get(room.articleId);
    if (!wait) return;
    clearTimeout(wait.timer);
    await start(room);
  }

  return {
    reaction(room, transaction) {
      if (!isChange(transaction) || waiting.get(room.articleId)?.room === room) return;
      clearTimeout(waiting.get(room.articleId)?.timer);
      const timer = setTimeout(() => void start(room), summaryDelayMs);
      timer.unref();
      waiting.set(room.articleId, { room, timer });
    },
    flush,
    async close() {
      await Promise.all([...waiting.values()].map(({ room }) => flush(room)));
      await Promise.all(saving);
    },
  };
}
