// What happens to people while they type: they come back, leave, lose a right or their token, share a browser; somebody restores
// an older state under their hands.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import type * as Y from 'yjs';
import { pause } from '../support/server.ts';
import { Typist, textOf, until, wordsOf } from '../support/typist.ts';
import { type FaultyServer, type Somebody, startFaultyServer } from './server.ts';

let server: FaultyServer;
let editor: Somebody;
const typists: Typist[] = [];

beforeAll(async () => {
  server = await startFaultyServer();
  editor = await server.person('editor');
});
afterAll(() => server.dispose());
afterEach(() => {
  for (const typist of typists.splice(0)) typist.destroy();
});

function enter(articleId: string, who: Somebody, language: string, doc?: Y.Doc): Typist {
  const typist = new Typist({ url: server.url, articleId, language, token: who.token, ...(doc ? { doc } : {}) });
  typists.push(typist);
  return typist;
}

async function join(articleId: string, who: Somebody, language: string): Promise<Typist> {
  const typist = enter(articleId, who, language);
  await typist.connect();
  return typist;
}

/** Types until `end` holds. Answers with what had been typed when it did. */
async function typeUntil(typist: Typist, end: () => boolean | Promise<boolean>): Promise<string[]> {
  await until(async () => {
    typist.type();
    await pause(2);
    return end();
  }, 'what happens while somebody types');
  return [...typist.typed];
}

const carets = (of: Typist, who: Somebody) =>
  [...of.provider.awareness.getStates().values()].filter((state) => state.user?.id === who.id);

describe('carets', () => {
  it('FAULT-10 leaves no ghost when one client comes back three times, old connections still half open', async () => {
    const article = await server.article(editor);
    const russian = await server.person('translator', ['ru']);
    const witness = await join(article, editor, 'en');
    const first = await join(article, russian, 'ru');
    const connections = [first];
    first.provider.awareness.setLocalState({ blockId: 'b0' });
    await until(() => carets(witness, russian).length === 1, 'the caret is seen');
    for (let again = 1; again <= 3; again += 1) {
      // Its network has gone without a word: the old connection is open as far as the server knows.
      (connections.at(-1)!.provider.ws as unknown as WebSocket).pause();
      const next = enter(article, russian, 'ru');
      next.doc.clientID = first.doc.clientID;
      next.provider.awareness.setLocalState(null);
      next.provider.awareness.clientID = first.doc.clientID;
      await next.connect();
      next.provider.awareness.setLocalState({ blockId: `b${again}` });
      connections.push(next);
      await until(() => carets(witness, russian)[0]?.blockId === `b${again}`, 'the caret has moved');
      expect(carets(witness, russian)).toHaveLength(1);
    }
    // Now the server learns that the old ones are dead: the living caret stays, without so much as a flicker.
    const removed: number[] = [];
    witness.provider.awareness.on('change', (change: { removed: number[] }) => removed.push(...change.removed));
    const { connections: before } = await server.stats();
    for (const old of connections.slice(0, 3)) (old.provider.ws as unknown as WebSocket).terminate();
    await until(async () => (await server.stats()).connections <= before - 3, 'the old connections have gone');
    connections[3]!.provider.awareness.setLocalState({ blockId: 'alive' });
    await until(() => carets(witness, russian)[0]?.blockId === 'alive', 'the caret is alive');
    expect([carets(witness, russian).length, removed]).toEqual([1, []]);
    (connections[3]!.provider.ws as unknown as WebSocket).terminate();
    await until(() => removed.length > 0, 'it has gone');
  });

  it('FAULT-11 takes a caret away at once when its client says goodbye, and when it closes', async () => {
    const article = await server.article(editor);
    const russian = await server.person('translator', ['ru']);
    const witness = await join(article, editor, 'en');
    const author = await join(article, russian, 'ru');
    author.provider.awareness.setLocalState({ blockId: 'b' });
    await until(() => carets(witness, russian).length === 1, 'the caret is seen');
    author.provider.awareness.setLocalState(null);
    await until(() => carets(witness, russian).length === 0, 'it said goodbye');
    author.provider.awareness.setLocalState({ blockId: 'b' });
    await until(() => carets(witness, russian).length === 1, 'it is seen again');
    author.provider.shouldConnect = false;
    (author.provider.ws as unknown as WebSocket).terminate();
    await until(() => carets(witness, russian).length === 0, 'it has left without a word');
  });
});

