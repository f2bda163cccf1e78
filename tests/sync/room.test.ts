// Rooms and connections with clients on queues in memory: what is told to whom, when, and who is refused.
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Reaction } from '../../server/sync/types.ts';
import { META_ROOT } from '../../shared/article/roots.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import {
  ARTICLE,
  CHECKER,
  diskFull,
  EDITOR,
  type Engine,
  engine,
  firstText,
  KYRGYZ,
  MemoryClient,
  MemoryLog,
  quiet,
  READER,
  RUSSIAN,
  until,
  words,
} from './harness.ts';

const engines: Engine[] = [];
const clients: MemoryClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  for (const one of engines.splice(0)) {
    one.log.broken = null;
    one.log.release();
    await one.rooms.close();
  }
});

function start(given: Parameters<typeof engine>[0] = {}): Engine {
  const made = engine(given);
  engines.push(made);
  return made;
}

async function join(
  server: Engine,
  who: typeof EDITOR & object,
  given: ConstructorParameters<typeof MemoryClient>[2] = {},
): Promise<MemoryClient> {
  const client = new MemoryClient(server, who, given);
  clients.push(client);
  await until(() => client.closed !== null || words(client.doc, 'en') !== '', 'the client is synced');
  return client;
}

describe('what is seen is saved', () => {
  it('SYNC-4 shows nothing to anybody before it is committed, and says "saved" only then', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    const witness = await join(server, EDITOR);
    server.log.hold();
    firstText(author.doc, 'ru').insert(0, 'Новое. ');
    const newcomer = new MemoryClient(server, READER);
    clients.push(newcomer);
    await quiet(40);
    expect(words(witness.doc, 'ru')).toBe('Words in ru');
    expect(words(newcomer.doc, 'ru')).toBe('Words in ru');
    expect(author.saved).toBeLessThan(2);
    server.log.release();
    await until(() => words(witness.doc, 'ru') === 'Новое. Words in ru', 'the witness sees it');
    await until(() => words(newcomer.doc, 'ru') === 'Новое. Words in ru', 'the newcomer sees it');
    expect(words(server.log.replay(), 'ru')).toBe('Новое. Words in ru');
  });

  it('SYNC-5 counts every sync update of a connection, empty and filtered ones included', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    await until(() => author.saved === 1, 'its step 2, which held nothing, is counted');
    for (const word of ['a', 'b', 'c']) firstText(author.doc, 'ru').insert(0, word);
    await until(() => author.saved === 4, 'three more are counted');
    author.sendUpdate(Y.encodeStateAsUpdate(author.doc));
    await until(() => author.saved === 5, 'a repetition is counted');
  });

  it('SYNC-6 groups what comes while a commit is under way, and merges what one person typed into one row', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    const other = await join(server, KYRGYZ);
    await until(() => author.saved === 1 && other.saved === 1, 'both have said what they hold');
    const { appends } = server.log;
    server.log.hold();
    firstText(author.doc, 'ru').insert(0, '1');
    await until(() => server.log.appends === appends + 1, 'the first commit is under way');
    for (const digit of ['2', '3', '4']) firstText(author.doc, 'ru').insert(0, digit);
    firstText(other.doc, 'ky').insert(0, '5');
    await quiet();
    server.log.release();
    await until(() => author.saved === 5 && other.saved === 2, 'all is saved');
    expect(server.log.appends).toBe(appends + 2);
    expect(server.log.rows.slice(1).map((row) => row.personId)).toEqual(['russian', 'russian', 'kyrgyz']);
    expect(words(server.log.replay(), 'ru')).toBe('4321Words in ru');
  });

  it('SYNC-7 tries a failed commit again, and nobody notices', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    const witness = await join(server, EDITOR);
    server.log.failures.push(diskFull(), diskFull());
    firstText(author.doc, 'ru').insert(0, 'Ещё. ');
    await until(() => words(witness.doc, 'ru') === 'Ещё. Words in ru', 'the witness sees it');
    await until(() => author.saved === 2, 'it is saved');
    expect(author.closed).toBeNull();
  });

  it('SYNC-8 drops the room when a commit finally fails: nobody saw it, everybody is told to come back, the words survive', async () => {
    const server = start({ options: { commitAttempts: 2 } });
    const author = await join(server, RUSSIAN);
    const witness = await join(server, EDITOR);
    server.log.broken = diskFull();
    firstText(author.doc, 'ru').insert(0, 'Спасено. ');
    await until(() => author.closed !== null && witness.closed !== null, 'both are sent away');
    expect(author.closed).toEqual({ code: 4500, reason: 'reload' });
    expect(words(witness.doc, 'ru')).toBe('Words in ru');
    expect(await server.rooms.live(ARTICLE)).toBeNull();
    server.log.broken = null;
    const again = await join(server, RUSSIAN, { doc: author.doc });
    await until(() => again.saved >= 1, 'what it still holds is saved');
    expect(words(server.log.replay(), 'ru')).toBe('Спасено. Words in ru');
  });

  it('SYNC-9 keeps the trouble of one article from the others', async () => {
    const log = new MemoryLog();
    const server = start({ log });
    log.rows.push({ ...log.rows[0]!, articleId: 'article-2' });
    const append = log.append.bind(log);
    log.append = async (entries, commands) => {
      if (entries.some((entry) => entry.articleId === 'article-2'))
        throw Object.assign(diskFull(), { code: 'reference' });
      return append(entries, commands);
    };
    const healthy = await join(server, RUSSIAN);
    const ill = await join(server, RUSSIAN, { article: 'article-2' });
    firstText(healthy.doc, 'ru').insert(0, 'А');
    firstText(ill.doc, 'ru').insert(0, 'Б');
    await until(() => ill.closed !== null, 'the one is sent away');
    await until(() => healthy.saved === 2, 'the other is saved');
    expect(healthy.closed).toBeNull();
  });

  it('SYNC-10 leaves a sender out of an update only if everything in it is its own', async () => {
    const tidy: Reaction = (room, transaction, change) => {
      if ((transaction.origin as { via: string }).via !== 'sync') return;
      change((doc) => doc.getMap(META_ROOT).set('title', `${firstText(room.doc, 'ru').length} letters`));
    };
    const server = start({ reactions: [tidy] });
    const author = await join(server, RUSSIAN);
    firstText(author.doc, 'ru').insert(0, 'Ж');
    await until(() => author.doc.getMap(META_ROOT).get('title') === '12 letters', 'the author hears of the reaction');
    expect(server.log.rows.map((row) => row.personId)).toEqual([null, 'russian', null]);
    expect(server.log.appends).toBe(1);
  });

  it('SYNC-11 lets no failing reaction cost anybody their words', async () => {
    const server = start({
      reactions: [
        () => {
          throw new Error('a bug');
        },
      ],
    });
    const author = await join(server, RUSSIAN);
    firstText(author.doc, 'ru').insert(0, 'Цела. ');
    await until(() => author.saved === 2, 'it is saved');
    expect(words(server.log.replay(), 'ru')).toBe('Цела. Words in ru');
    expect(server.errors).toHaveLength(1);
  });
});

