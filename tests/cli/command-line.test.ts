// The command line in this process: with a running server and without one, what it prints and its exit codes.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { run } from '../support/terminal.ts';

let folder: string;
let article: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopuro-cli-'));
  article = join(folder, 'article.md');
  await writeFile(article, '# A bridge\n\nIt **stands** over the river.\n\nIt was built in a year.\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ID = /^[A-Za-z0-9_-]+\n$/;

/** The whole way of an article, the same whether a server runs or not. */
async function useEverything(data: string): Promise<void> {
  const imported = await run(data, ['import', article, '--source', 'en', '--targets', 'ru,ky', '--title', 'Bridge']);
  expect([imported.code, imported.err]).toEqual([0, '']);
  expect(imported.out).toMatch(ID);
  const id = imported.out.trim();

  const markdown = await run(data, ['export', id, '--language', 'en', '--format', 'md']);
  expect(markdown.out).toContain('It **stands** over the river.');
  expect((await run(data, ['export', id])).out).toContain('It stands over the river.');
  const file = join(folder, `${id}.html`);
  expect((await run(data, ['export', id, '--format', 'html', '--output', file])).out).toBe('');
  expect(await readFile(file, 'utf8')).toContain('<strong>stands</strong>');

  const added = await run(data, ['person', 'add', 'Нина', '--role', 'translator', '--languages', 'ru']);
  expect(added.out).toMatch(ID);
  const personId = added.out.trim();
  const people = JSON.parse((await run(data, ['person', 'list', '--json'])).out) as Person[];
  expect(people.find((person) => person.id === personId)).toMatchObject({ role: 'translator', languages: ['ru'] });
  expect((await run(data, ['person', 'list'])).out).toContain(`${personId}\tНина\t`);
  expect((await run(data, ['person', 'link', personId])).out).toMatch(/^http:\/\/\S+\/sign-in\/[\w-]{43}\n$/);

  const token = await run(data, ['token', 'create', personId, '--name', 'CMS']);
  expect(token.out).toMatch(/^[\w-]{43}\n$/);
  const [info] = JSON.parse((await run(data, ['token', 'list', personId, '--json'])).out) as { id: string }[];
  expect((await run(data, ['token', 'revoke', personId, info?.id ?? ''])).code).toBe(0);
  expect((await run(data, ['token', 'revoke', personId, info?.id ?? ''])).code).toBe(1);

  expect((await run(data, ['snapshot', id, '--name', 'First'])).out).toMatch(ID);
  const verified = JSON.parse((await run(data, ['verify', '--json'])).out) as object;
  expect(verified).toMatchObject({ articles: expect.any(Number), damaged: [] });
  expect((await run(data, ['mend', id])).out).toBe('Nothing is damaged that would need mending.\n');
  expect((await run(data, ['person', 'remove', personId])).code).toBe(0);
}

describe('without a server', () => {
  it('CLI-1 does everything on the data folder itself', async () => {
    await useEverything(join(folder, 'stopped'));
  }, 90_000); // each of its commands starts an app of its own

  it('CLI-1 makes an article before there are people', async () => {
    const imported = await run(join(folder, 'empty'), ['import', '-', '--source', 'en', '--targets', 'ky'], 'Words.');
    expect([imported.code, imported.out]).toEqual([0, expect.stringMatching(ID)]);
  });
});

describe('beside a running server', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startTestApp();
  });
  afterAll(() => server.close());

  it('CLI-2 asks the server, which goes on', async () => {
    await useEverything(server.dataFolder);
    const token = (
      await run(server.dataFolder, [
        'token',
        'create',
        (await run(server.dataFolder, ['person', 'add', 'Айгүл', '--role', 'editor'])).out.trim(),
      ])
    ).out.trim();
    const answer = await fetch(`${server.url}/api/session`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ person: { name: 'Айгүл', role: 'editor' } });
  });

  it('CLI-3 saves a backup while it runs, refuses to restore, and restores once it is stopped', async () => {
    const data = join(folder, 'restored');
    const first = await startTestApp({ dataFolder: data });
    const file = join(folder, 'backup.sqlite');
    let id = '';
    try {
      const editor = await first.addPerson('editor');
      id = await first.addArticle(editor);
      expect((await run(data, ['backup', file])).code).toBe(0);
      expect((await run(data, ['backup', file])).code).toBe(2);
      await first.call(editor, 'DELETE', `/api/articles/${id}`);
      const refused = await run(data, ['restore', file]);
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('running')]);
    } finally {
      await first.close();
    }
    expect((await run(data, ['restore', file])).code).toBe(0);
    const second = await startTestApp({ dataFolder: data });
    try {
      expect(await second.app.storage.articles.ids()).toEqual([id]);
      expect(await second.app.storage.articles.epoch(id)).toBeGreaterThan(1);
    } finally {
      await second.close();
    }
  });

  it('CLI-8 writes a backup itself, for its own user alone, or hands it on, and leaves nothing in the data folder', async () => {
    const data = join(folder, 'handed-on');
    const server = await startTestApp({ dataFolder: data });
    try {
      const file = join(folder, 'own.sqlite');
      expect((await run(data, ['backup', file])).code).toBe(0);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const handedOn = await run(data, ['backup', '-']);
      expect([handedOn.code, handedOn.err, handedOn.out.slice(0, 15)]).toEqual([0, '', 'SQLite format 3']);
      const nowhere = await run(data, ['backup', join(folder, 'no-folder/own.sqlite')]);
      expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('cannot be written (ENOENT)')]);
      expect((await readdir(data)).filter((name) => name.includes('backup'))).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it('CLI-9 leaves restoring PostgreSQL to its own tools, and makes no file', async () => {
    const data = join(folder, 'elsewhere');
    const file = join(folder, 'elsewhere.sqlite');
    await writeFile(file, '');
    const environment = { KOPURO_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
    const refused = await run(data, ['restore', file], '', 'en', environment);
    expect([refused.code, refused.out, refused.err]).toEqual([1, '', expect.stringContaining('pg_dump')]);
    expect(await readdir(folder)).not.toContain('elsewhere');
  });

  it('CLI-3 leaves the data alone if the backup is not one', async () => {
    const data = join(folder, 'kept');
    const { out } = await run(data, ['import', article]);
    const rubbish = join(folder, 'rubbish.sqlite');
    await writeFile(rubbish, 'not a database at all, but long enough to be looked at '.repeat(50));
    const refused = await run(data, ['restore', rubbish]);
    expect(refused.code).toBe(1);
    expect(refused.err).not.toMatch(/\n\s+at /);
    expect((await run(data, ['export', out.trim()])).code).toBe(0);
  });
});

