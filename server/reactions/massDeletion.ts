// When a client deletes most of a text at one go (a slip, a script, an editor that drops what its schema does not know): a
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
/** Deletions of one person that follow one another within this are one: y-prosemirror drops what it does not know node by node. */
const BURST_MS = 1_000;
/** How much a burst grows before the whole text is counted again. */
const GROWTH = 1.25;
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

/** What one person deletes of one text at one go. */
interface Burst {
  /** The last row of the log before it. */
  readonly row: number;
  lastAt: number;
  deleted: number;
  excerpt: string;
  /** The text is counted when so many characters are deleted. */
  countAt: number;
}

export function watchMassDeletions(parts: MassDeletionParts): { reaction: Reaction; close(): Promise<void> } {
  const { storage, now, massDeletion, failed } = parts;
  const { share = SHARE, characters = CHARACTERS } = massDeletion;
  const underWay = new Set<Promise<void>>();
  const alarmed = new WeakMap<Y.Doc, Map<string, number>>();
  const bursts = new WeakMap<Y.Doc, Map<string, Burst>>();

  function isNews(doc: Y.Doc, language: string, at: number): boolean {
    const known = alarmed.get(doc) ?? new Map<string, number>();
    alarmed.set(doc, known);
    if (at - (known.get(language) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return false;
    known.set(language, at);
    return true;
  }

  /** The burst that a deletion belongs to, after it. Old ones are forgotten. */
  function grow(room: Room, person: string, language: string, words: Words, at: number): Burst {
    const known = bursts.get(room.doc) ?? new Map<string, Burst>();
    bursts.set(room.doc, known);
    for (const [key, { lastAt }] of known) if (at - lastAt > BURST_MS) known.delete(key);
    const key = `${person} ${language}`;
    const burst = known.get(key) ?? { row: room.lastRow, lastAt: at, deleted: 0, excerpt: '', countAt: characters };
    known.set(key, burst);
    burst.lastAt = at;
    burst.deleted += words.length;
    if (burst.excerpt.length < MAX_EXCERPT) burst.excerpt = (burst.excerpt + words.excerpt).slice(0, MAX_EXCERPT);
    return burst;
  }

  async function raise(room: Room, personId: string, row: number, found: Found, at: number): Promise<void> {
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
      snapshotId = (await storage.snapshots.take(snapshot, row)).id;
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
      if (via !== 'sync' || personId === null || transaction.deleteSet.clients.size === 0) return;
      const at = now();
      for (const [language, words] of deletedWords(transaction)) {
        const burst = grow(room, personId, language, words, at);
        const { deleted, row } = burst;
        if (deleted < burst.countAt) continue;
        burst.countAt = deleted * GROWTH;
        const of = deleted + remaining(transaction, language);
        if (deleted <= share * of || !isNews(room.doc, language, at)) continue;
        const excerpt = burst.excerpt.replace(/[\uD800-\uDBFF]$/, '');
        const work = raise(room, personId, row, { language, deleted, of, excerpt }, at)
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
  const [editors, standings] = await Promise.all([storage.people.editors(), storage.articles.standings(articleId)]);
  const given = [...standings].filter(([, { role }]) => role === 'editor').map(([id]) => storage.people.find(id));
  const here = (await Promise.all(given)).filter((person) => person !== null && person.removedAt === null);
  const everywhere = editors.filter(({ id }) => !standings.has(id));
  return [...everywhere, ...here].flatMap((person) => person?.id ?? []);
}

interface Words {
  length: number;
  excerpt: string;
}

/** What a transaction deleted of each text that was there before it. */
function deletedWords(transaction: Y.Transaction): Map<string, Words> {
  const texts = new Map<string, Words>();
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (!(struct instanceof Y.Item) || !wasThere(struct, transaction.beforeState)) return;
    const words = textOf(struct);
    const language = words === '' ? null : languageOf(struct);
    if (language === null) return;
    const text = texts.get(language) ?? { length: 0, excerpt: '' };
    texts.set(language, text);
    text.length += words.length;
    if (text.excerpt.length < MAX_EXCERPT) text.excerpt += words;
  });
  return texts;
}

/** Characters that were in a text before a transaction and still are. Looks at everything: for rare occasions. */
function remaining({ doc, beforeState }: Y.Transaction, language: string): number {
  let count = 0;
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted || !wasThere(struct, beforeState)) continue;
      const { length } = textOf(struct);
      if (length > 0 && languageOf(struct) === language) count += length;
    }
  }
  return count;
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