describe('who may write what', () => {
  it('SYNC-12 refuses a text that the person may not write; others see nothing, the refusal is logged, reading goes on', async () => {
    const server = start();
    const intruder = await join(server, CHECKER);
    const witness = await join(server, EDITOR);
    firstText(intruder.doc, 'ru').insert(0, 'Подделка. ');
    await until(() => intruder.refused.length === 1, 'it is refused');
    expect(intruder.refused[0]).toMatchObject({ code: 'root-forbidden', root: 'text/ru' });
    expect(server.refusals).toMatchObject([
      { person: 'checker', article: ARTICLE, root: 'text/ru', code: 'root-forbidden' },
    ]);
    firstText(intruder.doc, 'ru').insert(0, 'И ещё. ');
    firstText(witness.doc, 'en').insert(0, 'Right. ');
    await until(() => words(intruder.doc, 'en') === 'Right. Words in en', 'it still reads');
    expect(words(witness.doc, 'ru')).toBe('Words in ru');
    expect(words(server.log.replay(), 'ru')).toBe('Words in ru');
    expect(intruder.saved).toBe(1);
  });

  it('SYNC-13 refuses annotations, review, meta, languages that the article does not have, and other roots', async () => {
    const server = start();
    const attempts: [string, string, (doc: Y.Doc) => void][] = [
      ['annotations', 'root-forbidden', (doc) => doc.getMap('annotations').set('x', 1)],
      ['review', 'root-forbidden', (doc) => doc.getMap('review').set('x', 1)],
      ['meta', 'root-forbidden', (doc) => doc.getMap('meta').set('title', 'Mine')],
      ['text/fr', 'root-unknown', (doc) => doc.getXmlFragment('text/fr').insert(0, [new Y.XmlElement('block')])],
      ['anything', 'root-unknown', (doc) => doc.getArray('anything').push([1])],
    ];
    for (const [root, code, attempt] of attempts) {
      const client = await join(server, EDITOR);
      attempt(client.doc);
      await until(() => client.refused.length === 1, `${root} is refused`);
      expect(client.refused[0]).toMatchObject({ code, root });
    }
    const doc = server.log.replay();
    expect([...doc.share.keys()].sort()).toEqual(['meta', 'text/en', 'text/ky', 'text/ru']);
    expect(doc.getMap('meta').get('title')).toBe('Bridge');
  });

  it('SYNC-14 takes a right away from an open connection at once, and tells its client', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    expect(author.hello?.editableLanguages).toEqual(['ru']);
    server.people.set('russian', { ...RUSSIAN, role: 'reader' });
    await server.rooms.rightsChanged('russian');
    expect(author.hello?.editableLanguages).toEqual([]);
    expect(author.hello?.person.role).toBe('reader');
    firstText(author.doc, 'ru').insert(0, 'Поздно');
    await until(() => author.refused.length === 1, 'it is refused');
    expect(words(server.log.replay(), 'ru')).toBe('Words in ru');
  });

  it('SYNC-15 gives the right of one article on an open connection at once', async () => {
    const server = start();
    const author = await join(server, CHECKER);
    server.standings.set('checker', { role: 'translator', languages: ['ky'] });
    await server.rooms.rightsChanged('checker');
    expect(author.hello?.editableLanguages).toEqual(['ky']);
    firstText(author.doc, 'ky').insert(0, 'Ооба. ');
    await until(() => author.saved === 2, 'it is saved');
  });

  it('SYNC-16 closes the connections of an ended session and of somebody who may not read', async () => {
    const server = start();
    const gone = await join(server, KYRGYZ);
    const stays = await join(server, EDITOR);
    server.people.delete('kyrgyz');
    await server.rooms.rightsChanged('kyrgyz');
    expect(gone.closed).toEqual({ code: 4401, reason: 'not-signed-in' });
    expect(stays.closed).toBeNull();
  });

  it('SYNC-17 closes a connection that asks for no article, another history, or comes while the server stops', async () => {
    const server = start();
    const lost = new MemoryClient(server, EDITOR, { article: 'nowhere' });
    await until(() => lost.closed !== null, 'it is closed');
    expect(lost.closed).toEqual({ code: 4404, reason: 'article-not-found' });
    const stale = new MemoryClient(server, EDITOR, { epoch: 7 });
    await until(() => stale.closed !== null, 'it is closed');
    expect(stale.closed).toEqual({ code: 4409, reason: 'epoch-changed' });
    expect(stale.heard).toEqual([]);
    const current = await join(server, EDITOR, { epoch: 1 });
    expect(current.closed).toBeNull();
    await server.rooms.close();
    expect(current.closed).toEqual({ code: 4503, reason: 'shutting-down' });
    const late = new MemoryClient(server, EDITOR);
    await until(() => late.closed !== null, 'it is closed');
    expect(late.closed).toEqual({ code: 4503, reason: 'shutting-down' });
    clients.push(lost, stale, late);
  });

  it('SYNC-18 leases each connection a client id that nobody else can write with', async () => {
    const server = start();
    const first = await join(server, RUSSIAN);
    const second = await join(server, RUSSIAN);
    const leased = first.hello!.clientId;
    expect(second.hello!.clientId).not.toBe(leased);
    expect(server.log.claims.get(leased)).toBe('russian');
    const thief = await join(server, EDITOR);
    thief.doc.clientID = leased;
    firstText(thief.doc, 'ru').insert(0, 'Чужое имя');
    await until(() => thief.refused.length === 1, 'it is refused');
    expect(thief.refused[0]).toMatchObject({ code: 'client-id-foreign' });
  });

  it('SYNC-19 records a client id as its writer’s in the same commit as the words', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    firstText(author.doc, 'ru').insert(0, 'Я');
    await until(() => author.saved === 2, 'it is saved');
    expect(server.log.rows.at(-1)).toMatchObject({ personId: 'russian', clients: [author.doc.clientID] });
  });

  it('SYNC-20 asks a client that writes ahead of its offline words for them, and counts nothing before they came', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    await until(() => author.saved === 1, 'it has said what it holds');
    // Two changes, of which the network loses the first: the second builds upon it.
    const lost: Uint8Array[] = [];
    author.doc.on('update', (update: Uint8Array) => lost.push(update));
    const send = author.sendUpdate.bind(author);
    author.sendUpdate = () => {};
    firstText(author.doc, 'ru').insert(0, 'один ');
    firstText(author.doc, 'ru').insert(5, 'два ');
    author.sendUpdate = send;
    server.log.hold();
    author.sendUpdate(lost[1]!);
    await quiet();
    expect(author.saved).toBe(1);
    expect(author.refused).toEqual([]);
    server.log.release();
    await until(() => author.saved === 3, 'its answer brought what was missing');
    expect(words(server.log.replay(), 'ru')).toBe('один два Words in ru');
  });

  it('SYNC-21 refuses an answer that builds upon what exists nowhere', async () => {
    const server = start();
    const client = new MemoryClient(server, RUSSIAN, { sync: false });
    clients.push(client);
    const other = new Y.Doc();
    other.getText('text/ru').insert(0, 'abc');
    const first = Y.encodeStateVector(other);
    other.getText('text/ru').insert(3, 'def');
    client.send(new Uint8Array([0, 1, ...lengthPrefixed(Y.encodeStateAsUpdate(other, first))]));
    await until(() => client.refused.length === 1, 'it is refused');
    expect(client.refused[0]).toMatchObject({ code: 'missing-dependency' });
  });

  it('SYNC-22 closes malformed messages, and takes nothing of them', async () => {
    const server = start();
    for (const message of [
      [],
      [9],
      [0],
      [0, 7, 0],
      [0, 2, 5, 1],
      [0, 0, 2, 255, 255],
      [1, 3, 1, 1, 200],
      [0, 2, 1, 0, 0],
    ]) {
      const client = await join(server, EDITOR);
      client.send(new Uint8Array(message));
      expect(client.closed, JSON.stringify(message)).toEqual({ code: 4400, reason: 'malformed' });
    }
    expect(server.log.rows).toHaveLength(1);
  });

  it('SYNC-23 closes a connection that sends too much at once or too often', async () => {
    const server = start({ options: { maxFrameBytes: 2_000, updateBurst: 50, updatesPerSecond: 1 } });
    const big = await join(server, RUSSIAN);
    firstText(big.doc, 'ru').insert(0, 'x'.repeat(3_000));
    expect(big.closed).toEqual({ code: 4413, reason: 'too-large' });
    const fast = await join(server, RUSSIAN);
    for (let i = 0; i < 60; i += 1) firstText(fast.doc, 'ru').insert(0, 'x');
    expect(fast.closed).toEqual({ code: 4529, reason: 'rate-limited' });
  });
});

