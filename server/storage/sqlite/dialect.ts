// Kysely on the storage thread. Single statements only: what must be atomic is handed over as one list of statements
// (`Atomically`), because an open transaction would let other people's statements in between two messages.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { ThreadConnection } from './connection.ts';
import type { SqliteValue } from './engine.ts';
import type { Statement } from './messages.ts';

export function threadDialect(thread: ThreadConnection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(thread),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** A compiled query as the thread takes it. */
export function toStatement(query: CompiledQuery): Statement {
  return { sql: query.sql, parameters: query.parameters as readonly SqliteValue[] };
}

class ThreadDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(thread: ThreadConnection) {
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
