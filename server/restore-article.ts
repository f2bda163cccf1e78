// `kopuro restore ARTICLE --to …`: an article's texts made what they were at a moment of its history, or in a snapshot, as the
// forward change that restoring always is; or only said what that would change.
import * as Y from 'yjs';
import { type Block, blockText, readBlocks } from '../shared/article/blocks.ts';
import { randomId } from '../shared/article/ids.ts';
import { articleLanguages, readMeta } from '../shared/article/meta.ts';
import { applyStored } from '../shared/article/stored.ts';
import { KopuroError } from '../shared/protocol/errors.ts';
import type { Person } from '../shared/protocol/rest.ts';
import { openSnapshot } from './commands/snapshots.ts';
import type { Commands } from './commands/types.ts';
import type { Archive, Storage } from './storage/types.ts';
import type { Rooms } from './sync/types.ts';

export type RestoreTo = { snapshotId: string } | { at: number };

/** A block that restoring brings back, takes out or changes: its words now and then, null where there is no such block. */
export interface BlockChange {
  language: string;
  blockId: string;
  present: string | null;
  past: string | null;
}

export interface Restoring {
  /** When the article was last as it becomes: epoch ms of that change, or of the snapshot. */
  at: number;
  changes: BlockChange[];
  /** False: it was only asked for, or there is nothing to change. */
  restored: boolean;
}

export interface RestoreParts {
  storage: Storage;
  rooms: Pick<Rooms, 'use'>;
  commands: Pick<Commands, 'run'>;
  now(): number;
}

/** Throws `snapshot-not-found`, `article-not-found`, and `invalid-input` for a moment before the article's beginning. */
export async function restoreArticle(
  parts: RestoreParts,
  articleId: string,
  to: RestoreTo,
  person: Person,
  dryRun: boolean,
): Promise<Restoring> {
  const then = await open(parts, articleId, to);
  try {
    const changes = await parts.rooms.use(articleId, async (room) => {
      const found = compare(room.doc, then.doc);
      await room.committed();
      return found;
    });
    if (dryRun || changes.length === 0) return { at: then.at, changes, restored: false };
    const snapshotId = 'snapshotId' in to ? to.snapshotId : await keepMoment(parts, articleId, then, person);
    await parts.commands.run({ id: randomId(), articleId, type: 'snapshot.restore', payload: { snapshotId } }, person);
    return { at: then.at, changes, restored: true };
  } finally {
    then.doc.destroy();
  }
}

interface Then {
  at: number;
  /** Row of the log; null of a snapshot. */
  row: number | null;
  doc: Y.Doc;
}

async function open({ storage }: RestoreParts, articleId: string, to: RestoreTo): Promise<Then> {
  if ('snapshotId' in to) {
    const { info, doc } = await openSnapshot(storage, articleId, to.snapshotId);
    return { at: info.createdAt, row: null, doc };
  }
  const moment = await lastBefore(storage.archive, articleId, to.at);
  const { seq, update } = await storage.archive.documentAt(articleId, moment.row);
  const doc = new Y.Doc({ guid: `${articleId}@${seq}` });
  applyStored(doc, [update]);
  return { at: moment.at, row: seq, doc };
}

/** The last change that was over by `at`. Of changes that were merged (one person's in one minute) all or none count. */
async function lastBefore(archive: Archive, articleId: string, at: number): Promise<{ row: number; at: number }> {
  const past = (await archive.history(articleId)).filter(({ until }) => until <= at);
  const last = past.reduce<(typeof past)[number] | null>(
    (found, row) => (!found || row.to > found.to ? row : found),
    null,
  );
  if (!last) throw new KopuroError('invalid-input', { field: 'at', reason: 'before-the-beginning' });
  return { row: last.to, at: last.until };
}

/** What an article is restored to stays in its list of snapshots: so it is seen what was done, and can be done again. */
async function keepMoment(
  { storage, now }: RestoreParts,
  articleId: string,
  { at, row }: Then,
  { id, name }: Person,
): Promise<string> {
  const moment = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const snapshot = {
    id: randomId(),
    articleId,
    kind: 'named' as const,
    name: `${moment} UTC`,
    createdAt: now(),
    by: { id, name },
  };
  return (await storage.snapshots.take(snapshot, row!)).id;
}

/** As `snapshot.restore` does it: a language that the article did not have then is left as it is. */
function compare(now: Y.Doc, then: Y.Doc): BlockChange[] {
  const before = articleLanguages(readMeta(then));
  return articleLanguages(readMeta(now))
    .filter((language) => before.includes(language))
    .flatMap((language) => compareText(language, readBlocks(now, language), readBlocks(then, language)));
}

function compareText(language: string, now: readonly Block[], then: readonly Block[]): BlockChange[] {
  const present = new Map(now.map((block) => [block.id, block]));
  const changes: BlockChange[] = [];
  for (const block of then) {
    const other = present.get(block.id);
    present.delete(block.id);
    if (other && JSON.stringify(other) === JSON.stringify(block)) continue;
    changes.push({ language, blockId: block.id, present: other ? blockText(other) : null, past: blockText(block) });
  }
  for (const block of present.values()) {
    changes.push({ language, blockId: block.id, present: blockText(block), past: null });
  }
  return changes;
}
