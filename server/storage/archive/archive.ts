// The quiet side of the log: compaction, history, snapshots, checks. Whole documents are built in a thread of their own; what
// they are built from is read, and what comes of it is written, in steps so short that commits go on in between. One piece of
// work at a time, so that none sees another's half.
import type { Engine } from '../schema.ts';
import { createAsideTables } from '../tables/aside.ts';
import { createHistoryTables } from '../tables/history.ts';
import { createSnapshotTables } from '../tables/snapshots.ts';
import type { Archive, HistoryRow, SnapshotStore } from '../types.ts';
import { type ArchiveParts, buildAt, reading } from './building.ts';
import { damagesOfSegment, requireGood } from './checks.ts';
import { compact } from './compaction.ts';
import type { DocumentThread } from './document-thread.ts';
import { mendFromLog, replaceHistory } from './mending.ts';
import { createQueue } from './queue.ts';
import { loadSnapshot, takeSnapshot } from './snapshots.ts';
import { verifyArticle } from './verify.ts';

/** `thread` is closed by whoever opened it, after `close`: work that has not begun is given up. */
export function createArchive(
  engine: Engine,
  thread: DocumentThread,
): { archive: Archive; snapshots: SnapshotStore; close(): void } {
  const parts: ArchiveParts = {
    tables: createHistoryTables(engine),
    snapshots: createSnapshotTables(engine),
    aside: createAsideTables(engine),
    thread,
  };
  const { inOrder, close } = createQueue();
  const quietly = <T>(articleId: string, work: () => Promise<T>) => inOrder(() => engine.alone(articleId, work));

  const archive: Archive = {
    compact: (articleId, upTo) => quietly(articleId, () => compact(parts, articleId, upTo)),
    history: (articleId, range) => listHistory(parts, articleId, range?.from, range?.to),
    documentAt: (articleId, seq) =>
      quietly(articleId, () =>
        thread.withDocument(async (ask) => {
          const reached = await buildAt(parts, ask, articleId, seq);
          return { seq: reached, update: await reading(articleId, 'row', ask({ kind: 'update' })) };
        }),
      ),
    verify: (articleId) => quietly(articleId, () => verifyArticle(parts, articleId)),
    mend: (articleId, at) => quietly(articleId, () => mendFromLog(parts, articleId, at)),
    replaceHistory: (articleId, source, at) => quietly(articleId, () => replaceHistory(parts, articleId, source, at)),
  };

  return {
    archive,
    snapshots: {
      take: (snapshot, seq) => quietly(snapshot.articleId, () => takeSnapshot(parts, snapshot, seq)),
      list: (articleId) => parts.snapshots.list(articleId),
      load: (articleId, snapshotId) => loadSnapshot(parts, articleId, snapshotId),
    },
    close,
  };
}

/** Not in the queue: stretches and rows are read as of one moment. */
async function listHistory(
  { tables, thread }: ArchiveParts,
  articleId: string,
  from = 1,
  to = Number.MAX_SAFE_INTEGER,
): Promise<HistoryRow[]> {
  const { segments, rows } = await tables.listing(articleId, from, to);
  const listed: HistoryRow[] = [];
  for (const segment of segments) {
    requireGood(damagesOfSegment(articleId, segment));
    const infos = await reading(articleId, 'history', thread.ask({ kind: 'parts', segment: segment.data }));
    listed.push(...infos.filter((part) => part.to >= from && part.from <= to));
  }
  for (const { seq, personId, at, bytes } of rows) {
    listed.push({ from: seq, to: seq, personId, at, until: at, bytes });
  }
  return listed;
}
