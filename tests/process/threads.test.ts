// The threads of the built server die, of whatever a thread can die of, in the midst of work: they come back without the
// process, and nothing that was seen or acknowledged is lost.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import { type Caller, signIn } from '../support/caller.ts';
import { type RunningServer, runCommand, startServer } from '../support/server.ts';
import { Typist, until } from '../support/typist.ts';

const PRELOAD = pathToFileURL(fileURLToPath(new URL('kill-threads.mjs', import.meta.url))).href;
/** `transaction`: between two statements of a commit. */
const DEATHS = ['throw', 'exit', 'memory', 'transaction', 'transaction'];

let server: RunningServer;
let orders: string;
let people: Caller[];
let articleId: string;
const typists: Typist[] = [];

beforeAll(async () => {
  orders = await mkdtemp(joinPath(tmpdir(), 'kopuro-orders-'));
  server = await startServer({ env: { NODE_OPTIONS: `--import=${PRELOAD}`, KOPURO_TEST_ORDERS: orders } });
  people = await Promise.all(server.links.map((link) => signIn(link.url)));
  const { id } = await people[0]!.post<{ id: string }>('/api/articles', {
    title: 'Written in spite of everything',
    sourceLanguage: 'en',
    targetLanguages: ['ru', 'ky'],
    format: 'txt',
    content: 'One paragraph to type in.',
  });
  articleId = id;
});
afterEach(async () => {
  await rm(joinPath(orders, 'storage.never'), { force: true });
  for (const typist of typists.splice(0)) typist.destroy();
});
afterAll(async () => {
  await server.dispose();
  await rm(orders, { recursive: true, force: true });
});

async function join(who: number, language: string): Promise<Typist> {
  const typist = new Typist({ url: server.url, articleId, language, Socket: people[who]!.Socket });
  typists.push(typist);
  await typist.connect();
  return typist;
}

/** Has the thread die, and waits until it has begun to. */
async function kill(thread: string, death: string): Promise<void> {
  const order = joinPath(orders, `${thread}.${death}`);
  await writeFile(order, '');
  await until(() => !existsSync(order), `the ${thread} thread dies`);
}

const deathsOf = (thread: string) => server.output().split(`the ${thread} thread has died; `).length - 1;
const status = async (path: string) => (await fetch(server.url + path)).status;

/** Everything typed is acknowledged, is there for somebody who comes anew, and stands there once. */
async function expectAllThere(writers: readonly Typist[]): Promise<void> {
  await Promise.all(writers.map((writer) => writer.allAcknowledged()));
  const fresh = await join(3, 'en');
  for (const { language, typed, refusals } of writers) {
    const text = fresh.text(language);
    expect({ language, notOnce: typed.filter((word) => text.split(word).length !== 2) }).toEqual({
      language,
      notOnce: [],
    });
    expect(refusals).toEqual([]);
  }
}

describe('the storage thread', () => {
  it('FAULT-20 dies, of anything, under people who type: it is started again, and nothing seen or acknowledged is lost', async () => {
    const writers = [await join(0, 'en'), await join(1, 'ru'), await join(2, 'ky')];
    const observer = await join(3, 'en');
    const seen = new Map<string, Set<string>>();
    const look = () => {
      for (const { language, acknowledged } of writers) {
        const words = [...(seen.get(language) ?? []), ...observer.words(language), ...acknowledged];
        seen.set(language, new Set(words));
      }
    };
    const typing = setInterval(() => writers.map((writer) => writer.type()), 20);
    try {
      for (const [index, death] of DEATHS.entries()) {
        await kill('storage', death);
        look();
        await until(() => deathsOf('storage') === index + 1, 'the process has noticed');
        await until(async () => (await status('/readyz')) === 200, 'it can be written again');
        const before = writers[0]!.acknowledged.size;
        await until(() => writers[0]!.acknowledged.size > before, 'words are saved again');
      }
    } finally {
      clearInterval(typing);
    }
    look();
    const fresh = await join(3, 'en');
    for (const { language } of writers) {
      const there = fresh.words(language);
      const lost = [...seen.get(language)!].filter((word) => !there.has(word));
      expect({ language, lost }).toEqual({ language, lost: [] });
    }
    await expectAllThere(writers);
    expect(server.output()).toContain('told to throw');
    expect(server.output()).toContain('ERR_WORKER_OUT_OF_MEMORY');
    const { damaged } = JSON.parse(await runCommand(server.dataFolder, ['verify', '--json'])) as { damaged: unknown[] };
    expect(damaged).toEqual([]);
  });

  it('FAULT-21 cannot be started again: people are told that nothing is saved, health says so, and it comes back when it can', async () => {
    await server.stop();
    await server.start(); // with nothing behind it that would make the next pauses longer
    const author = await join(1, 'ru');
    const never = joinPath(orders, 'storage.never');
    await writeFile(never, '');
    await kill('storage', 'exit');
    author.type();
    await until(() => author.hello?.storing === false, 'its author is told');
    expect(await status('/readyz')).toBe(503);
    const { status: answered, body } = await people[0]!.ask('GET', '/api/articles');
    expect([answered, (body as ErrorBody).error.code]).toEqual([503, 'not-saved']);
    await until(async () => (await status('/healthz')) === 503, 'health says that the process should be started anew');
    author.type();
    expect(author.acknowledged.size).toBe(0);

    await rm(never);
    await author.allAcknowledged();
    await until(async () => (await status('/readyz')) === 200, 'it is ready');
    expect(await status('/healthz')).toBe(200);
    await expectAllThere([author]);
  });
});

describe('the document thread', () => {
  it('FAULT-22 dies while it makes snapshots: whoever waits is told, and the next ones are made', async () => {
    const author = await join(0, 'en');
    const word = author.type();
    await author.allAcknowledged();
    const take = () => people[0]!.ask('POST', `/api/articles/${articleId}/snapshots`, { name: 'In between' });
    expect((await take()).status).toBe(201); // the thread is there
    for (const death of ['throw', 'exit', 'memory', 'terminate']) {
      const before = deathsOf('document');
      await writeFile(joinPath(orders, `document.${death}`), '');
      const answers = new Set<number>();
      while (deathsOf('document') === before) answers.add((await take()).status);
      await until(async () => (await take()).status === 201, 'snapshots are made again');
      expect([...answers].filter((code) => code !== 201 && code !== 503)).toEqual([]);
    }
    const { id } = (await take()).body as { id: string };
    const { body } = await people[0]!.ask('GET', `/api/articles/${articleId}/snapshots/${id}/texts/en?format=txt`);
    expect(body).toContain(word);
    const { damaged } = JSON.parse(await runCommand(server.dataFolder, ['verify', '--json'])) as { damaged: unknown[] };
    expect(damaged).toEqual([]);
  });
});
