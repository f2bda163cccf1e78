// Starting on PostgreSQL: who may, what is said when it cannot be, and that several processes may do so at once.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../server/cli/run.ts';
import { signInLinks } from '../../server/first-people.ts';
import { SCHEMA_VERSION } from '../../server/storage/migrations.ts';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import { startTestApp } from '../support/app.ts';
import { createTestDatabase, describePostgres, serverUrl, type TestDatabase } from '../support/postgres.ts';

const logger = pino({ level: 'silent' });

describePostgres('PostgreSQL at the start', () => {
  let folder = '';
  const cleanUp: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kopuro-postgres-'));
  });
  afterAll(async () => {
    for (const step of cleanUp.reverse()) await step();
    await rm(folder, { recursive: true, force: true });
  });

  async function makeDatabase(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    cleanUp.push(database.drop);
    return database;
  }

  /** A role that may do what `rights` say and no more. */
  async function makeRole(database: TestDatabase, rights: 'LOGIN' | 'NOLOGIN'): Promise<string> {
    const role = `${database.name}_${rights.toLowerCase()}`;
    await database.query(`CREATE ROLE ${role} ${rights}`);
    cleanUp.push(() => postgres.query(`DROP ROLE ${role}`));
    return role;
  }

  let postgres: TestDatabase;
  beforeAll(async () => {
    postgres = await makeDatabase();
  });

  /** What `kopuro serve` says when it cannot start; one paragraph, and never the password. */
  async function refusal(url: string, language = 'en'): Promise<string> {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const said: Buffer[] = [];
    err.on('data', (chunk: Buffer) => said.push(chunk));
    const code = await runCli(['serve'], {
      environment: {
        KOPURO_DATA: path.join(folder, 'refused'),
        KOPURO_DATABASE_URL: url,
        KOPURO_LANGUAGE: language,
        KOPURO_LOG_LEVEL: 'silent',
        PORT: '0',
      },
      stdout: out,
      stderr: err,
      stdin: Readable.from([]),
    });
    await new Promise((resolve) => setImmediate(resolve));
    const text = Buffer.concat(said).toString('utf8').trim();
    expect([code, text.split('\n').length, text.includes('geheim')]).toEqual([1, 1, false]);
    return text;
  }

  it('PG-1 keeps everything in the database and nothing but the lock and the socket in the data folder', async () => {
    const { url } = await makeDatabase();
    const start = (name: string) => startTestApp({ dataFolder: path.join(folder, name), config: { databaseUrl: url } });
    const first = await start('one');
    const editor = await first.addPerson('editor');
    const id = await first.addArticle(editor, ['Bridges cross rivers.']);
    const snapshot = await first.call<{ id: string }>(editor, 'POST', `/api/articles/${id}/snapshots`, { name: 'One' });
    expect(snapshot.status).toBe(201);
    expect((await readdir(path.join(folder, 'one'))).sort()).toEqual(['kopuro.lock', 'kopuro.sock']);
    await first.close();

    const second = await start('two');
    const text = await second.call<string>(editor, 'GET', `/api/articles/${id}/texts/en?format=txt`);
    expect([text.status, text.body]).toEqual([200, expect.stringContaining('Bridges cross rivers.')]);
    const { body } = await second.call<{ snapshots: unknown[] }>(editor, 'GET', `/api/articles/${id}/snapshots`);
    expect(body.snapshots).toContainEqual(expect.objectContaining({ id: snapshot.body.id }));
    await second.close();
  });

  it('PG-2 may be started by several processes at once on an empty database', async () => {
    const database = await makeDatabase();
    const storages = await Promise.all(
      Array.from({ length: 4 }, () => openPostgresStorage({ url: database.url, logger })),
    );
    for (const storage of storages) await storage.check();
    await Promise.all(storages.map((storage) => storage.close()));
    expect(await database.query('SELECT version FROM schema_version')).toEqual([{ version: SCHEMA_VERSION }]);
  });

  it('PG-2 makes the first people and the sample once, however many processes begin with an empty database', async () => {
    const { url } = await makeDatabase();
    const apps = await Promise.all([1, 2, 3].map(() => startTestApp({ config: { databaseUrl: url, demo: true } })));
    const links = await Promise.all(apps.map(({ app }) => signInLinks(app)));
    expect(links.map(({ kind, people }) => [kind, people.length])).toEqual(apps.map(() => ['sample', 4]));
    const { storage } = apps[0]!.app;
    expect([(await storage.people.list()).length, (await storage.articles.ids()).length]).toEqual([4, 1]);
    for (const { close } of apps) await close();
  });

  it('PG-3 says that there is no server, in three languages', async () => {
    const url = serverUrl({ user: 'desk', password: 'geheim', port: 1 });
    expect(await refusal(url)).toMatch(/cannot be reached \(.*ECONNREFUSED/);
    expect(await refusal(url, 'ru')).toMatch(/недоступен/);
    expect(await refusal(url, 'ky')).toMatch(/жетүүгө болбой жатат/);
  });

  it('PG-3 says that the user may not log in', async () => {
    const role = await makeRole(postgres, 'NOLOGIN');
    expect(await refusal(serverUrl({ user: role, password: 'geheim', database: postgres.name }))).toMatch(
      new RegExp(`does not let user ${role} in`),
    );
  });

  it('PG-3 says that there is no such database', async () => {
    const url = serverUrl({ password: 'geheim', database: `${postgres.name}_not` });
    expect(await refusal(url)).toMatch(`has no database ${postgres.name}_not`);
  });

  it('PG-3 says that the user has not enough rights, and changes nothing', async () => {
    const role = await makeRole(postgres, 'LOGIN');
    const url = serverUrl({ user: role, password: 'geheim', database: postgres.name });
    expect(await refusal(url)).toMatch(new RegExp(`User ${role} may not do everything`));
    expect(await postgres.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('PG-3 refuses a database of another program, and one that cannot hold every letter', async () => {
    const other = await makeDatabase();
    await other.query('CREATE TABLE recipes (name text)');
    expect(await refusal(other.url)).toMatch(/belongs to another program/);
    expect(await other.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([
      { tablename: 'recipes' },
    ]);
    const narrow = `${postgres.name}_ascii`;
    await postgres.query(
      `CREATE DATABASE ${narrow} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
    cleanUp.push(() => postgres.query(`DROP DATABASE ${narrow} WITH (FORCE)`));
    expect(await refusal(serverUrl({ database: narrow }))).toMatch(/not suitable: .* has SQL_ASCII/);
  });

  it('STORE-19 refuses a database of a newer version and leaves it as it is', async () => {
    const database = await makeDatabase();
    await (await openPostgresStorage({ url: database.url, logger })).close();
    await database.query('UPDATE schema_version SET version = 9000');
    expect(await refusal(database.url)).toMatch(/newer version/);
    expect(await database.query('SELECT version FROM schema_version')).toEqual([{ version: 9000 }]);
  });
});