function lengthPrefixed(bytes: Uint8Array): number[] {
  expect(bytes.length).toBeLessThan(128);
  return [bytes.length, ...bytes];
}

describe('presence', () => {
  it('SYNC-24 stamps identity over whatever a client says of itself', async () => {
    const server = start();
    const liar = await join(server, RUSSIAN);
    const witness = await join(server, EDITOR);
    liar.awareness.setLocalState({ user: { name: 'The Editor', id: 'editor' }, blockId: 'b1' });
    liar.sendPresence();
    await until(() => witness.awareness.getStates().has(liar.doc.clientID), 'the witness sees it');
    expect(witness.awareness.getStates().get(liar.doc.clientID)).toEqual({
      user: { id: 'russian', name: 'Name of russian', role: 'translator', color: '#336699' },
      blockId: 'b1',
    });
  });

  it('SYNC-25 ignores what a client says of others, and never tells a client about itself', async () => {
    const server = start();
    const honest = await join(server, RUSSIAN);
    const liar = await join(server, KYRGYZ);
    const witness = await join(server, EDITOR);
    honest.sendPresence();
    await until(() => liar.awareness.getStates().has(honest.doc.clientID), 'the liar hears of the honest one');
    liar.awareness.meta.set(honest.doc.clientID, { clock: Number.MAX_SAFE_INTEGER - 1, lastUpdated: 0 });
    liar.awareness.states.set(honest.doc.clientID, { blockId: 'elsewhere' });
    liar.sendPresence([honest.doc.clientID]);
    await quiet();
    expect(witness.awareness.getStates().get(honest.doc.clientID)).not.toHaveProperty('blockId');
    expect(honest.awareness.getLocalState()).toEqual({});
  });

  it('SYNC-26 forgets presence at once when its connection closes, and believes whoever returns', async () => {
    const server = start();
    const first = await join(server, RUSSIAN);
    const witness = await join(server, EDITOR);
    first.sendPresence();
    await until(() => witness.awareness.getStates().has(first.doc.clientID), 'it is seen');
    first.leave();
    expect(witness.awareness.getStates().has(first.doc.clientID)).toBe(false);
    const again = await join(server, RUSSIAN, { doc: first.doc });
    again.sendPresence();
    await until(() => witness.awareness.getStates().has(first.doc.clientID), 'it is seen again');
  });

  it('SYNC-27 coalesces presence', async () => {
    const server = start({ options: { presenceIntervalMs: 30 } });
    const mover = await join(server, RUSSIAN);
    const witness = await join(server, EDITOR);
    const before = witness.heard.length;
    for (let i = 0; i < 20; i += 1) {
      mover.awareness.setLocalState({ blockId: `b${i}` });
      mover.sendPresence();
    }
    await until(() => witness.awareness.getStates().get(mover.doc.clientID)?.blockId === 'b19', 'the last is seen');
    expect(witness.heard.length).toBe(before + 1);
  });

  it('SYNC-28 tells who is in a room, each person once', async () => {
    const server = start();
    const first = await join(server, RUSSIAN);
    const second = await join(server, RUSSIAN);
    const third = await join(server, EDITOR);
    first.leave();
    second.leave();
    third.leave();
    expect(server.presence).toEqual([['russian'], ['russian', 'editor'], ['editor'], []]);
  });
});

