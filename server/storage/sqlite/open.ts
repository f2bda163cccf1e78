// Storage in one SQLite file, the default: composes the thread, kysely and the stores.
import { open } from 'node:fs/promises';
import { Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import { createArchive } from '../archive/archive.ts';
import { DocumentThread } from '../archive/document-thread.ts';
import { migrate } from '../migrations.ts';
import type { Atomically, Engine, Tables } from '../schema.ts';
import { createArticleStore } from '../tables/articles.ts';
import { createLog } from '../tables/log.ts';
import { createNotificationStore } from '../tables/notifications.ts';
import { createPeopleStore } from '../tables/people.ts';
import type { Storage } from '../types.ts';
import { ThreadConnection } from './connection.ts';
import { threadDialect, toStatement } from './dialect.ts';

export interface SqliteOptions {
  /** Made, with its folder, if it does not exist. */
  file: string;
  logger: Logger;
}

/** Opens the database and brings its tables up to date. Throws StorageStartError. */
export async function openSqliteStorage({ file, logger }: SqliteOptions): Promise<Storage> {
  const thread = await ThreadConnection.open(file);
  const database = new Kysely<Tables>({ dialect: threadDialect(thread) });
  const atomically: Atomically = (queries) => thread.run(queries.map((query) => toStatement(query.compile())));
  // The file is this process's own.
  const engine: Engine = { database, atomically, alone: (_articleId, work) => work() };
  try {
    await migrate(engine, { bytes: 'blob', integer: 'integer', text: 'text' }, async () => {
      const tables = await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`.execute(database);
      return tables.rows.map((row) => row.name);
    });
  } catch (error) {
    await thread.close();
    throw error;
  }
  logger.debug({ file }, 'storage opened');

  const documents = new DocumentThread();
  const archive = createArchive(engine, documents);
  return {
    log: createLog(engine, (entries, commands = [], after = new Map()) =>
      thread.append(
        entries.map(({ articleId, personId, at, update, clients = [] }) => ({
          articleId,
          personId,
          at,
          update,
          clients,
        })),
        commands,
        after,
      ),
    ),
    articles: createArticleStore(engine),
    archive: archive.archive,
    snapshots: archive.snapshots,
    people: createPeopleStore(engine),
    notifications: createNotificationStore(engine),

    async check() {
      // A write that changes nothing still needs the disk to take it.
      await database.updateTable('schema_version').set({ id: 1 }).where('id', '=', 1).execute();
    },

    async backup(target) {
      await thread.backup(target);
      const copy = await open(target, 'r+');
      try {
        await copy.sync();
      } finally {
        await copy.close();
      }
    },

    async close() {
      archive.close();
      await documents.close();
      await database.destroy();
      await thread.close();
      logger.debug({ file }, 'storage closed');
    },
  };
}
