// Kysely on our connections. Single statements only: what must be atomic is handed over as one list of statements
// (`Atomically`), as with the embedded engine.
import {
  type Compilable,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Atomically } from '../schema.ts';
import { BEGIN, BEGIN_READING, type Session, type Sessions } from './sessions.ts';

export function sessionDialect(session: Session): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SessionDriver(session),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Reads see one moment; writes see what others have committed, which is what `ON CONFLICT` and row locks need. */
export function atomicallyOn(sessions: Sessions): Atomically {
  return (queries) => {
    const compiled = queries.map((query) => query.compile());
    const readsOnly = compiled.every(({ query }) => query.kind === 'SelectQueryNode');
    return sessions.transaction(readsOnly ? BEGIN_READING : BEGIN, (session) => runAll(session, compiled));
  };
}

/** In the transaction that `session` is in already. */
export function atomicallyIn(session: Session): Atomically {
  return (queries: readonly Compilable[]) =>
    runAll(
      session,
      queries.map((query) => query.compile()),
    );
}

async function runAll(session: Session, queries: readonly CompiledQuery[]): Promise<Record<string, unknown>[][]> {
  const answers: Record<string, unknown>[][] = [];
  for (const { sql, parameters } of queries) answers.push(await session.query(sql, parameters));
  return answers;
}

class SessionDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(session: Session) {
    this.#connection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        return { rows: (await session.query(sql, parameters)) as R[] };
      },
      // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing here streams
      async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
        throw new Error('storage does not stream');
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