describe('slow readers', () => {
  it('SYNC-29 takes a slow reader off live updates and catches it up when it drains', async () => {
    const server = start({ options: { slowReaderBytes: 500 } });
    const author = await join(server, RUSSIAN);
    const slow = await join(server, READER);
    slow.pause();
    for (let i = 0; i < 50; i += 1) {
      firstText(author.doc, 'ru').insert(0, `word ${i} and some more `);
      await until(() => author.saved === i + 2, 'it is saved');
    }
    expect(slow.buffered).toBeLessThan(1_000);
    expect(server.rooms.stats().slowReaders).toBe(1);
    const before = slow.heard.length;
    slow.resume();
    await until(() => words(slow.doc, 'ru') === words(author.doc, 'ru'), 'it has caught up');
    expect(slow.heard.length - before).toBeLessThan(20);
    firstText(author.doc, 'ru').insert(0, 'live ');
    await until(() => words(slow.doc, 'ru').startsWith('live'), 'it is live again');
    expect(server.rooms.stats().slowReaders).toBe(0);
  });

  it('SYNC-30 cuts off a reader that has stopped', async () => {
    const server = start({ options: { slowReaderBytes: 100, stoppedReaderMs: 40 } });
    const author = await join(server, RUSSIAN);
    const stopped = await join(server, READER);
    stopped.pause();
    firstText(author.doc, 'ru').insert(0, 'x'.repeat(500));
    await until(() => stopped.closed === 'aborted', 'it is cut off');
    expect(author.closed).toBeNull();
  });
});

