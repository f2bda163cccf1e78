// Before anything else: is there a database, is it fit for us, are its tables up to date? Several processes may start at once;
// one of them does the work while the others wait, and all of it is one transaction.
import { Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { type ColumnTypes, type MigrateOptions, migrate, requireCurrent } from '../migrations.ts';
import type { Tables } from '../schema.ts';
import { StorageStartError } from '../types.ts';
import { atomicallyIn, sessionDialect } from './dialect.ts';
import { placeOf, startError } from './errors.ts';
import { APPLICATION_NAME, connectionOptions, type Session } from './sessions.ts';

/** PostgreSQL 15. */
const OLDEST_VERSION = 150_000;
/** How often one looks whether somebody is there, and the pause after a look. */
const LOOKS = 10;
const LOOK_SECONDS = 0.1;
const MIGRATION_LOCK = 0x6b6f707572;
const TYPES: ColumnTypes = { bytes: 'bytea', integer: 'bigint', text: sql<string>`text COLLATE "C"` };

/** Throws StorageStartError. */
export async function bringUpToDate(url: string, logger: Logger, options: MigrateOptions = {}): Promise<void> {
  try {
    await withConnection(url, async (session) => {
      await requireFit(session, url);
      await session.query('BEGIN');
      if (!(await tryLock(session))) {
        logger.info('another process brings the tables up to date; waiting for it');
        await session.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      }
      await migrateIn(session, url, options);
      await session.query('COMMIT');
    });
  } catch (error) {
    throw startError(error, url);
  }
}

/** A connection of its own, without limits of time: changing large tables may take long. Whatever was begun ends with it. */
async function withConnection(url: string, work: (session: Session) => Promise<void>): Promise<void> {
  const client = new pg.Client(connectionOptions(url));
  client.on('error', () => {}); // the statement under way fails too, and says so
  await client.connect();
  try {
    await work({ query: async (sql, parameters = []) => (await client.query(sql, [...parameters])).rows });
  } finally {
    await client.end();
  }
}

async function requireFit(session: Session, url: string): Promise<void> {
  const [server] = await session.query<{ version: number; encoding: string; name: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       current_setting('server_version') AS name`,
  );
  if (!server) throw new Error('the database does not say what it is');
  const { host, database } = placeOf(url);
  const unsuitable = (found: string) => new StorageStartError('database-unsuitable', found, { host, database, found });
  if (server.version < OLDEST_VERSION) throw unsuitable(`PostgreSQL ${server.name}`);
  if (server.encoding !== 'UTF8') throw unsuitable(server.encoding);
}

async function tryLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
    MIGRATION_LOCK,
  ]);
  return row?.taken === true;
}

async function migrateIn(session: Session, url: string, options: MigrateOptions): Promise<void> {
  const database = new Kysely<Tables>({ dialect: sessionDialect(session) });
  try {
    await migrate({ database, atomically: atomicallyIn(session) }, TYPES, () => tableNames(session), options);
  } catch (error) {
    throw inDatabase(error, url);
  }
}

/** What is said of a file, as it is said of a database. */
function inDatabase(error: unknown, url: string): unknown {
  if (!(error instanceof StorageStartError)) return error;
  const { host, database } = placeOf(url);
  if (error.code === 'not-a-database') {
    return new StorageStartError('foreign-database', error.message, { host, database });
  }
  return new StorageStartError(error.code, error.message, { folder: `${database} (${host})` });
}

/** Throws StorageStartError unless the database holds a newsroom of this version that is whole. Changes nothing. */
export async function requireNewsroom(url: string): Promise<void> {
  try {
    await withConnection(url, async (session) => {
      await requireFit(session, url);
      const database = new Kysely<Tables>({ dialect: sessionDialect(session) });
      await requireCurrent(database, await tableNames(session));
    });
  } catch (error) {
    throw startError(inDatabase(error, url), url);
  }
}

/** Whether any server works on the database. Throws StorageStartError. */
export async function isDatabaseServed(url: string): Promise<boolean> {
  try {
    let served = true;
    await withConnection(url, async (session) => {
      // Connections of a server that has just ended are seen a moment longer.
      for (let look = 0; served && look < LOOKS; look += 1) {
        const [row] = await session.query<{ served: boolean }>(
          `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1
             AND pid <> pg_backend_pid()) AS served, pg_sleep($2)`,
          [APPLICATION_NAME, look === 0 ? 0 : LOOK_SECONDS],
        );
        served = row?.served === true;
      }
    });
    return served;
  } catch (error) {
    throw startError(error, url);
  }
}

export async function tableNames(session: Session): Promise<string[]> {
  const tables = await session.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  );
  return tables.map((table) => table.name);
}