describe('rights that end in mid-typing', () => {
  it('FAULT-12 closes at once when the token is revoked: what was acknowledged stays, nothing more comes in', async () => {
    const article = await server.article(editor);
    const russian = await server.person('translator', ['ru']);
    const author = await join(article, russian, 'ru');
    await typeUntil(author, () => author.acknowledged.size > 5);
    const revoking = server.call(russian, 'DELETE', `/api/tokens/${russian.tokenId}`);
    await typeUntil(author, () => author.closes.length > 0);
    expect((await revoking).status).toBeLessThan(300);
    expect(author.closes).toEqual([4401]);
    const witness = await join(article, editor, 'en');
    const word = witness.type();
    await until(() => witness.acknowledged.has(word), 'what was taken in before it is on disk as well');
    const atTheEnd = wordsOf((await server.log(article)).doc, 'ru');
    expect([...author.acknowledged].filter((word) => !atTheEnd.has(word))).toEqual([]);
    author.type();
    author.provider.connect();
    await until(() => author.closes.length > 1, 'it has tried again');
    expect(author.closes.at(-1)).toBe(4401);
    expect(wordsOf((await server.log(article)).doc, 'ru')).toEqual(atTheEnd);
  });

  it('FAULT-13 refuses what comes after a role was lowered, keeps what came before, and lets its author read on', async () => {
    const article = await server.article(editor);
    const russian = await server.person('translator', ['ru']);
    const author = await join(article, russian, 'ru');
    const witness = await join(article, editor, 'en');
    await typeUntil(author, () => author.acknowledged.size > 5);
    let lowered = false;
    const lowering = server.call(editor, 'PATCH', `/api/people/${russian.id}`, { role: 'reader' }).then((answer) => {
      lowered = true;
      return answer;
    });
    const before = new Set(await typeUntil(author, () => lowered));
    expect((await lowering).status).toBe(200);
    expect(author.hello?.editableLanguages).toEqual([]);
    author.type();
    await until(() => author.refusals.length > 0, 'it is refused');
    expect(author.refusals).toMatchObject([{ code: 'root-forbidden', root: 'text/ru' }]);
    const word = witness.type();
    await until(() => author.words('en').has(word), 'it reads on');
    const there = wordsOf((await server.log(article)).doc, 'ru');
    expect([...author.acknowledged].filter((one) => !there.has(one))).toEqual([]);
    expect([...there].filter((one) => !before.has(one))).toEqual([]);
    expect(witness.words('ru')).toEqual(there);
  });

  it('FAULT-15 refuses what was typed offline once the right is gone, and no words of others suffer', async () => {
    const article = await server.article(editor);
    const leaving = await server.person('translator', ['ru'], 'Leaving');
    const staying = await server.person('translator', ['ru'], 'Staying');
    const author = await join(article, leaving, 'ru');
    const other = await join(article, staying, 'ru');
    const kept = author.type();
    await until(() => other.words().has(kept), 'the other sees it');
    author.disconnect();
    const offline = [author.type(), author.type()];
    await server.call(editor, 'PATCH', `/api/people/${leaving.id}`, { role: 'fact-checker' });
    const others = [other.type(), other.type()];
    await other.allAcknowledged();
    await author.connect();
    await until(() => author.refusals.length > 0, 'it is refused');
    expect(author.refusals).toMatchObject([{ code: 'root-forbidden', root: 'text/ru' }]);
    // Its author holds everything: their own words, to be offered as a copy, and what the others wrote.
    await until(() => [kept, ...offline, ...others].every((word) => author.words().has(word)), 'its author has all');
    expect(other.words()).toEqual(new Set([kept, ...others]));
    expect(wordsOf((await server.log(article)).doc, 'ru')).toEqual(new Set([kept, ...others]));
    expect(other.closes).toEqual([]);
  });
});

