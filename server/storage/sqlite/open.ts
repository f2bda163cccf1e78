// Storage in one SQLite file, the default: composes the thread, kysely and the stores.
import { open } from 'node:fs/promises';
import type { Logger } from 'pino';
import { createArchive } from '../archive/archive.ts';
import { DocumentThread } from '../archive/document-thread.ts';
import { StorageError } from '../errors.ts';
import { migrate } from '../migrations.ts';
import { createArticleStore } from '../tables/articles.ts';
import { createLog } from '../tables/log.ts';
import { createNotificationStore } from '../tables/notifications.ts';
import { createPeopleStore } from '../tables/people.ts';
import { createTurns } from '../turns.ts';
import type { Storage } from '../types.ts';
import { ThreadConnection } from './connection.ts';
import { COLUMN_TYPES, engineOn, tableNames } from './dialect.ts';

export interface SqliteOptions {
  /** Made, with its folder, if it does not exist. */
  file: string;
  logger: Logger;
}

/** Opens the database and brings its tables up to date. Throws StorageStartError. */
export async function openSqliteStorage({ file, logger }: SqliteOptions): Promise<Storage> {
  const thread = await ThreadConnection.open(file, { logger });
  const engine = engineOn(thread);
  const { database } = engine;
  try {
    await migrate(engine, COLUMN_TYPES, () => tableNames(database));
  } catch (error) {
    await thread.close();
    throw error;
  }
  logger.debug({ file }, 'storage opened');

  const documents = new DocumentThread(logger);
  const archive = createArchive(engine, documents);
  const turns = createTurns();
  return {
    lineage: null,
    log: createLog(
      engine,
      (entries, commands = [], after = new Map()) =>
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
      // The file is this process's own.
      (articleId, work) => turns(articleId, () => work({ isHeld: async () => true })),
    ),
    articles: createArticleStore(engine),
    archive: archive.archive,
    snapshots: archive.snapshots,
    people: createPeopleStore(engine),
    notifications: createNotificationStore(engine),

    time: async () => Date.now(),

    async check() {
      // A write that changes nothing still needs the disk to take it.
      await database.updateTable('schema_version').set({ id: 1 }).where('id', '=', 1).execute();
    },

    async requireHope() {
      if (thread.isHopeless) throw new StorageError('unavailable', 'the storage thread cannot be started again');
    },

    alone: (_name, work) => work(), // nobody shares the file

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