describe('the life of a room', () => {
  it('SYNC-31 keeps a room while somebody is in it and lets it go when all is on disk; a join while it drains revives it', async () => {
    let release = () => {};
    const server = start({
      options: { idleMs: 20, settleMs: 60_000 },
      settled: () => new Promise<void>((resolve) => (release = resolve)),
    });
    const author = await join(server, RUSSIAN);
    firstText(author.doc, 'ru').insert(0, 'Раз. ');
    await until(() => author.saved === 2, 'it is saved');
    const room = await server.rooms.live(ARTICLE);
    await quiet(60);
    expect(await server.rooms.live(ARTICLE)).toBe(room);
    author.leave();
    await quiet(60); // now it is draining, and waits in `settled`
    const again = await join(server, EDITOR);
    release();
    await quiet(60);
    expect(await server.rooms.live(ARTICLE)).toBe(room);
    again.leave();
    await until(() => server.rooms.stats().rooms === 0, 'the room has gone');
    const back = await join(server, EDITOR);
    expect(words(back.doc, 'ru')).toBe('Раз. Words in ru');
  });

  it('SYNC-32 answers a failed load with an error, never with an empty document, and tries again', async () => {
    const server = start();
    const load = server.log.load.bind(server.log);
    server.log.load = async () => {
      throw new Error('bad sector');
    };
    await expect(server.rooms.use(ARTICLE, () => 1)).rejects.toMatchObject({ code: 'article-unreadable' });
    const client = new MemoryClient(server, EDITOR);
    clients.push(client);
    await until(() => client.closed !== null, 'it is closed');
    expect(client.closed).toEqual({ code: 4510, reason: 'article-unreadable' });
    server.log.load = load;
    expect(await server.rooms.use(ARTICLE, (room) => words(room.doc, 'en'))).toBe('Words in en');
    server.log.rows.splice(0, 1, { articleId: 'gap', personId: null, at: 0, update: new Uint8Array() });
    server.log.rows.push({ articleId: 'gap', personId: null, at: 0, update: new Uint8Array([1, 1, 1]) });
    await expect(server.rooms.use('gap', () => 1)).rejects.toMatchObject({ code: 'article-unreadable' });
  });

  it('SYNC-33 compacts an article that has come to rest, and opens it from there', async () => {
    const server = start({ options: { settleMs: 20, compactAfterRows: 3, idleMs: 60_000 } });
    const author = await join(server, RUSSIAN);
    for (let i = 0; i < 5; i += 1) {
      firstText(author.doc, 'ru').insert(0, `${i}`);
      await until(() => author.saved === i + 2, 'it is saved');
    }
    await until(() => server.log.compacted !== null, 'it is compacted');
    await server.rooms.drop(ARTICLE);
    expect(author.closed).toEqual({ code: 4500, reason: 'reload' });
    expect(await server.rooms.use(ARTICLE, (room) => words(room.doc, 'ru'))).toBe('43210Words in ru');
  });

  it('SYNC-34 runs a command in one transaction and records its outcome in the same commit', async () => {
    const server = start();
    const witness = await join(server, READER);
    const value = await server.rooms.use(ARTICLE, (room) =>
      room.transact(
        EDITOR,
        (doc) => {
          doc.getMap(META_ROOT).set('title', 'New');
          return 5;
        },
        { id: 'c1', personId: 'editor', result: (five) => ({ five }) },
      ),
    );
    expect(value).toBe(5);
    expect(server.log.commands).toMatchObject([{ id: 'c1', articleId: ARTICLE, result: '{"five":5}' }]);
    expect(server.log.rows.at(-1)).toMatchObject({ personId: 'editor' });
    expect(witness.doc.getMap(META_ROOT).get('title')).toBe('New');
    const failing = server.rooms.use(ARTICLE, (room) =>
      room.transact(EDITOR, () => {
        throw new KopuroError('block-not-found');
      }),
    );
    await expect(failing).rejects.toMatchObject({ code: 'block-not-found' });
    expect(await server.rooms.live(ARTICLE)).not.toBeNull();
  });

  it('SYNC-35 waits for what a client has typed, and not for ever', async () => {
    const server = start();
    const author = await join(server, RUSSIAN);
    const ahead = new Y.Doc();
    Y.applyUpdate(ahead, Y.encodeStateAsUpdate(author.doc));
    ahead.clientID = author.doc.clientID;
    firstText(ahead, 'ru').insert(0, 'Вперёд');
    const stateVector = Y.encodeStateVector(ahead);
    await server.rooms.use(ARTICLE, async (room) => {
      await expect(room.waitFor(stateVector, 20)).rejects.toMatchObject({ code: 'behind-client' });
      await expect(room.waitFor(new Uint8Array([9]), 20)).rejects.toMatchObject({ code: 'invalid-input' });
      const waiting = room.waitFor(stateVector, 2_000);
      author.sendUpdate(Y.encodeStateAsUpdate(ahead));
      await waiting;
    });
  });

  it('SYNC-36 greets everybody anew when the article gets another language', async () => {
    const server = start();
    const editor = await join(server, EDITOR);
    expect(editor.hello?.editableLanguages).toEqual(['en', 'ru', 'ky']);
    await server.rooms.use(ARTICLE, (room) =>
      room.transact(EDITOR, (doc) => doc.getMap(META_ROOT).set('targetLanguages', ['ru', 'ky', 'uz'])),
    );
    await until(() => editor.hello!.editableLanguages.includes('uz'), 'it is told');
    editor.doc.getXmlFragment('text/uz').insert(0, [new Y.XmlElement('block')]);
    await until(() => editor.saved === 2, 'it may write it');
  });
});
