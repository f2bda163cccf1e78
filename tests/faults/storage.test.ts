// Storage that fails, in every way that we can think of, under a real server with people at work: nothing seen and nothing
// acknowledged is lost, everybody can read, and everything is taken in when storage works again.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import { Typist, textOf, until, wordsOf } from '../support/typist.ts';
import { type FaultyServer, type Somebody, startFaultyServer } from './server.ts';

let server: FaultyServer;
let editor: Somebody;
let russian: Somebody;
let kyrgyz: Somebody;
const typists: Typist[] = [];

beforeAll(async () => {
  server = await startFaultyServer({
    commitAttempts: 3,
    commitRetryMs: 20,
    outageMs: 50,
    idleMs: 150,
    settleMs: 60_000,
    closeMs: 300,
  });
  editor = await server.person('editor');
  russian = await server.person('translator', ['ru']);
  kyrgyz = await server.person('translator', ['ky']);
});
afterAll(() => server.dispose());
afterEach(async () => {
  for (const typist of typists.splice(0)) typist.destroy();
  await server.heal();
  await server.heal('log.load');
  await server.ask({ ask: 'disk', pages: null });
});

async function join(articleId: string, who: Somebody, language: string): Promise<Typist> {
  const typist = new Typist({ url: server.url, articleId, language, token: who.token });
  typists.push(typist);
  await typist.connect();
  return typist;
}

const isReady = async () => (await fetch(`${server.url}/readyz`)).status === 200;

describe('the disk is full', () => {
  it('FAULT-2 says so, refuses commands, lets everybody read and join, loses nothing, and goes on when there is room', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const witness = await join(article, editor, 'en');
    author.type();
    await author.allAcknowledged();
    await server.ask({ ask: 'disk', pages: 4 });

    // Each word takes two pages.
    let words = 0;
    await until(async () => {
      if (words < 20) author.type('я'.repeat(4_000));
      words += 1;
      return !(await server.stats()).storing;
    }, 'the server notices');
    expect(server.output()).toContain('no changes are taken in');
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 503, 'it says that it is not ready');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await until(() => author.provider.synced && author.hello?.storing === false, 'its author is told');
    author.type('я'.repeat(4_000));
    const acknowledged = new Set(author.acknowledged);
    expect(acknowledged.size).toBeLessThan(author.typed.length);

    const newcomer = await join(article, kyrgyz, 'ky');
    const lost = [...acknowledged].filter((word) => !newcomer.words('ru').has(word));
    expect(lost).toEqual([]);
    await until(() => witness.closes.length > 0 && witness.provider.synced, 'the witness is back');
    expect(newcomer.words('ru')).toEqual(witness.words('ru'));
    const refused = await server.call<ErrorBody>(editor, 'POST', `/api/articles/${article}/commands`, {
      id: 'full-disk-command',
      type: 'article.change',
      payload: { title: 'Never stored' },
    });
    expect([refused.status, refused.body.error?.code]).toEqual([503, 'not-saved']);

    await server.ask({ ask: 'disk', pages: null });
    await author.allAcknowledged();
    await until(() => author.typed.every((word) => newcomer.words('ru').has(word)), 'others see it');
    expect(newcomer.text('ru')).toBe(author.text());
    await until(isReady, 'it is ready again');
    expect([...author.refusals, ...newcomer.refusals]).toEqual([]);
    const { doc } = await server.log(article);
    expect(textOf(doc, 'ru')).toBe(author.text());
  });
});

