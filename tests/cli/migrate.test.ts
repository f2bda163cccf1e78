// `kopuro migrate`: there and back, cut off half-way, refused. Everything is compared through the storage contract.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFile } from '../../server/data-folder.ts';
import { move } from '../../server/storage/moving/move.ts';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import { openPostgresPlace } from '../../server/storage/postgres/place.ts';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import { openSqlitePlace } from '../../server/storage/sqlite/place.ts';
import type { Storage } from '../../server/storage/types.ts';
import { newArticle } from '../storage/contract.ts';
import { firstUpdate, randomness, Writers } from '../storage/history-source.ts';
import { startTestApp } from '../support/app.ts';
import { createTestDatabase, describePostgres, serverUrl, type TestDatabase } from '../support/postgres.ts';
import { run as runCommand } from '../support/terminal.ts';

const logger = pino({ level: 'silent' });
const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const ARTICLES = 10;
const idOf = (number: number) => `art-${String(number).padStart(3, '0')}`;

const run = (data: string, args: string[]) => runCommand(data, ['migrate', ...args]);

/** A newsroom that has something in every table, one damaged article among the others. */
async function fill(storage: Storage, folder: string): Promise<void> {
  const { people, articles, log, archive, snapshots, notifications } = storage;
  const terms = { createdAt: 5, expiresAt: 9_000_000_000_000 };
  for (const id of ['ann', 'ben', 'eva']) {
    await people.create({
      id,
      name: `Айгүл ${id}`,
      role: 'editor',
      languages: ['ru', 'ky'],
      color: '#1',
      createdAt: 3,
    });
    await people.createSession({ hash: `s-${id}`, personId: id, ...terms });
    await people.createToken({ id: `t-${id}`, hash: `t-${id}`, personId: id, name: 'CLI', createdAt: 5 });
    await people.createLink({ hash: `l-${id}`, personId: id, ...terms });
  }
  await people.change('eva', { removedAt: 77 });
  const invitation = {
    id: 'i',
    role: 'reader' as const,
    languages: [],
    note: 'с понедельника',
    usedAt: null,
    ...terms,
  };
  await people.createInvitation({ ...invitation, hash: 'i', createdBy: 'ann' });
  for (let number = 0; number < ARTICLES; number += 1) {
    const id = idOf(number);
    const writers = new Writers(id, randomness(number));
    await articles.create(newArticle(id, { title: 'Көпүрө — мост 🌉', update: firstUpdate() }));
    const entries = Array.from({ length: 9 }, () => writers.step());
    const command = { id: `c-${id}`, articleId: id, personId: 'ann', at: 9, result: '{"a":"ң"}' };
    await log.append([{ ...entries[0]!, clients: [4_294_967_295] }, ...entries.slice(1)], [command]);
    if (number % 3 === 0) await archive.compact(id, 9);
    const by = { id: 'ann', name: 'А' };
    await snapshots.take({ id: `s-${id}`, articleId: id, kind: 'named', name: '', createdAt: 5, by }, 7);
    await articles.setStanding(id, 'ben', { role: 'translator', languages: ['ky'] });
    await notifications.create('ann', {
      id: `n-${id}`,
      kind: 'mention',
      articleId: id,
      articleTitle: 'Көпүрө',
      annotationId: 'a',
      by,
      excerpt: '',
      at: number,
      readAt: number % 2 ? 8 : null,
    });
  }
  await archive.replaceHistory(idOf(0), { snapshotId: `s-${idOf(0)}` }, 90);
  const database = await openDatabase(databaseFile(folder));
  database.exec(`UPDATE log_rows SET checksum = 1 WHERE article_id = '${idOf(1)}' AND seq = 3`);
  database.close();
}