describe('wrong arguments', () => {
  const cases: [string[], number][] = [
    [[], 2],
    [['nonsense'], 2],
    [['person'], 2],
    [['import'], 2],
    [['import', 'a', 'b'], 2],
    [['import', '/no/such/file.txt'], 2],
    [['export', 'x', '--nonsense'], 2],
    [['person', 'add', 'Name'], 2],
    [['person', 'add', 'Name', '--role', 'king'], 1],
    [['export', 'no-such-article'], 1],
    [['token', 'create', 'nobody'], 1],
    [['snapshot', 'no-such-article'], 1],
    [['mend', 'no-such-article'], 1],
    [['person', 'remove', 'nobody'], 1],
  ];
  for (const [args, code] of cases) {
    it(`CLI-4 end with code ${code} and a sentence, nothing on stdout: kopuro ${args.join(' ')}`, async () => {
      const outcome = await run(join(folder, 'usage'), args);
      expect(outcome.code).toBe(code);
      if (args.length > 0) expect(outcome.out).toBe('');
      expect(outcome.err).not.toMatch(/\n\s+at |cli\./);
    });
  }

  it('CLI-4 are explained in the language of the terminal', async () => {
    const russian = await run(join(folder, 'usage'), ['export', 'no-such-article'], '', 'ru');
    const kyrgyz = await run(join(folder, 'usage'), ['export', 'no-such-article'], '', 'ky');
    expect([russian.err, kyrgyz.err].map((text) => /[а-яңөү]/.test(text))).toEqual([true, true]);
    expect(russian.err).not.toBe(kyrgyz.err);
  });
});

describe('help', () => {
  it('CLI-5 is there for every command, and for all of them at once', async () => {
    const overview = (await run(folder, ['--help'])).out;
    for (const command of [
      ['serve'],
      ['import'],
      ['export'],
      ['person', 'add'],
      ['person', 'list'],
      ['person', 'remove'],
      ['person', 'link'],
      ['token', 'create'],
      ['token', 'list'],
      ['token', 'revoke'],
      ['snapshot'],
      ['backup'],
      ['restore'],
      ['verify'],
      ['mend'],
    ]) {
      const { code, out } = await run(folder, [...command, '--help']);
      expect([command, code, out.includes(`kopuro ${command.join(' ')}`)]).toEqual([command, 0, true]);
      expect(overview).toContain(`  ${command.join(' ')}`);
    }
  });
});
