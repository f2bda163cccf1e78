// The embedded engine: the contract, and what only a file can do wrong.
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import { StorageStartError } from '../../server/storage/types.ts';
import { archiveContract } from './archive.ts';
import { newArticle, storageContract } from './contract.ts';
import { fingerprintOf } from './history-source.ts';

const logger = pino({ level: 'silent' });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kopuro-storage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (name: string) => openSqliteStorage({ file: path.join(folder, name), logger });

storageContract('sqlite', () => open('contract/kopuro.db'));
archiveContract('sqlite', () => open('archive/kopuro.db'));

describe('the SQLite file', () => {
  async function refusal(name: string): Promise<StorageStartError> {
    const error: unknown = await open(name).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StorageStartError);
    return error as StorageStartError;
  }

  it('STORE-18 keeps everything over a restart, and flushes every commit', async () => {
    const first = await open('restart.db');
    await first.articles.create(newArticle('a'));
    await first.log.append([{ articleId: 'a', personId: 'p', at: 1, update: new Uint8Array([5]) }]);
    // What a crash would leave: the files as they are now, nothing closed.
    for (const suffix of ['', '-wal']) {
      await copyFile(path.join(folder, `restart.db${suffix}`), path.join(folder, `crashed.db${suffix}`));
    }
    await first.close();
    for (const name of ['restart.db', 'crashed.db']) {
      const again = await open(name);
      expect(await again.log.load('a')).toMatchObject({ head: 2 });
      await again.close();
    }
    const database = await openDatabase(path.join(folder, 'restart.db'));
    expect(database.prepare('PRAGMA journal_mode').all()).toMatchObject([{ journal_mode: 'wal' }]);
    database.close();
  });

  it('STORE-19 refuses a database of a newer version and leaves it as it is', async () => {
    await (await open('newer.db')).close();
    const database = await openDatabase(path.join(folder, 'newer.db'));
    database.exec('UPDATE schema_version SET version = 9000');
    database.close();
    expect((await refusal('newer.db')).code).toBe('newer-version');
    const after = await openDatabase(path.join(folder, 'newer.db'));
    expect(after.prepare('SELECT version FROM schema_version').all()).toMatchObject([{ version: 9000 }]);
    after.close();
  });

  it('STORE-25 brings a database of the first version up to date: it opens, is checked, compacted and mended like any', async () => {
    const database = await openDatabase(path.join(folder, 'old.db'));
    database.exec(await readFile(new URL('version-1.sql', import.meta.url), 'utf8'));
    const rows = database.prepare('SELECT data FROM log_rows ORDER BY seq').all();
    database.close();
    const whole = fingerprintOf(rows.map(({ data }) => data as Uint8Array));
    const asOfSnapshot = fingerprintOf(rows.slice(0, 18).map(({ data }) => data as Uint8Array));

    const storage = await open('old.db');
    const opened = async () => {
      const { state, tail } = (await storage.log.load('old'))!;
      return fingerprintOf(state ? [state, ...tail] : tail);
    };
    const whoAndWhen = async () => (await storage.archive.history('old')).map(({ bytes, ...rest }) => rest);
    expect(await storage.log.load('old')).toMatchObject({ seq: 18, head: 25 });
    expect(await opened()).toEqual(whole);
    expect(fingerprintOf([(await storage.snapshots.load('old', 'snap'))!.state])).toEqual(asOfSnapshot);
    const before = await whoAndWhen();
    expect(before).toHaveLength(25);
    expect((await storage.archive.verify('old')).damaged).toEqual([]);

    await storage.archive.compact('old', 25);
    expect(await opened()).toEqual(whole);
    const after = await whoAndWhen();
    expect(after.length).toBeLessThan(25);
    expect(after.map(({ from, personId, at }) => ({ from, personId, at }))).toEqual(
      after.map(({ from }) => before[from - 1]!).map(({ from, personId, at }) => ({ from, personId, at })),
    );
    const report = { articleId: 'old', updates: 25, snapshots: 1, damaged: [] };
    expect(await storage.archive.verify('old')).toEqual(report);
    await storage.archive.replaceHistory('old', { snapshotId: 'snap' }, 99);
    expect(await opened()).toEqual(asOfSnapshot);
    expect(await storage.people.find('ann')).toMatchObject({ name: 'Айгүл' });
    expect(await storage.log.clientIds('old')).toContainEqual([1_000, 'ann']);
    expect(await storage.log.findCommand('command')).toMatchObject({ articleId: 'old' });
    expect((await storage.articles.page(10)).articles).toEqual([await storage.articles.summary('old')]);
    await storage.close();
  });

  it('STORE-20 refuses a file that is no database, and one of another program', async () => {
    await writeFile(path.join(folder, 'text.db'), 'This is a letter, not a database. '.repeat(200));
    expect((await refusal('text.db')).code).toBe('not-a-database');
    const database = await openDatabase(path.join(folder, 'other.db'));
    database.exec('CREATE TABLE recipes (name)');
    database.close();
    expect((await refusal('other.db')).code).toBe('not-a-database');
  });

  it('STORE-21 refuses a folder in which it cannot write', async () => {
    await writeFile(path.join(folder, 'file'), '');
    expect((await refusal('file/kopuro.db')).code).toBe('not-writable');
  });

  it('STORE-22 copies everything into a new file while it is in use, and never over one that exists', async () => {
    const storage = await open('source.db');
    await storage.articles.create(newArticle('a'));
    const target = path.join(folder, 'copy.db');
    const [, , { heads }] = await Promise.all([
      storage.backup(target),
      storage.check(),
      storage.log.append([{ articleId: 'a', personId: null, at: 1, update: new Uint8Array([5]) }]),
    ]);
    expect(heads.get('a')).toBe(2);
    await expect(storage.backup(target)).rejects.toThrow();
    await storage.close();
    expect((await stat(target)).size).toBeGreaterThan(0);
    const copy = await open('copy.db');
    expect(await copy.articles.summary('a')).toMatchObject({ id: 'a' });
    await copy.close();
  });

  it('STORE-23 answers with an error, not with silence, once it is closed', async () => {
    const storage = await open('closed.db');
    await storage.close();
    await storage.close();
    await expect(storage.check()).rejects.toThrow();
    await expect(storage.log.append([])).rejects.toMatchObject({ code: 'closed' });
  });
});
