// Moving a whole newsroom from one engine to another, article by article. The source is only read. What is half moved says so
// itself, in a table that every start looks for: nobody can work on it by mistake, and the move can go on where it was cut off.
// An article counts as moved when its rows have been read back and are those of the source, byte for byte, and its log has
// been replayed and is what its state says.
import type { Compilable } from 'kysely';
import { createArchive } from '../archive/archive.ts';
import { DocumentThread } from '../archive/document-thread.ts';
import type { Damage } from '../errors.ts';
import type { Database, Engine } from '../schema.ts';
import { type Moved, readMoved, startMarker, takeMarkerAway, writeMoved } from './marker.ts';
import type { Place } from './place.ts';
import {
  ARTICLE,
  bytesOf,
  type CopiedTable,
  CREDENTIALS,
  deleteAll,
  insertRows,
  OF_ARTICLE,
  PEOPLE,
  putRows,
  RowDigest,
  readPages,
  SUMMARY,
} from './tables.ts';

/** What is written in one transaction, about. */
const TRANSACTION_BYTES = 4 * 1024 * 1024;

export interface MoveOptions {
  source: Place;
  target: Place;
  now: number;
  /** False: compare bytes only. */
  replay: boolean;
  /** Articles on their way at the same time. */
  atOnce: number;
  progress(done: number, all: number): void;
}

export interface MoveReport {
  articles: number;
  /** Of them, moved by an earlier run that was cut off. */
  before: number;
  rows: number;
  people: number;
  /** What was damaged in the source already, and was moved as it is. */
  damaged: Damage[];
}

export type MoveProblem =
  /** The target holds something already that no move has put there. */
  | 'target-not-empty'
  /** It holds half of another source: `source` says which. */
  | 'other-source'
  /** What was written is not what is read back: `what`. */
  | 'differs'
  /** Somebody worked on the source meanwhile. */
  | 'source-changed';

/** The move cannot go on; the source is untouched, and the target cannot be started on. */
export class MoveError extends Error {
  readonly code: MoveProblem;
  readonly values: Record<string, string>;
  constructor(code: MoveProblem, values: Record<string, string> = {}) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = 'MoveError';
    this.code = code;
    this.values = values;
  }
}

/** Throws MoveError, StorageError. The tables of both are up to date. */
export async function move(options: MoveOptions): Promise<MoveReport> {
  const { source, target, now } = options;
  const marked = await startMarker(target, source.name, now);
  if (marked.kind === 'not-empty') throw new MoveError('target-not-empty');
  if (marked.kind === 'other-source') throw new MoveError('other-source', { source: marked.source });

  const people = await movePeople(source.engine, target.engine);
  const report = await moveArticles(options);
  for (const table of CREDENTIALS) await moveTable(source.engine, target.engine, table);
  await requireUnchanged(source.engine.database, target.engine.database);
  await takeMarkerAway(target.engine);
  return { ...report, people };
}

async function movePeople(source: Engine, target: Engine): Promise<number> {
  const digest = new RowDigest();
  for await (const rows of readPages(source.database, PEOPLE)) {
    digest.add(PEOPLE, rows);
    await target.atomically([putRows(target.database, PEOPLE, rows)]);
  }
  await requireSame(digest, target.database, PEOPLE);
  return digest.rows;
}

/** Small, and different a moment later: it is written anew each time. */
async function moveTable(source: Engine, target: Engine, table: CopiedTable): Promise<void> {
  const digest = new RowDigest();
  const statements: Compilable[] = [deleteAll(target.database, table)];
  for await (const rows of readPages(source.database, table)) {
    digest.add(table, rows);
    statements.push(insertRows(target.database, table, rows));
  }
  await target.atomically(statements);
  await requireSame(digest, target.database, table);
}

async function requireSame(expected: RowDigest, database: Database, table: CopiedTable): Promise<void> {
  const found = new RowDigest();
  for await (const rows of readPages(database, table)) found.add(table, rows);
  if (found.hex() !== expected.hex()) throw new MoveError('differs', { what: table.name });
}

