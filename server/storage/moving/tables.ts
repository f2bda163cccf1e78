// Every table that holds something of a newsroom, as one copies it: its columns, what its rows are known by, whose they are.
// It reads and writes rows as they are, and takes their digest; it does not know what they mean.
import { createHash, type Hash } from 'node:crypto';
import { type Compilable, type RawBuilder, sql } from 'kysely';
import { compilable } from '../prepared.ts';
import type { Database, Tables } from '../schema.ts';

export interface CopiedTable {
  name: keyof Tables;
  columns: readonly string[];
  /** In this order rows are read, which is the same everywhere. Unique, or the whole row. */
  key: readonly string[];
  /** Rows that are read at once: few where a row may be a whole document. */
  page: number;
}

export type CopiedRow = Record<string, unknown>;

function copied<T extends keyof Tables>(
  name: T,
  key: readonly (keyof Tables[T] & string)[],
  others: readonly (keyof Tables[T] & string)[],
  page = 1_000,
): CopiedTable {
  return { name, key, columns: [...key, ...others], page };
}

/** The row that all others of an article refer to. */
export const ARTICLE = copied('articles', ['id'], ['created_by', 'created_at', 'epoch', 'head', 'base']);

export const SUMMARY = copied('summaries', ['article_id'], ['changed_at', 'summary']);

/** By `article_id`. */
export const OF_ARTICLE: readonly CopiedTable[] = [
  SUMMARY,
  copied('desk_terms', ['article_id', 'term'], []),
  copied('log_rows', ['article_id', 'seq'], ['person_id', 'at', 'data', 'bytes', 'checksum'], 500),
  copied('log_states', ['article_id'], ['seq', 'form', 'state', 'state_vector', 'checksum', 'places'], 1),
  copied('log_history', ['article_id', 'from_seq'], ['to_seq', 'data', 'checksum'], 8),
  copied(
    'log_aside',
    ['article_id', 'aside_at', 'part', 'from_seq', 'to_seq', 'data', 'person_id', 'at', 'checksum'],
    [],
    100,
  ),
  copied('client_ids', ['article_id', 'client_id'], ['person_id']),
  copied('commands', ['id'], ['article_id', 'person_id', 'at', 'result']),
  copied('standings', ['article_id', 'person_id'], ['role', 'languages']),
  copied(
    'snapshots',
    ['id'],
    ['article_id', 'kind', 'name', 'created_at', 'made_by', 'words', 'seq', 'form', 'state', 'checksum'],
    1,
  ),
  copied('notifications', ['id'], ['person_id', 'article_id', 'at', 'read_at', 'body']),
];

/** People refer to nothing, and are never deleted. */
export const PEOPLE = copied(
  'people',
  ['id'],
  ['name', 'role', 'languages', 'color', 'created_at', 'last_seen_at', 'removed_at'],
);

/** What proves who somebody is. */
export const CREDENTIALS: readonly CopiedTable[] = [
  copied('sessions', ['hash'], ['person_id', 'created_at', 'expires_at']),
  copied('tokens', ['id'], ['hash', 'person_id', 'name', 'created_at', 'last_used_at']),
  copied('links', ['hash'], ['person_id', 'created_at', 'expires_at', 'used_at']),
  copied(
    'invitations',
    ['id'],
    ['hash', 'role', 'languages', 'note', 'created_by', 'created_at', 'expires_at', 'used_at'],
  ),
];

/** The rows of a table, or those of them where `column` is `value`, page by page. */
export async function* readPages(
  database: Database,
  table: CopiedTable,
  of?: { column: string; value: string },
): AsyncGenerator<CopiedRow[]> {
  const where = of ? sql`WHERE ${sql.ref(of.column)} = ${of.value}` : sql``;
  for (let offset = 0; ; offset += table.page) {
    const { rows } = await sql<CopiedRow>`
      SELECT ${references(table.columns)} FROM ${sql.table(table.name)} ${where}
      ORDER BY ${references(table.key)} LIMIT ${table.page} OFFSET ${offset}`.execute(database);
    if (rows.length > 0) yield rows;
    if (rows.length < table.page) return;
  }
}

export function insertRows(database: Database, table: CopiedTable, rows: readonly CopiedRow[]): Compilable {
  return compilable(database, insertion(table, rows));
}

/** As `insertRows`; a row with a known key becomes the given one. */
export function putRows(database: Database, table: CopiedTable, rows: readonly CopiedRow[]): Compilable {
  const others = table.columns.filter((column) => !table.key.includes(column));
  const changes = others.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  return compilable(
    database,
    sql`${insertion(table, rows)} ON CONFLICT (${references(table.key)}) DO UPDATE SET ${sql.join(changes)}`,
  );
}

function insertion(table: CopiedTable, rows: readonly CopiedRow[]): RawBuilder<unknown> {
  const values = rows.map((row) => sql`(${sql.join(table.columns.map((column) => row[column]))})`);
  return sql`INSERT INTO ${sql.table(table.name)} (${references(table.columns)}) VALUES ${sql.join(values)}`;
}

export function deleteAll(database: Database, table: CopiedTable): Compilable {
  return compilable(database, sql`DELETE FROM ${sql.table(table.name)}`);
}

function references(columns: readonly string[]) {
  return sql.join(columns.map((column) => sql.ref(column)));
}

/** Tells rows apart that differ in anything: table, order, kind of a value, a single byte. */
export class RowDigest {
  readonly #hash: Hash = createHash('sha256');
  rows = 0;

  add(table: CopiedTable, rows: readonly CopiedRow[]): void {
    for (const row of rows) {
      this.#hash.update(table.name);
      for (const column of table.columns) this.#addValue(row[column]);
    }
    this.rows += rows.length;
  }

  hex(): string {
    return this.#hash.digest('hex');
  }

  #addValue(value: unknown): void {
    if (value === null || value === undefined) this.#hash.update('|null');
    else if (value instanceof Uint8Array) this.#hash.update(`|bytes ${value.length}|`).update(value);
    else this.#hash.update(`|${typeof value} ${String(value).length}|`).update(String(value));
  }
}

export function bytesOf(rows: readonly CopiedRow[]): number {
  let bytes = 0;
  for (const row of rows) {
    for (const value of Object.values(row)) {
      bytes += value instanceof Uint8Array || typeof value === 'string' ? value.length : 8;
    }
  }
  return bytes;
}
