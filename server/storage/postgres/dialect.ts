// Kysely on our connections.
import {
  type Compilable,
  type CompiledQuery,
  type Dialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { createStatementDriver } from '../driver.ts';
import type { Atomically } from '../schema.ts';
import { BEGIN, BEGIN_READING, type Session, type Sessions } from './sessions.ts';

export function sessionDialect(session: Session): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createStatementDriver(({ sql, parameters }) => session.query(sql, parameters)),
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