async function moveArticles({
  source,
  target,
  replay,
  atOnce,
  progress,
}: MoveOptions): Promise<Omit<MoveReport, 'people'>> {
  const ids = await articleIds(source.engine.database);
  const known = await readMoved(target.engine.database);
  const report: Omit<MoveReport, 'people'> = { articles: ids.length, before: 0, rows: 0, damaged: [] };
  const documents = new DocumentThread();
  const { archive, close } = createArchive(target.engine, documents);
  const check = async (id: string) => (replay ? (await archive.verify(id)).damaged : []);
  let done = 0;
  try {
    await removeOthers(target.engine, new Set(ids));
    await inParallel(ids, atOnce, async (id) => {
      const before = known.get(id);
      const moved = await moveArticle(source.engine, target.engine, id, before, check);
      if (moved === before) report.before += 1;
      report.rows += moved.rows;
      report.damaged.push(...moved.damaged);
      done += 1;
      progress(done, ids.length);
    });
  } finally {
    close();
    await documents.close();
  }
  return report;
}

/** Answers with `before` itself if the article was moved before and has not changed since. */
async function moveArticle(
  source: Engine,
  target: Engine,
  id: string,
  before: Moved | undefined,
  check: (id: string) => Promise<Damage[]>,
): Promise<Moved> {
  const { digest, rows } = await articleDigest(source.database, id);
  if (before && before.digest === digest) return before;
  await copyArticle(source.database, target, id);
  if ((await articleDigest(target.database, id)).digest !== digest) throw new MoveError('differs', { what: id });
  const moved = { digest, rows, damaged: await check(id) };
  await writeMoved(target, id, moved);
  return moved;
}

async function articleDigest(database: Database, id: string): Promise<{ digest: string; rows: number }> {
  const digest = new RowDigest();
  for await (const rows of readPages(database, ARTICLE, { column: 'id', value: id })) digest.add(ARTICLE, rows);
  for (const table of OF_ARTICLE) {
    for await (const rows of readPages(database, table, { column: 'article_id', value: id })) digest.add(table, rows);
  }
  return { digest: digest.hex(), rows: digest.rows };
}

async function copyArticle(source: Database, { database, atomically }: Engine, id: string): Promise<void> {
  let statements: Compilable[] = [database.deleteFrom('articles').where('id', '=', id)];
  let bytes = 0;
  const add = async (table: CopiedTable, column: string) => {
    for await (const rows of readPages(source, table, { column, value: id })) {
      statements.push(insertRows(database, table, rows));
      bytes += bytesOf(rows);
      if (bytes < TRANSACTION_BYTES) continue;
      await atomically(statements);
      statements = [];
      bytes = 0;
    }
  };
  await add(ARTICLE, 'id');
  for (const table of OF_ARTICLE) await add(table, 'article_id');
  if (statements.length > 0) await atomically(statements);
}

/** Articles that an earlier run moved, and that the source no longer has. */
async function removeOthers({ database }: Engine, wanted: ReadonlySet<string>): Promise<void> {
  for (const id of await articleIds(database)) {
    if (!wanted.has(id)) await database.deleteFrom('articles').where('id', '=', id).execute();
  }
}

async function articleIds(database: Database): Promise<string[]> {
  return (await database.selectFrom('articles').select('id').orderBy('id').execute()).map(({ id }) => id);
}

/** The text and all that is derived of it: whatever changes those changes the row in `articles` or in `summaries`. */
async function requireUnchanged(source: Database, target: Database): Promise<void> {
  const [expected, found] = [new RowDigest(), new RowDigest()];
  for (const table of [ARTICLE, SUMMARY]) {
    for await (const rows of readPages(source, table)) expected.add(table, rows);
    for await (const rows of readPages(target, table)) found.add(table, rows);
  }
  if (expected.hex() !== found.hex()) throw new MoveError('source-changed');
}

/** When one fails no other begins, and those under way are waited for. */
async function inParallel(ids: readonly string[], atOnce: number, work: (id: string) => Promise<void>): Promise<void> {
  const left = ids.values();
  let failed = false;
  const worker = async () => {
    for (const id of left) {
      if (failed) return;
      try {
        await work(id);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
