// The desk's figures follow the article: computed a moment after a change, saved, announced. However many articles are typed in
// at once, that takes a small part of the process's time and few transactions.
import { performance } from 'node:perf_hooks';
import type * as Y from 'yjs';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import type { ChangeOrigin, Reaction, Room } from '../sync/types.ts';
import { DueArticles } from './dueArticles.ts';
import type { ReactionDependencies } from './reactions.ts';
import { figuresOf, type Identity } from './summary.ts';
import { isChange } from './touched.ts';
import { type CountWords, createWordCounter, remembering } from './wordCounts.ts';

const SOON_MS = 2_000;
/** A few words more or less are no news: what somebody types shows when they pause, at the latest after so long. */
const TYPING_MS = 30_000;
/** One looks this often who is due, and computes no longer than so at a time: the rest has its turn the next time. */
const LOOK_MS = 250;
const COMPUTE_MS = 10;
/** More would hold the thread, or the articles' locks, in one transaction for longer than typing should wait. */
const SAVED_AT_ONCE = 50;

export interface Summaries {
  reaction: Reaction;
  /** Saves the figures of this room now if they wait. */
  flush(room: Room): Promise<void>;
  close(): Promise<void>;
}

interface Ready {
  summary: ArticleSummary;
  saved(): void;
}

export function createSummaries({
  storage,
  now,
  summaryChanged,
  failed,
  summaryDelayMs: soonMs = SOON_MS,
}: ReactionDependencies): Summaries {
  const due = new DueArticles<Room>({ soonMs, typingMs: Math.max(soonMs, TYPING_MS) });
  let timer: NodeJS.Timeout | null = null;
  const countWords = createWordCounter();
  const known = new WeakMap<Y.Doc, { countWords: CountWords; identity: Identity | null }>();
  const underWay = new Set<Promise<void>>();
  /** Committed, and to be saved in the next transaction. */
  let ready: Ready[] = [];
  let isSaving = false;

  function knownOf(doc: Y.Doc) {
    let found = known.get(doc);
    if (!found) {
      found = { countWords: remembering(countWords), identity: null };
      known.set(doc, found);
    }
    return found;
  }

  function start(room: Room): Promise<void> {
    const work = renew(room)
      .catch((error: unknown) => failed(error, 'summary'))
      .finally(() => underWay.delete(work));
    underWay.add(work);
    return work;
  }

  async function renew(room: Room): Promise<void> {
    const about = knownOf(room.doc);
    const figures = figuresOf(room.doc, now(), about.countWords);
    try {
      await room.committed(); // the desk shows nothing that could still be lost
    } catch (error) {
      if ((await identityOf(room.articleId)) === null) return; // removed meanwhile
      throw error;
    }
    about.identity ??= await identityOf(room.articleId);
    if (about.identity === null) return;
    const summary = { ...about.identity, ...figures };
    await new Promise<void>((saved) => {
      ready.push({ summary, saved });
      if (!isSaving) void saveAll();
    });
  }

  async function identityOf(articleId: string): Promise<Identity | null> {
    const stored = await storage.articles.summary(articleId);
    return stored && { id: stored.id, createdAt: stored.createdAt, createdBy: stored.createdBy };
  }

  /** One transaction after the other; what becomes ready meanwhile goes into the next. Never rejects. */
  async function saveAll(): Promise<void> {
    isSaving = true;
    await new Promise(setImmediate); // one commit makes many ready in the same turn
    while (ready.length > 0) {
      const batch = ready.slice(0, SAVED_AT_ONCE);
      ready = ready.slice(SAVED_AT_ONCE);
      // Of one article, flushed twice, the newer figures.
      const summaries = [...new Map(batch.map(({ summary }) => [summary.id, summary])).values()];
      try {
        const saved = await storage.articles.saveSummaries(summaries);
        for (const summary of summaries) if (saved.has(summary.id)) summaryChanged(summary);
      } catch (error) {
        failed(error, 'summary');
      }
      for (const { saved } of batch) saved();
    }
    isSaving = false;
  }

  function look(): void {
    timer = null;
    const until = performance.now() + COMPUTE_MS;
    for (const room of due.takeDue(performance.now())) {
      void start(room);
      if (performance.now() >= until) break;
    }
    lookLater();
  }

  function lookLater(): void {
    if (timer || due.size === 0) return;
    timer = setTimeout(look, LOOK_MS);
    timer.unref();
  }

  return {
    reaction(room, transaction) {
      if (!isChange(transaction)) return;
      const { via } = transaction.origin as ChangeOrigin;
      due.changed(room.articleId, room, performance.now(), via === 'sync' ? 'typed' : 'command');
      lookLater();
    },
    async flush(room) {
      const waiting = due.take(room.articleId);
      if (waiting) await start(waiting);
    },
    async close() {
      if (timer) clearTimeout(timer);
      timer = null;
      for (const room of due.takeAll()) void start(room);
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
