// What says that a database holds half of another one: two tables that exist as long as the move is not over. They remember
// where from, and which articles have arrived and been checked.
import { sql } from 'kysely';
import type { Damage } from '../errors.ts';
import { UNFINISHED_MOVE } from '../migrations.ts';
import { compilable } from '../prepared.ts';
import type { Database, Engine } from '../schema.ts';
import type { Place } from './place.ts';

/** An article that has arrived. */
export interface Moved {
  /** Of all its rows. */
  digest: string;
  rows: number;
  damaged: Damage[];
}

const MOVE = sql.table(UNFINISHED_MOVE);
const ARRIVED = sql.table('moved_articles');

export type Marked = { kind: 'marked' } | { kind: 'not-empty' } | { kind: 'other-source'; source: string };

/** Marks an empty database, or finds the mark of an earlier run with the same source. */
export async function startMarker({ engine, tableNames }: Place, source: string, now: number): Promise<Marked> {
  const { database, atomically } = engine;
  const earlier = (await tableNames()).includes(UNFINISHED_MOVE) ? await readSource(database) : null;
  if (earlier !== null) return earlier === source ? { kind: 'marked' } : { kind: 'other-source', source: earlier };
  for (const table of ['people', 'articles'] as const) {
    const found = await database.selectFrom(table).select('id').limit(1).execute();
    if (found.length > 0) return { kind: 'not-empty' };
  }
  await atomically([
    compilable(database, sql`CREATE TABLE ${MOVE} (source text NOT NULL, started_at bigint NOT NULL)`),
    compilable(
      database,
      sql`CREATE TABLE ${ARRIVED} (article_id text PRIMARY KEY, digest text NOT NULL, row_count bigint NOT NULL, damaged text NOT NULL)`,
    ),
    compilable(database, sql`INSERT INTO ${MOVE} (source, started_at) VALUES (${source}, ${now})`),
  ]);
  return { kind: 'marked' };
}

/** The move is over: from now on one may start on this database. */
export async function takeMarkerAway({ database, atomically }: Engine): Promise<void> {
  await atomically([compilable(database, sql`DROP TABLE ${ARRIVED}`), compilable(database, sql`DROP TABLE ${MOVE}`)]);
}

export async function readMoved(database: Database): Promise<Map<string, Moved>> {
  const { rows } = await sql<{ article_id: string; digest: string; row_count: number; damaged: string }>`
    SELECT article_id, digest, row_count, damaged FROM ${ARRIVED}`.execute(database);
  return new Map(
    rows.map(({ article_id, digest, row_count, damaged }) => [
      article_id,
      { digest, rows: row_count, damaged: JSON.parse(damaged) as Damage[] },
    ]),
  );
}

export async function writeMoved({ database }: Engine, id: string, { digest, rows, damaged }: Moved): Promise<void> {
  await sql`
    INSERT INTO ${ARRIVED} (article_id, digest, row_count, damaged)
    VALUES (${id}, ${digest}, ${rows}, ${JSON.stringify(damaged)})
    ON CONFLICT (article_id) DO UPDATE SET
      digest = excluded.digest, row_count = excluded.row_count, damaged = excluded.damaged`.execute(database);
}

async function readSource(database: Database): Promise<string | null> {
  const { rows } = await sql<{ source: string }>`SELECT source FROM ${MOVE}`.execute(database);
  return rows[0]?.source ?? null;
}
