// Storage in PostgreSQL, for several processes at once: composes connections, kysely and the stores.
import { existsSync, rmSync } from 'node:fs';
import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { createArchive } from '../archive/archive.ts';
import { DocumentThread } from '../archive/document-thread.ts';
import { StorageError } from '../errors.ts';
import { move } from '../moving/move.ts';
import type { Engine, Tables } from '../schema.ts';
import { openSqlitePlace } from '../sqlite/place.ts';
import { createArticleStore } from '../tables/articles.ts';
import { createLog } from '../tables/log.ts';
import { createNotificationStore } from '../tables/notifications.ts';
import { createPeopleStore } from '../tables/people.ts';
import type { Storage } from '../types.ts';
import { createAlone } from './alone.ts';
import { createAppend } from './append.ts';
import { atomicallyOn, sessionDialect } from './dialect.ts';
import { createExclusively } from './exclusive.ts';
import { ServerLineage } from './lineage.ts';
import { readAsOfNow } from './place.ts';
import { bringUpToDate } from './prepare.ts';
import { Sessions } from './sessions.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with what libpq takes after `?`. */
  url: string;
  logger: Logger;
}

/** Connections of one process. PostgreSQL's own limit is 100 for everybody, unless it is told otherwise. */
const QUERY_CONNECTIONS = 8;
/** Commits have connections of their own: nothing that reads may hold one up. */
const COMMIT_CONNECTIONS = 2;
/** One for the quiet work, of which there is one piece at a time. */
const QUIET_CONNECTIONS = 1;
/** Articles that are held for a command at the same time. */
const EXCLUSIVE_CONNECTIONS = 4;
const QUERY_TIMEOUT_MS = 120_000;
const COMMIT_TIMEOUT_MS = 30_000;

/** Connects and brings the tables up to date. Throws StorageStartError. */
export async function openPostgresStorage({ url, logger }: PostgresOptions): Promise<Storage> {
  await bringUpToDate(url, logger);
  const lineage = new ServerLineage();
  const sessions = (most: number, timeoutMs: number) => new Sessions({ url, most, timeoutMs, logger, lineage });
  const queries = sessions(QUERY_CONNECTIONS, QUERY_TIMEOUT_MS);
  const commits = sessions(COMMIT_CONNECTIONS, COMMIT_TIMEOUT_MS);
  const quiet = sessions(QUIET_CONNECTIONS, QUERY_TIMEOUT_MS);
  const exclusive = sessions(EXCLUSIVE_CONNECTIONS, QUERY_TIMEOUT_MS);
  const database = new Kysely<Tables>({ dialect: sessionDialect(queries) });
  const engine: Engine = { database, atomically: atomicallyOn(queries), alone: createAlone(quiet, 'article') };
  const documents = new DocumentThread(logger);
  const archive = createArchive(engine, documents);
  const end = () => Promise.all([queries.end(), commits.end(), quiet.end(), exclusive.end()]);
  try {
    await commits.query('SELECT 1'); // from now on others see that somebody works here
  } catch (error) {
    await end();
    throw error;
  }
  logger.debug('storage opened');

  return {
    lineage,
    log: createLog(engine, createAppend(commits), createExclusively(exclusive)),
    articles: createArticleStore(engine),
    archive: archive.archive,
    snapshots: archive.snapshots,
    people: createPeopleStore(engine),
    notifications: createNotificationStore(engine),

    async time() {
      const [row] = await queries.query<{ now: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now');
      return Number(row?.now);
    },

    async check() {
      // A write that changes nothing still has to be flushed.
      await commits.query('UPDATE schema_version SET id = 1 WHERE id = 1');
    },

    async requireHope() {}, // the database lives elsewhere, and connections to it are made anew

    alone: createAlone(queries, 'whole'),
    backup: (file) => backUp(queries, url, file),

    async close() {
      archive.close();
      await documents.close();
      await database.destroy();
      await end();
      logger.debug('storage closed');
    },
  };
}

/** As a SQLite file: what a data folder holds, and `kopuro restore` takes. */
async function backUp(sessions: Sessions, url: string, file: string): Promise<void> {
  if (existsSync(file)) throw new StorageError('exists', `${file} exists`);
  const target = await openSqlitePlace(file);
  try {
    await readAsOfNow(sessions, url, (source) =>
      move({ source, target, now: Date.now(), replay: false, atOnce: 1, progress: () => {} }),
    );
    await target.close();
  } catch (error) {
    await target.close();
    rmSync(file, { force: true });
    throw error;
  }
}
