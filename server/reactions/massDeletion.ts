// When one update from a client deletes most of a text (a slip, a script, an editor that drops what its schema does not know): a
// snapshot of the moment before, and an alarm. The deletion itself stands: whoever may write may delete, and restoring is easy.
import * as Y from 'yjs';
import { randomId } from '../../shared/article/ids.ts';
import { readMeta } from '../../shared/article/meta.ts';
import { languageOfRoot } from '../../shared/article/roots.ts';
import type { Notification } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import type { ChangeOrigin, Reaction, Room } from '../sync/types.ts';

/** More than this share of a text, and no fewer characters than these: a paragraph less is somebody's work, not an accident. */
const SHARE = 0.5;
const CHARACTERS = 2_000;
/** Deleting, undoing and deleting again is one alarm. */
const QUIET_MS = 60_000;
const MAX_EXCERPT = 280;

export interface MassDeletion {
  articleId: string;
  language: string;
  personId: string;
  /** Characters that were deleted, of those that there were. */
  deleted: number;
  of: number;
  /** The snapshot of the moment before; null if it could not be taken. */
  snapshotId: string | null;
}

export interface MassDeletionOptions {
  /** Called once the deletion is committed. */
  alarm(deletion: MassDeletion): void;
  /** Tells an editor, if connected, of a notification that is already stored. */
  notify(personId: string, notification: Notification): void;
  share?: number;
  characters?: number;
}

export interface MassDeletionParts {
  storage: Storage;
  now(): number;
  snapshotsChanged(articleId: string): void;
  failed(error: unknown, what: string): void;
  massDeletion: MassDeletionOptions;
}

interface Found {
  language: string;
  deleted: number;
  of: number;
  /** How the deleted text began. */
  excerpt: string;
}

export function watchMassDeletions(parts: MassDeletionParts): { reaction: Reaction; close(): Promise<void> } {
  const { storage, now, massDeletion, failed } = parts;
  const { share = SHARE, characters = CHARACTERS } = massDeletion;
  const underWay = new Set<Promise<void>>();
  const alarmed = new WeakMap<Y.Doc, Map<string, number>>();

  function isNews(doc: Y.Doc, language: string, at: number): boolean {
    const known = alarmed.get(doc) ?? new Map<string, number>();
    alarmed.set(doc, known);
    if (at - (known.get(language) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return false;
    known.set(language, at);
    return true;
  }

  async function raise(room: Room, personId: string, found: Found, at: number): Promise<void> {
    const { articleId } = room;
    const author = { id: personId, name: room.present().find(({ id }) => id === personId)?.name ?? personId };
    let snapshotId: string | null = null;
    try {
      const snapshot = {
        id: randomId(),
        articleId,
        kind: 'mass-deletion' as const,
        name: '',
        createdAt: at,
        by: author,
      };
      // Asked for before anything is waited for: this deletion is not committed yet, and no compaction comes in between.
      snapshotId = (await storage.snapshots.take(snapshot, room.lastRow)).id;
      parts.snapshotsChanged(articleId);
    } catch (error) {
      failed(error, 'the snapshot before a mass deletion');
    }
    await room.committed();
    const { language, deleted, of, excerpt } = found;
    massDeletion.alarm({ articleId, language, personId, deleted, of, snapshotId });
    const articleTitle = readMeta(room.doc).title;
    for (const editor of await editorsOf(storage, articleId)) {
      const notification: Notification = {
        id: randomId(),
        kind: 'mass-deletion',
        articleId,
        articleTitle,
        annotationId: null,
        by: author,
        excerpt,
        at,
        readAt: null,
      };
      await storage.notifications.create(editor, notification);
      massDeletion.notify(editor, notification);
    }
  }

  return {
    reaction(room, transaction) {
      const { via, personId } = transaction.origin as ChangeOrigin;
      if (via !== 'sync' || personId === null || countDeleted(transaction) < characters) return;
      const at = now();
      for (const found of deletedTexts(transaction)) {
        if (found.deleted < characters || found.deleted <= share * found.of) continue;
        if (!isNews(room.doc, found.language, at)) continue;
        const work = raise(room, personId, found, at)
          .catch((error: unknown) => failed(error, 'a mass deletion'))
          .finally(() => underWay.delete(work));
        underWay.add(work);
      }
    },
    async close() {
      await Promise.all(underWay);
    },
  };
}

/** Everybody who is an editor in this article, whoever deleted included: it may have been their program. */
async function editorsOf(storage: Storage, articleId: string): Promise<string[]> {
  const [people, standings] = await Promise.all([storage.people.list(), storage.articles.standings(articleId)]);
  return people
    .filter(({ id, role, removedAt }) => removedAt === null && (standings.get(id)?.role ?? role) === 'editor')
    .map(({ id }) => id);
}

/** Of everything: an upper bound that costs nothing, for the updates of every day. */
function countDeleted({ deleteSet }: Y.Transaction): number {
  let count = 0;
  for (const ranges of deleteSet.clients.values()) for (const { len } of ranges) count += len;
  return count;
}

function deletedTexts(transaction: Y.Transaction): Found[] {
  const { doc, deleteSet, beforeState } = transaction;
  const texts = new Map<string, { deleted: number; excerpt: string }>();
  Y.iterateDeletedStructs(transaction, deleteSet, (struct) => {
    if (!(struct instanceof Y.Item) || !wasThere(struct, beforeState)) return;
    const words = textOf(struct);
    const language = words === '' ? null : languageOf(struct);
    if (language === null) return;
    const text = texts.get(language) ?? { deleted: 0, excerpt: '' };
    texts.set(language, text);
    text.deleted += words.length;
    if (text.excerpt.length < MAX_EXCERPT) text.excerpt += words;
  });
  const left = remaining(doc, beforeState, texts);
  return [...texts].map(([language, { deleted, excerpt }]) => ({
    language,
    deleted,
    of: deleted + (left.get(language) ?? 0),
    excerpt: excerpt.slice(0, MAX_EXCERPT).replace(/[\uD800-\uDBFF]$/, ''),
  }));
}

/** Characters that were in these texts before and still are. */
function remaining(
  doc: Y.Doc,
  beforeState: Map<number, number>,
  languages: ReadonlyMap<string, unknown>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted || !wasThere(struct, beforeState)) continue;
      const { length } = textOf(struct);
      const language = length === 0 ? null : languageOf(struct);
      if (language !== null && languages.has(language)) counts.set(language, (counts.get(language) ?? 0) + length);
    }
  }
  return counts;
}

function wasThere(item: Y.Item, beforeState: Map<number, number>): boolean {
  return item.id.clock < (beforeState.get(item.id.client) ?? 0);
}

function textOf(item: Y.Item): string {
  return item.content instanceof Y.ContentString ? item.content.str : '';
}

function languageOf(item: Y.Item): string | null {
  let type = item.parent as Y.AbstractType<unknown>;
  while (type._item !== null) type = type._item.parent as Y.AbstractType<unknown>;
  return languageOfRoot(Y.findRootTypeKey(type));
}