describe('restoring', () => {
  it('FAULT-14 a snapshot while three people type: all see the same, and nobody’s later words are lost', async () => {
    const article = await server.article(editor);
    const people = await Promise.all([
      server.person('translator', ['ru'], 'One'),
      server.person('translator', ['ru'], 'Two'),
      server.person('editor', [], 'Three'),
    ]);
    const writers = [await join(article, people[0]!, 'ru')];
    const beginning = writers[0]!.type();
    await writers[0]!.allAcknowledged();
    writers.push(await join(article, people[1]!, 'ru'), await join(article, people[2]!, 'ru'));
    const path = `/api/articles/${article}/snapshots`;
    const { body: snapshot } = await server.call<{ id: string }>(editor, 'POST', path, { name: 'Before' });
    await Promise.all(writers.map((writer) => typeUntil(writer, () => writer.acknowledged.size > 10)));

    let restored = false;
    const restoring = server.call(editor, 'POST', `${path}/${snapshot.id}/restore`, {}).then((answer) => {
      restored = true;
      return answer;
    });
    await Promise.all(writers.map((writer) => typeUntil(writer, () => restored)));
    expect((await restoring).status).toBeLessThan(300);
    const fresh = await join(article, editor, 'en');
    const later = writers.flatMap((writer) => [writer.type(), writer.type()]);
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    await until(() => later.every((word) => fresh.words('ru').has(word)), 'later words are there');
    await until(() => writers.every((writer) => writer.text() === fresh.text('ru')), 'all see the same');
    expect(fresh.words('ru').has(beginning)).toBe(true);
    expect(writers.flatMap(({ refusals, closes }) => [...refusals, ...closes])).toEqual([]);
    expect(textOf((await server.log(article)).doc, 'ru')).toBe(fresh.text('ru'));
  });
});

describe('one browser', () => {
  it('FAULT-16 with two tabs of one person is one person with two carets; with two logins it is two, and nothing is mistaken', async () => {
    const article = await server.article(editor);
    const first = await server.person('translator', ['ru'], 'First');
    const second = await server.person('translator', ['ru'], 'Second');
    let cookie = first.cookie;
    class JarSocket extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[], options?: ClientOptions) {
        super(address, protocols, { ...options, headers: { cookie } });
      }
    }
    const tab = async () => {
      const typist = new Typist({
        url: server.url,
        articleId: article,
        language: 'ru',
        Socket: JarSocket as typeof WebSocket,
      });
      typists.push(typist);
      await typist.connect();
      return typist;
    };
    const [one, two] = [await tab(), await tab()];
    await until(() => one.hello !== null && two.hello !== null, 'both are greeted');
    expect(one.hello!.clientId).not.toBe(two.hello!.clientId);
    const [word, other] = [one.type(), two.type()];
    await until(() => one.words().has(other) && two.words().has(word), 'each sees the other');
    for (const each of [one, two]) each.provider.awareness.setLocalState({ blockId: 'b' });
    // Nobody is told of their own caret: somebody else sees both.
    const witness = new Typist({ url: server.url, articleId: article, language: 'en', token: editor.token });
    typists.push(witness);
    await witness.connect();
    await until(() => carets(witness, first).length === 2, 'there are two carets');
    two.destroy();
    await until(() => carets(witness, first).length === 1, 'one tab is closed');

    // Somebody else signs in; the first tab loses its connection and comes back with the other's cookie.
    one.disconnect();
    const unsent = one.type();
    cookie = second.cookie;
    await one.connect();
    await until(() => one.refusals.length > 0, 'it is refused');
    expect(one.refusals).toMatchObject([{ code: 'client-id-foreign' }]);
    const three = await tab();
    const theirs = three.type();
    await three.allAcknowledged();
    const { rows, doc } = await server.log(article);
    expect(wordsOf(doc, 'ru')).toEqual(new Set([word, other, theirs]));
    expect(wordsOf(doc, 'ru').has(unsent)).toBe(false);
    expect(rows.filter(({ personId }) => personId === second.id)).toHaveLength(1);
  });
});
