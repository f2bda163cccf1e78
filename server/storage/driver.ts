// Kysely's way to either engine: single statements only. What must be atomic is handed over as one list of statements
// (`Atomically`), because an open transaction would let other people's statements in between two messages.
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** `run` carries out one statement and answers with its rows. */
export function createStatementDriver(run: (query: CompiledQuery) => Promise<unknown[]>): Driver {
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => ({ rows: (await run(query)) as R[] }),
    // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing here streams
    async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
      throw new Error('storage does not stream');
    },
  };
  const refuse = async (): Promise<never> => {
    throw new Error('use `atomically` instead of a transaction');
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    destroy: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
  };
}