describe('storage throws', () => {
  it('FAULT-3 once: nobody notices', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const witness = await join(article, editor, 'en');
    await server.fault({ kind: 'fails', times: 1 }, 'log.append');
    const word = author.type();
    await until(() => witness.words('ru').has(word), 'the witness sees it');
    await author.allAcknowledged();
    expect([author.closes, witness.closes]).toEqual([[], []]);
    expect((await server.log(article)).rows.filter(({ personId }) => personId === russian.id)).toHaveLength(1);
  });

  it('FAULT-4 for a while: nothing is shown, nothing piles up, nobody goes round in circles, and then everything comes', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const other = await join(article, kyrgyz, 'ky');
    const witness = await join(article, editor, 'en');
    await server.fault({ kind: 'fails' });
    author.type();
    other.type();
    await until(async () => !(await server.stats()).storing, 'it gives up for now');
    const isBack = ({ closes, provider }: Typist) => closes.length > 0 && provider.synced;
    await until(() => [author, other, witness].every(isBack), 'all were sent away and are back');
    const closed = [author, other, witness].map(({ closes }) => closes.length);
    const before = await server.ask<number>({ ask: 'calls', method: 'check' });
    for (let words = 0; words < 200; words += 1) {
      author.type();
      other.type();
    }
    await until(async () => (await server.ask<number>({ ask: 'calls', method: 'check' })) >= before + 3, 'time passes');
    expect([author, other, witness].map(({ closes }) => closes.length)).toEqual(closed);
    expect((await server.stats()).pendingBytes).toBe(0);
    expect([witness.words('ru').size, witness.words('ky').size]).toEqual([0, 0]);
    expect([author.acknowledged.size, other.acknowledged.size]).toEqual([0, 0]);

    await server.heal();
    await Promise.all([author.allAcknowledged(), other.allAcknowledged()]);
    await until(
      () => witness.text('ru') === author.text() && witness.text('ky') === other.text(),
      'the witness sees all',
    );
    expect([...author.refusals, ...other.refusals]).toEqual([]);
  });

  it('FAULT-5 for ever: people still read and join, the process ends in order, and what was seen is there afterwards', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const kept = author.type();
    await author.allAcknowledged();
    await server.fault({ kind: 'fails' });
    const unsaved = author.type();
    await until(async () => !(await server.stats()).storing, 'it gives up for now');
    const reader = await join(article, editor, 'en');
    expect([...reader.words('ru')]).toEqual([kept]);
    const { status, body } = await server.call<{ blocks: unknown }>(editor, 'GET', `/api/articles/${article}/texts/ru`);
    expect([status, JSON.stringify(body).includes(kept)]).toEqual([200, true]);

    expect(await server.stop()).toBe(0);
    await server.start();
    const fresh = await join(article, editor, 'en');
    await until(() => fresh.words('ru').has(kept), 'what was seen is there');
    // The author was only waiting.
    await author.allAcknowledged();
    await until(() => fresh.words('ru').has(unsaved), 'the rest has come with its author');
  });

  it('FAULT-6 after it has committed: the log holds it once, and a command has one effect', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const witness = await join(article, editor, 'en');
    await server.fault({ kind: 'fails after', times: 1 }, 'log.append');
    const word = author.type();
    await author.allAcknowledged();
    await until(() => witness.words('ru').has(word), 'the witness sees it');
    expect([author.closes, witness.closes]).toEqual([[], []]);
    const ofAuthor = async () => (await server.log(article)).rows.filter(({ personId }) => personId === russian.id);
    expect(await ofAuthor()).toHaveLength(1);

    await server.fault({ kind: 'fails after', times: 1 }, 'log.append');
    const command = { id: 'once-and-for-all', type: 'article.change', payload: { title: 'A title' } };
    const first = await server.call(editor, 'POST', `/api/articles/${article}/commands`, command);
    const second = await server.call(editor, 'POST', `/api/articles/${article}/commands`, command);
    expect([first.status, second]).toEqual([200, first]);
    const { rows, doc } = await server.log(article);
    expect(rows.filter(({ personId }) => personId === editor.id)).toHaveLength(2); // its creation and the command
    expect([...wordsOf(doc, 'ru')]).toEqual([word]);

    // For ever: each time that it gives up, what was stored is found in the log by whoever opens the article anew.
    await server.fault({ kind: 'fails after' }, 'log.append', 'log.rowInfos');
    const stored = author.type();
    await until(async () => !(await server.stats()).storing, 'it gives up');
    await server.heal('log.append', 'log.rowInfos');
    await author.allAcknowledged();
    await until(() => witness.words('ru').has(stored), 'the witness sees it');
    expect(witness.text('ru').split(stored)).toHaveLength(2);
  });
});

