// Kysely on the storage thread.
import {
  type CompiledQuery,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { createStatementDriver } from '../driver.ts';
import type { ColumnTypes } from '../migrations.ts';
import type { Database, Engine, Tables } from '../schema.ts';
import type { ThreadConnection } from './connection.ts';
import type { SqliteValue } from './engine.ts';
import type { Statement } from './messages.ts';

export const COLUMN_TYPES: ColumnTypes = { bytes: 'blob', integer: 'integer', text: 'text' };

export function threadDialect(thread: Pick<ThreadConnection, 'run'>): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createStatementDriver(async (query) => (await thread.run([toStatement(query)]))[0] ?? []),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** For one process, which owns the file. */
export function engineOn(thread: Pick<ThreadConnection, 'run'>): Engine {
  return {
    database: new Kysely<Tables>({ dialect: threadDialect(thread) }),
    atomically: (queries) => thread.run(queries.map((query) => toStatement(query.compile()))),
    alone: (_articleId, work) => work(),
  };
}

export async function tableNames(database: Database): Promise<string[]> {
  const tables = await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`.execute(database);
  return tables.rows.map((row) => row.name);
}

/** A compiled query as the thread takes it. */
export function toStatement(query: CompiledQuery): Statement {
  return { sql: query.sql, parameters: query.parameters as readonly SqliteValue[] };
}