/** All that the contract tells of a newsroom. */
async function everything(storage: Storage): Promise<unknown> {
  const { people, articles, log, archive, snapshots, notifications } = storage;
  const about = await Promise.all(
    (await articles.ids()).map(async (id) => ({
      summary: await articles.summary(id),
      epoch: await articles.epoch(id),
      standings: [...(await articles.standings(id))],
      state: await log.load(id).catch((error: Error) => error.message),
      rows: await log.rowInfos(id, { from: 0, to: 1_000 }),
      history: await archive.history(id),
      clients: [...(await log.clientIds(id))],
      command: await log.findCommand(`c-${id}`),
      report: await archive.verify(id),
      snapshots: await Promise.all((await snapshots.list(id)).map((info) => snapshots.load(id, info.id))),
    })),
  );
  return {
    about,
    people: await people.list(),
    notes: await notifications.list('ann', 1_000),
    sessions: await Promise.all(['ann', 'ben', 'eva'].map((id) => people.findSession(`s-${id}`, 6))),
    tokens: await Promise.all(['ann', 'ben', 'eva'].map((id) => people.tokensOf(id))),
    invitations: await people.invitations(),
  };
}

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describePostgres('kopuro migrate', () => {
  let folder = '';
  let source = '';
  let expected: unknown;
  const databases: TestDatabase[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kopuro-migrate-'));
    source = path.join(folder, 'source');
    const storage = await openSqliteStorage({ file: databaseFile(source), logger });
    await fill(storage, source);
    expected = await everything(storage);
    await storage.close();
  });
  afterAll(async () => {
    for (const database of databases) await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
  async function makeDatabase(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    databases.push(database);
    return database;
  }
  async function inPostgres(url: string): Promise<unknown> {
    const storage = await openPostgresStorage({ url, logger });
    try {
      return await everything(storage);
    } finally {
      await storage.close();
    }
  }

  it('MOVE-1 moves everything to PostgreSQL and back, and leaves the source as it was', async () => {
    const { url, name } = await makeDatabase();
    const before = digestOf(databaseFile(source));
    const there = await run(source, ['--to', url, '--json']);
    expect([there.code, there.err]).toEqual([0, '']);
    expect(JSON.parse(there.out)).toMatchObject({
      articles: ARTICLES,
      before: 0,
      people: 3,
      damaged: [{ articleId: idOf(1), part: 'row', from: 3, to: 3, reason: 'checksum' }],
      target: expect.stringContaining(name),
    });
    expect(digestOf(databaseFile(source))).toBe(before);
    expect(existsSync(path.join(source, 'kopuro.lock'))).toBe(false);
    expect(await inPostgres(url)).toEqual(expected);

    const back = path.join(folder, 'back');
    const outcome = await run(back, ['--from', url]);
    expect([outcome.code, outcome.out]).toEqual([0, '']);
    expect(outcome.err).toMatch(`Articles: ${ARTICLES} (moved before: 0)`);
    const storage = await openSqliteStorage({ file: databaseFile(back), logger });
    expect(await everything(storage)).toEqual(expected);
    await storage.close();
  });

  it('MOVE-2 goes on where it was killed; until then nobody can start on the target', async () => {
    const database = await makeDatabase();
    await (await openPostgresStorage({ url: database.url, logger })).close();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // Somebody holds the place of one article, so that the move cannot get to its end before it is killed.
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO articles (id, created_by, created_at, epoch, head) VALUES ('${idOf(8)}', '', 0, 0, 0)`,
    );
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'migrate', '--to', database.url], {
      env: { ...process.env, KOPURO_DATA: source },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    await expect
      .poll(
        async () => {
          const [table] = await database.query("SELECT to_regclass('moved_articles') AS name");
          if (table?.name === null) return false;
          const [row] = await database.query<{ many: boolean }>('SELECT count(*) >= 3 AS many FROM moved_articles');
          return row?.many === true;
        },
        { timeout: 14_000 },
      )
      .toBe(true);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    await client.query('ROLLBACK');
    await client.end();

    await expect(openPostgresStorage({ url: database.url, logger })).rejects.toMatchObject({ code: 'unfinished-move' });
    // The lock of the killed process is that of a process that does not run.
    const again = await run(source, ['--to', database.url, '--json']);
    expect([again.code, again.err]).toEqual([0, '']);
    const report = JSON.parse(again.out) as { articles: number; before: number; damaged: unknown[] };
    expect(report).toMatchObject({ articles: ARTICLES, damaged: [{ articleId: idOf(1) }] });
    expect(report.before).toBeGreaterThanOrEqual(3);
    expect(report.before).toBeLessThan(ARTICLES);
    expect(await inPostgres(database.url)).toEqual(expected);
  });

  it('MOVE-3 moves anew what has changed between two runs, and takes away what is gone', async () => {
    const database = await makeDatabase();
    const other = path.join(folder, 'changing');
    await mkdir(other);
    await copyFile(databaseFile(source), databaseFile(other));
    const [from, to] = [
      await openSqlitePlace(databaseFile(other), { read: true }),
      await openPostgresPlace(database.url, logger),
    ];
    const changes = await openDatabase(databaseFile(other));
    const moving = move({
      source: from,
      target: to,
      now: 1,
      replay: true,
      atOnce: 1,
      progress: (done) => {
        if (done !== ARTICLES) return;
        changes.exec('PRAGMA foreign_keys = ON');
        changes.exec(`DELETE FROM articles WHERE id = '${idOf(4)}'`);
        changes.exec(`UPDATE summaries SET changed_at = 5 WHERE article_id = '${idOf(5)}'`);
      },
    });
    await expect(moving).rejects.toMatchObject({ code: 'source-changed' });
    changes.close();
    await Promise.all([from.close(), to.close()]);
    const again = await run(other, ['--to', database.url, '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ articles: ARTICLES - 1, before: ARTICLES - 2 });
    const file = await openSqliteStorage({ file: databaseFile(other), logger });
    expect(await inPostgres(database.url)).toEqual(await everything(file));
    await file.close();
  });

  it('MOVE-4 does not call moved what is read back otherwise', async () => {
    const database = await makeDatabase();
    await (await openPostgresStorage({ url: database.url, logger })).close();
    await database.query(`
      CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := NEW.at + 1; RETURN NEW; END $$;
      CREATE TRIGGER spoil BEFORE INSERT ON log_rows FOR EACH ROW
        WHEN (NEW.article_id = '${idOf(7)}' AND NEW.seq = 8) EXECUTE FUNCTION spoil()`);
    const outcome = await run(source, ['--to', database.url]);
    expect([outcome.code, outcome.out]).toEqual([1, '']);
    expect(outcome.err).toMatch(`not what is read back (${idOf(7)})`);
    await expect(openPostgresStorage({ url: database.url, logger })).rejects.toMatchObject({ code: 'unfinished-move' });
  });

  it('CLI-9 backs a database up into a file like any other, while rows come in', async () => {
    const { url } = await makeDatabase();
    expect((await run(source, ['--to', url])).code).toBe(0);
    const server = await startTestApp({ config: { databaseUrl: url } });
    const file = path.join(folder, 'backup.sqlite');
    const id = idOf(2);
    let backedUp = false;
    const backup = runCommand(server.dataFolder, ['backup', file], '', 'en', { KOPURO_DATABASE_URL: url }).finally(
      () => {
        backedUp = true;
      },
    );
    let [rows, before] = [0, 0];
    for (; !backedUp; rows += 1) {
      const { heads } = await server.app.storage.log.append([
        { articleId: id, personId: 'ann', at: 1, update: new Uint8Array([0, 0]) },
      ]);
      before ||= heads.get(id)! - 1;
    }
    expect(await backup).toMatchObject({ code: 0, out: '' });
    await server.close();
    expect(rows).toBeGreaterThan(1);
    const storage = await openSqliteStorage({ file, logger });
    const { head } = (await storage.log.load(id))!;
    expect(head).toBeGreaterThanOrEqual(before);
    expect(head).toBeLessThan(before + rows);
    expect((await storage.archive.verify(id)).damaged).toEqual([]);
    expect(await storage.articles.ids()).toHaveLength(ARTICLES);
    await storage.close();
  });

  describe('MOVE-5 refuses', () => {
    it('a target that holds something, or half of something else', async () => {
      const database = await makeDatabase();
      const storage = await openPostgresStorage({ url: database.url, logger });
      await storage.people.create({ id: 'x', name: 'X', role: 'reader', languages: [], color: '#1', createdAt: 1 });
      await storage.close();
      expect(await run(source, ['--to', database.url])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/is not empty/),
      });
      await database.query('DELETE FROM people');
      await database.query("CREATE TABLE unfinished_move AS SELECT 'elsewhere' AS source");
      expect(await run(source, ['--to', database.url])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/half of another move, from elsewhere/),
      });
      expect(await database.query('SELECT id FROM articles')).toEqual([]);
    });

    it('while a server works on the folder, or on the database', async () => {
      const { url } = await makeDatabase();
      const onFolder = await startTestApp({ dataFolder: path.join(folder, 'served') });
      const refused = { code: 1, out: '', err: expect.stringMatching(/A server works on/) };
      expect(await run(onFolder.dataFolder, ['--to', url])).toMatchObject(refused);
      await onFolder.close();
      const onDatabase = await startTestApp({ config: { databaseUrl: url } });
      expect(await run(path.join(folder, 'fresh'), ['--from', url])).toMatchObject(refused);
      expect(await run(source, ['--to', url])).toMatchObject(refused);
      await onDatabase.close();
    });

    it('a folder without data, an address that is none, both directions at once', async () => {
      const nothing = path.join(folder, 'nothing');
      expect(await run(nothing, ['--to', serverUrl()])).toMatchObject({
        code: 2,
        err: expect.stringMatching(/no data in/),
      });
      expect(existsSync(nothing)).toBe(false);
      const bad = await run(source, ['--to', 'mysql://desk:geheim@there/desk']);
      expect(bad).toMatchObject({ code: 2, err: expect.stringMatching(/mysql:\/\/there\/desk is not the address/) });
      expect(bad.err).not.toContain('geheim');
      expect((await run(source, [])).code).toBe(2);
      expect((await run(source, ['--to', serverUrl(), '--from', serverUrl()])).code).toBe(2);
    });

    it('data of an older version, which it does not touch', async () => {
      const { url } = await makeDatabase();
      const old = path.join(folder, 'old');
      await (await openSqliteStorage({ file: databaseFile(old), logger })).close();
      const database = await openDatabase(databaseFile(old));
      database.exec('UPDATE schema_version SET version = 1');
      database.close();
      expect(await run(old, ['--to', url])).toMatchObject({ code: 1, err: expect.stringMatching(/older version/) });
    });
  });
});