describe('storage hangs', () => {
  it('FAULT-19 and the process is told to end: it ends, and what was not saved comes with its author', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const kept = author.type();
    await author.allAcknowledged();
    await server.fault({ kind: 'hangs' }, 'log.append');
    const unsaved = author.type();
    await until(async () => (await server.stats()).pendingBytes > 0, 'it waits to be saved');
    expect(await server.stop()).toBe(0);
    expect(author.closes[0]).toBe(4503);
    expect([...author.acknowledged]).toEqual([kept]);
    await server.start();
    await author.allAcknowledged();
    const fresh = await join(article, editor, 'en');
    await until(() => fresh.words('ru').has(kept) && fresh.words('ru').has(unsaved), 'both are there');
    expect(fresh.words('ru').size).toBe(2);
  });
});

describe('people come and go meanwhile', () => {
  it('FAULT-7 keeps the words of somebody who has left while a save still fails', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    await server.fault({ kind: 'fails', times: 2 }, 'log.append');
    const word = author.type();
    await until(async () => (await server.stats()).pendingBytes > 0, 'it is being saved');
    author.destroy();
    const reader = await join(article, editor, 'en');
    await until(() => reader.words('ru').has(word), 'it is there');
    reader.disconnect();
    await until(async () => (await server.stats()).rooms === 0, 'the room has gone');
    expect([...wordsOf((await server.log(article)).doc, 'ru')]).toEqual([word]);
  });

  it('FAULT-8 lets somebody join while a room is being put away', async () => {
    const article = await server.article(editor);
    const author = await join(article, russian, 'ru');
    const word = author.type();
    await author.allAcknowledged();
    await server.fault({ kind: 'hangs' }, 'snapshots.take');
    const before = await server.ask<number>({ ask: 'calls', method: 'snapshots.take' });
    const loads = await server.ask<number>({ ask: 'calls', method: 'log.clientIds' });
    author.disconnect();
    await until(
      async () => (await server.ask<number>({ ask: 'calls', method: 'snapshots.take' })) > before,
      'the room is being put away',
    );
    const reader = await join(article, editor, 'en');
    expect(reader.words('ru').has(word)).toBe(true);
    await server.heal('snapshots.take');
    await author.connect();
    const another = author.type();
    await until(() => reader.words('ru').has(another), 'the room lives');
    expect(await server.ask<number>({ ask: 'calls', method: 'log.clientIds' })).toBe(loads);
    expect(reader.closes).toEqual([]);
  });

  it('FAULT-9 loads an article once for all who come while it loads slowly', async () => {
    const article = await server.article(editor);
    const [first, second] = [russian, editor].map((who) => {
      const typist = new Typist({ url: server.url, articleId: article, language: 'ru', token: who.token });
      typists.push(typist);
      return typist;
    }) as [Typist, Typist];
    await until(async () => (await server.stats()).rooms === 0, 'no room is open');
    await server.fault({ kind: 'hangs' }, 'log.load');
    const loads = await server.ask<number>({ ask: 'calls', method: 'log.clientIds' });
    const connecting = [first.connect(), second.connect()];
    await until(async () => (await server.stats()).connections === 2, 'both wait');
    await server.heal('log.load');
    await Promise.all(connecting);
    expect(await server.ask<number>({ ask: 'calls', method: 'log.clientIds' })).toBe(loads + 1);
    const word = first.type();
    await until(() => second.words('ru').has(word), 'they are in the same room');
  });
});
