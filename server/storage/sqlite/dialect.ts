// Kysely on the storage thread. Single statements only: what must be atomic is handed over as one list of statements
// (`Atomically`), because an open transaction would let other people's statements in between two messages.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { ColumnTypes } from '../migrations.ts';
import type { Database, Engine, Tables } from '../schema.ts';
import type { ThreadConnection } from './connection.ts';
import type { SqliteValue } from './engine.ts';
import type { Statement } from './messages.ts';

export const COLUMN_TYPES: ColumnTypes = { bytes: 'blob', integer: 'integer', text: 'text' };

export function threadDialect(thread: Pick<ThreadConnection, 'run'>): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(thread),
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

class ThreadDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(thread: Pick<ThreadConnection, 'run'>) {
    this.#connection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        const [rows = []] = await thread.run([toStatement(query)]);
        return { rows: rows as R[] };
      },
      // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing here streams
      async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
        throw new Error('the storage thread does not stream');
      },
    };
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}

  beginTransaction(): Promise<void> {
    throw new Error('use `atomically` instead of a transaction');
  }
  commitTransaction(): Promise<void> {
    throw new Error('use `atomically` instead of a transaction');
  }
  rollbackTransaction(): Promise<void> {
    throw new Error('use `atomically` instead of a transaction');
  }
}
