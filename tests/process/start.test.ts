// The real command in a process of its own: what it prints when it starts, what it says when it cannot, how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, pause, readLinks, startServer } from '../support/server.ts';

const COMMAND = fileURLToPath(new URL('../../server/bin/kopuro.mjs', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopuro-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command until it ends, by itself or because `meanwhile` made it. */
function run(
  args: string[],
  env: Record<string, string>,
  meanwhile?: (child: ChildProcess) => Promise<void>,
): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, NODE_ENV: 'development', KOPURO_BUILD: 'off', KOPURO_LANGUAGE: 'en', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  void meanwhile?.(child);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    }),
  );
}

function expectOneParagraph(ended: Ended, words: RegExp): void {
  expect(ended.err).toMatch(words);
  expect([ended.code, ended.out]).toEqual([1, '']);
  expect(ended.err).not.toMatch(/\n\s+at |Error:/);
  expect(ended.err.trim().split('\n')).toHaveLength(1);
}

describe('kopuro serve', () => {
  it('START-1 prints its address, its data folder and a sign-in link for each of four sample people', async () => {
    const server = await startServer();
    try {
      expect(server.output()).toContain(server.url);
      expect(server.output()).toContain(server.dataFolder);
      expect(server.links).toHaveLength(4);
      const roles = [];
      for (const { url } of server.links) {
        const response = await fetch(url, { redirect: 'manual' });
        expect(response.status).toBe(303);
        const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
        const session = await fetch(`${server.url}/api/session`, { headers: { Cookie: cookie } });
        const { person } = (await session.json()) as { person: { name: string; role: string } };
        expect(server.output()).toContain(person.name);
        roles.push(person.role);
      }
      expect(roles).toEqual(['editor', 'translator', 'translator', 'fact-checker']);

      expect(await server.stop()).toBe(0);
      await server.start();
      expect(readLinks(server.output())).toHaveLength(8);
      expect(new Set(readLinks(server.output()).map(({ url }) => url)).size).toBe(8);
    } finally {
      await server.dispose();
    }
  });

  it('START-2 without the demo prints one link, for the first editor, until that one has signed in', async () => {
    const server = await startServer({ env: { KOPURO_DEMO: 'off' } });
    try {
      expect(server.links).toHaveLength(1);
      await server.stop();
      await server.start();
      const links = readLinks(server.output());
      expect(links).toHaveLength(2);
      const response = await fetch(links[1]!.url, { redirect: 'manual' });
      const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
      const session = (await (await fetch(`${server.url}/api/session`, { headers: { Cookie: cookie } })).json()) as {
        person: { role: string };
      };
      expect(session.person.role).toBe('editor');
      const articles = (await (await fetch(`${server.url}/api/articles`, { headers: { Cookie: cookie } })).json()) as {
        articles: unknown[];
      };
      expect(articles.articles).toEqual([]);
      await server.stop();
      await server.start();
      expect(readLinks(server.output())).toHaveLength(2);
    } finally {
      await server.dispose();
    }
  });

  it('START-3 says so when the port is taken', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const data = join(folder, 'port');
      const ended = await run(['serve'], { PORT: String(port), HOST: '127.0.0.1', KOPURO_DATA: data });
      expectOneParagraph(ended, new RegExp(`Port ${port} is in use`));
    } finally {
      other.close();
    }
  });

  it('START-3 says so when the data folder cannot be written', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    expectOneParagraph(await run(['serve'], { PORT: '0', KOPURO_DATA: file }), /cannot be written/);
    expectOneParagraph(await run(['serve'], { PORT: '0', KOPURO_DATA: join(file, 'below') }), /cannot be written/);
    if (process.getuid?.() === 0) return; // root may write everywhere
    const readOnly = join(folder, 'read-only');
    await mkdir(readOnly);
    await chmod(readOnly, 0o500);
    expectOneParagraph(await run(['serve'], { PORT: '0', KOPURO_DATA: readOnly }), /cannot be written/);
  });

  it('START-3 says so when another server uses the folder, and takes over what a dead one left', async () => {
    const server = await startServer();
    try {
      const ended = await run(['serve'], { PORT: '0', KOPURO_DATA: server.dataFolder });
      expectOneParagraph(ended, /in use by another Köpürö \(process \d+\)/);
      await server.kill();
      await server.start();
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    } finally {
      await server.dispose();
    }
  });

  it('START-3 says so when the data is not a database', async () => {
    const data = join(folder, 'rubbish');
    await mkdir(data);
    await writeFile(join(data, 'kopuro.sqlite'), 'this is no database '.repeat(1_000));
    expectOneParagraph(await run(['serve'], { PORT: '0', KOPURO_DATA: data }), /not a Köpürö database/);
    expect(await readFile(join(data, 'kopuro.sqlite'), 'utf8')).toContain('this is no database');
  });

  it('START-3 says so when the data is of a newer version, and leaves it alone', async () => {
    const data = join(folder, 'newer');
    expect((await run(['person', 'list'], { KOPURO_DATA: data })).code).toBe(0);
    const database = new DatabaseSync(join(data, 'kopuro.sqlite'));
    database.exec('UPDATE schema_version SET version = 999');
    database.close();
    expectOneParagraph(await run(['serve'], { PORT: '0', KOPURO_DATA: data }), /newer version of Köpürö/);
  });

  it('START-3 says so when Node is too old', async () => {
    const pretend = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.19.0' } })";
    const ended = await run(['serve'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(pretend)}`,
    });
    expectOneParagraph(ended, /needs Node\.js >=20\.20 <25; this is 18\.19\.0/);
  });

  it('START-3 says so when a variable of the environment is not valid', async () => {
    const ended = await run(['serve'], { PORT: 'eighty' });
    expect([ended.code, ended.err]).toEqual([2, expect.stringContaining('PORT')]);
    for (const proxies of ['nginx', '10.0.0.0/33', '127.0.0.1,', '::1/0']) {
      const refused = await run(['serve'], { PORT: '0', KOPURO_TRUST_PROXY: proxies });
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('KOPURO_TRUST_PROXY')]);
    }
  });

  it('START-4 speaks the language of the terminal', async () => {
    const ended = await run(['serve'], { PORT: 'eighty', KOPURO_LANGUAGE: '', LC_ALL: 'ru_RU.UTF-8' });
    expect([ended.code, /[а-я]/.test(ended.err)]).toEqual([2, true]);
    const asked = await run(['serve'], { PORT: 'eighty', KOPURO_LANGUAGE: 'ru', LC_ALL: 'C' });
    expect(asked.err).toBe(ended.err);
    const help = await run(['--help'], { KOPURO_LANGUAGE: '', LC_ALL: 'ky_KG.UTF-8' });
    expect(help.out).toContain('Колдонуу');
  });

  it('START-6 ends in order on a signal that comes while it is still starting', async () => {
    const data = join(folder, 'ended-early');
    const exists = (path: string) =>
      access(path).then(
        () => true,
        () => false,
      );
    const ended = await run(['serve'], { PORT: '0', KOPURO_DATA: data }, async (child) => {
      // The lock is the first thing that it makes; the banner is the last that it does.
      while (child.exitCode === null && !(await exists(join(data, 'kopuro.lock')))) await pause(1);
      child.kill('SIGTERM');
    });
    expect([ended.code, ended.err]).toEqual([0, expect.stringContaining('Stopping')]);
    expect(await exists(join(data, 'kopuro.lock'))).toBe(false);
  });

  it('START-5 prints nothing but its own output on stdout', async () => {
    const data = join(folder, 'quiet');
    const added = await run(['person', 'add', 'Айгүл', '--role', 'editor'], { KOPURO_DATA: data });
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toMatch(/^[A-Za-z0-9_-]+\n$/);
  });
});
