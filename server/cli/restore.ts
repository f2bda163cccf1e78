// `kopuro restore FILE`: puts a backup in the place of the data. Only while no server runs; what was there is kept beside it. With
// options it is about one article instead (restore-article.ts).
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import pino from 'pino';
import { databaseFile, isServed, takeDataFolder } from '../data-folder.ts';
import { StartError } from '../start-error.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { type Storage, StorageStartError } from '../storage/types.ts';
import { concernsArticle, restoreArticle } from './restore-article.ts';
import { type CliCommand, UsageError } from './types.ts';

/** Of the files that make a SQLite database. */
const ENDINGS = ['', '-wal', '-shm'];

export const restore: CliCommand = {
  help: 'restore',
  options: {
    to: { type: 'string' },
    snapshot: { type: 'string' },
    list: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  positionals: { least: 1, most: 1 },
  async run(terminal, values) {
    if (concernsArticle(values)) return restoreArticle(terminal, values);
    const { positionals, json } = values;
    if (terminal.config.databaseUrl !== null) {
      terminal.note(terminal.say('postgresTools'));
      return 1;
    }
    const backup = path.resolve(positionals[0] ?? '');
    const folder = terminal.config.dataFolder;
    if (!(await stat(backup).catch(() => null))?.isFile()) {
      throw new UsageError(terminal.say('cannotRead', { file: backup, reason: 'ENOENT' }));
    }
    if (await isServed(folder)) {
      terminal.note(terminal.say('restoreWhileRunning', { folder }));
      return 1;
    }
    const release = await takeDataFolder(folder, Date.now());
    try {
      const kept = await replaceData(databaseFile(folder), backup);
      if (json) terminal.print(JSON.stringify({ restored: backup, kept }));
      else terminal.note(terminal.say(kept === null ? 'restored' : 'restoredKept', { file: backup, kept }));
      return 0;
    } finally {
      release();
    }
  },
};

/** Answers with where the former data is kept, or null if there was none. Nothing is touched unless the backup is good. */
async function replaceData(current: string, backup: string): Promise<string | null> {
  const next = `${current}.restoring`;
  await removeDatabase(next);
  await copyFile(backup, next);
  const before = await readEpochs(current);
  try {
    // Every history gets a new epoch, above any that a client may hold: their local copies belong to another one.
    await withStorage(next, async (storage) => {
      for (const id of await storage.articles.ids()) {
        const epoch = Math.max(await storage.articles.epoch(id), before?.epochs.get(id) ?? before?.least ?? 0) + 1;
        await storage.articles.setEpoch(id, epoch);
      }
    });
  } catch (error) {
    await removeDatabase(next);
    throw error instanceof StorageStartError ? new StartError(error.code, { folder: backup }) : error;
  }
  const kept = before === null ? null : `${current}.before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  if (kept !== null) {
    await keepDatabase(current, kept);
  }
  await rename(next, current);
  return kept;
}

/** The epochs of the data that is there now, and the least one of what is not listed; null if there is no data. */
async function readEpochs(file: string): Promise<{ epochs: Map<string, number>; least: number } | null> {
  if ((await stat(file).catch(() => null)) === null) return null;
  const epochs = new Map<string, number>();
  try {
    await withStorage(file, async (storage) => {
      for (const id of await storage.articles.ids()) epochs.set(id, await storage.articles.epoch(id));
    });
  } catch (error) {
    // Data that cannot be opened is exactly when somebody restores: what clients hold of it is unknown.
    if (!(error instanceof StorageStartError)) throw error;
    return { epochs: new Map(), least: Math.floor(Date.now() / 1000) };
  }
  return { epochs, least: 0 };
}

async function withStorage(file: string, work: (storage: Storage) => Promise<void>): Promise<void> {
  const storage = await openSqliteStorage({ file, logger: pino({ level: 'silent' }) });
  try {
    await work(storage);
  } finally {
    await storage.close();
  }
}

/** Moves a database aside with whatever SQLite has beside it: in a damaged one that may be the only good part. */
async function keepDatabase(file: string, kept: string): Promise<void> {
  for (const end of ENDINGS) {
    if ((await stat(file + end).catch(() => null)) !== null) await rename(file + end, kept + end);
  }
}

async function removeDatabase(file: string): Promise<void> {
  for (const end of ENDINGS) await rm(file + end, { force: true });
}
