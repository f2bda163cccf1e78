// Somebody who has nothing yet asks for everything: what they hear, in which portions, at whose pace, and what it costs others.
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { PIECE_BYTES } from '../../server/updates/pieces.ts';
import { createBlockElement, makeBlock } from '../../shared/article/blocks.ts';
import { writeMeta } from '../../shared/article/meta.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { MESSAGE_COMING, MESSAGE_SYNC, SYNC_STEP_1, SYNC_STEP_2, SYNC_UPDATE } from '../../shared/protocol/sync.ts';
import {
  ARTICLE,
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
    one.log.release();
    await one.rooms.close();
  }
});

/** An engine whose article has about `bytes` of English. */
function start(bytes = 1_200_000, options: NonNullable<Parameters<typeof engine>[0]>['options'] = {}): Engine {
  const log = new MemoryLog();
  log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update: longArticle(bytes) });
  const made = engine({ log, options });
  engines.push(made);
  return made;
}

function longArticle(bytes: number): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    writeMeta(doc, { title: 'Long', sourceLanguage: 'en', targetLanguages: ['ru', 'ky'], deadline: null });
    const paragraph = 'A bridge of many words. '.repeat(40);
    const blocks = Array.from({ length: Math.ceil(bytes / paragraph.length) }, (_, index) =>
      createBlockElement(makeBlock(`b${index}`, `${index} ${paragraph}`)),
    );
    doc.getXmlFragment(textRoot('en')).insert(0, blocks);
    for (const language of ['ru', 'ky']) {
      doc.getXmlFragment(textRoot(language)).insert(0, [createBlockElement(makeBlock('b0', `Words in ${language}`))]);
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

type Given = ConstructorParameters<typeof MemoryClient>[2];

function enter(server: Engine, who: typeof EDITOR, given: Given = {}): MemoryClient {
  const client = new MemoryClient(server, who, given);
  clients.push(client);
  return client;
}

async function join(server: Engine, who: typeof EDITOR, given: Given = {}): Promise<MemoryClient> {
  const client = enter(server, who, given);
  await until(() => client.closed !== null || isSynced(client), 'the client is synced');
  return client;
}

const isStep = (step: number) => (message: Uint8Array) => message[0] === MESSAGE_SYNC && message[1] === step;
const isUpdate = isStep(SYNC_UPDATE);
const isSynced = (client: MemoryClient) => client.heard.some(isStep(SYNC_STEP_2));
const bytesOf = (messages: readonly Uint8Array[]) => messages.reduce((sum, { length }) => sum + length, 0);

describe('the first state', () => {
  it('SYNC-41 comes in pieces, announced by their size and ended by a small step 2, to whoever asks for pieces', async () => {
    const server = start();
    const client = await join(server, EDITOR, { inPieces: true });
    const kinds = client.heard.map((message) => (message[0] === MESSAGE_SYNC ? `sync ${message[1]}` : message[0]));
    const updates = client.heard.filter(isUpdate);
    expect(updates.length).toBeGreaterThan(4);
    for (const update of updates) expect(update.length).toBeLessThanOrEqual(PIECE_BYTES + 8);
    expect(client.coming).toBe(bytesOf(updates));
    const order = kinds.filter((kind) => kind === MESSAGE_COMING || String(kind).startsWith('sync'));
    expect(order.slice(0, 2)).toEqual([MESSAGE_COMING, `sync ${SYNC_UPDATE}`]);
    expect(order.slice(-2)).toEqual([`sync ${SYNC_STEP_2}`, `sync ${SYNC_STEP_1}`]);
    expect(client.heard.find(isStep(SYNC_STEP_2))!.length).toBeLessThan(10);
    expect(words(client.doc, 'en').length).toBeGreaterThan(1_000_000);
    expect(client.doc.store.pendingStructs).toBeNull();
  });

  it('SYNC-41 comes as one update to others: Yjs tidies away formatting whose words are in a later piece', async () => {
    // A bold word that somebody wrote anew, letter by letter, after much else: the old letters are gone, the new ones late.
    const author = new Y.Doc();
    Y.applyUpdate(author, longArticle(1_000));
    author.clientID = 7;
    const text = firstText(author, 'ru');
    const writeMuch = () => {
      for (let index = 0; index < 40; index += 1) firstText(author, 'en').insert(0, 'padding '.repeat(1_000));
    };
    writeMuch();
    text.format(0, 5, { bold: {} });
    writeMuch();
    text.insert(3, 'НОВОЕ');
    text.delete(8, 2);
    text.delete(0, 3);
    const bold = [{ insert: 'НОВОЕ', attributes: { bold: {} } }, { insert: ' in ru' }];
    expect(text.toDelta()).toEqual(bold);
    const log = new MemoryLog();
    log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update: Y.encodeStateAsUpdate(author) });
    const server = engine({ log });
    engines.push(server);

    const plain = await join(server, EDITOR, { ours: false });
    expect(plain.heard.filter(isUpdate)).toHaveLength(1);
    await quiet();
    expect(firstText(plain.doc, 'ru').toDelta()).toEqual(bold);
    expect(server.log.rows).toHaveLength(1);
    await server.rooms.use(ARTICLE, (room) => expect(firstText(room.doc, 'ru').toDelta()).toEqual(bold));

    // This is what it is about: the harness applies pieces as they come, which is what a client that asks for them must not do.
    const careless = await join(server, READER, { inPieces: true });
    expect(firstText(careless.doc, 'ru').toDelta()).not.toEqual(bold);
  });

  it('SYNC-41 comes as one update to others, whether it is stored in one or with rows after it', async () => {
    for (const rowsAfter of [0, 3]) {
      const author = new Y.Doc();
      Y.applyUpdate(author, longArticle(600_000));
      const log = new MemoryLog();
      const store = (update: Uint8Array) => log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update });
      store(Y.encodeStateAsUpdate(author));
      author.on('update', store);
      for (let row = 0; row < rowsAfter; row += 1) firstText(author, 'ru').insert(0, `${row} `);
      const server = engine({ log });
      engines.push(server);
      const plain = await join(server, EDITOR, { ours: false });
      expect(plain.heard.filter(isUpdate)).toHaveLength(1);
      expect(words(plain.doc, 'ru')).toBe(words(author, 'ru'));
      expect(Y.encodeStateVector(plain.doc)).toEqual(Y.encodeStateVector(author));
    }
  });

  it('SYNC-42 is built once and shared by a crowd', async () => {
    const server = start(600_000);
    let loads = 0;
    const load = server.log.load.bind(server.log);
    server.log.load = (articleId) => {
      loads += 1;
      return load(articleId);
    };
    const crowd = await Promise.all(Array.from({ length: 5 }, () => join(server, READER, { inPieces: true })));
    const plain = await Promise.all(Array.from({ length: 2 }, () => join(server, READER, { ours: false })));
    for (const group of [crowd, plain]) {
      const [first, ...others] = group.map((client) => client.heard.filter(isUpdate));
      for (const other of others) {
        expect(other).toHaveLength(first!.length);
        for (const [index, message] of other.entries()) expect(message).toBe(first![index]);
      }
    }
    expect(loads).toBe(1);
  });

  it('SYNC-42 is forgotten when nobody asks, read from the log for the next, and misses nothing that came meanwhile', async () => {
    const server = start(1_200_000, { idleMs: 40 });
    const author = await join(server, RUSSIAN);
    let loads = 0;
    const load = server.log.load.bind(server.log);
    let meanwhile = () => {};
    server.log.load = async (articleId) => {
      loads += 1;
      const stored = await load(articleId);
      meanwhile();
      await quiet(30); // what is committed now is not in what was read
      return stored;
    };
    const early = await join(server, EDITOR, { inPieces: true });
    expect([loads, words(early.doc, 'ru')]).toEqual([0, 'Words in ru']);
    await quiet(100);
    meanwhile = () => firstText(author.doc, 'ru').insert(0, 'Между. ');
    firstText(author.doc, 'ru').insert(0, 'До. ');
    await until(() => author.saved === 2, 'it is saved');
    const late = await join(server, EDITOR, { inPieces: true });
    await until(() => words(late.doc, 'ru') === 'Между. До. Words in ru', 'the newcomer has it all');
    expect(loads).toBe(1);
    firstText(author.doc, 'ru').insert(0, 'После. ');
    await until(() => words(late.doc, 'ru') === 'После. Между. До. Words in ru', 'the newcomer hears the rest');
  });

  it('SYNC-42 is read anew when much has been written since', async () => {
    const server = start(2_000);
    const author = await join(server, RUSSIAN);
    for (let index = 0; index < 600; index += 1) {
      firstText(author.doc, 'ru').insert(0, 'я');
      await until(() => author.saved === index + 2, 'it is saved');
    }
    const late = await join(server, EDITOR, { inPieces: true });
    expect(words(late.doc, 'ru')).toBe(words(author.doc, 'ru'));
    expect(late.heard.filter(isUpdate).length).toBeLessThan(100);
  });

  it('SYNC-42 comes from the live article when the log cannot be read', async () => {
    const server = start(2_000, { idleMs: 40 });
    await join(server, RUSSIAN);
    await quiet(100);
    server.log.load = async () => {
      throw new Error('bad sector');
    };
    const late = await join(server, EDITOR, { inPieces: true });
    expect(words(late.doc, 'ru')).toBe('Words in ru');
    expect(server.errors).toHaveLength(1);
  });

  it('SYNC-43 goes to each at the pace at which they read, and others wait for nobody', async () => {
    const server = start();
    const slow = enter(server, READER, { inPieces: true });
    slow.pause();
    const quick = await join(server, EDITOR, { inPieces: true });
    expect(words(quick.doc, 'en').length).toBeGreaterThan(1_000_000);
    const author = await join(server, RUSSIAN);
    firstText(author.doc, 'ru').insert(0, 'Пока. ');
    await until(() => words(quick.doc, 'ru').startsWith('Пока.'), 'others see it');
    expect(slow.buffered).toBeGreaterThan(0);
    expect(slow.buffered).toBeLessThan(2 * PIECE_BYTES);
    for (let rounds = 0; !isSynced(slow); rounds += 1) {
      slow.resume();
      slow.pause();
      await quiet(2);
      expect(slow.buffered).toBeLessThan(2 * PIECE_BYTES);
      expect(rounds).toBeLessThan(100);
    }
    slow.resume();
    await until(() => words(slow.doc, 'ru').startsWith('Пока.'), 'what came meanwhile is at the end of it');
    firstText(author.doc, 'ru').insert(0, 'Теперь. ');
    await until(() => words(slow.doc, 'ru').startsWith('Теперь.'), 'and what comes later is heard live');
  });

  it('SYNC-43 is not sent on to somebody who has stopped reading', async () => {
    const server = start(1_200_000, { stoppedReaderMs: 400 });
    const stopped = enter(server, READER, { inPieces: true });
    stopped.pause();
    await until(() => stopped.closed === 'aborted', 'it is cut off');
    expect((await join(server, EDITOR)).closed).toBeNull();
  });

  it('SYNC-44 lets others have their turn while a long article is loaded and sent', async () => {
    const server = start(3_000_000);
    let turns = 0;
    let watching = true;
    const watch = () => {
      turns += 1;
      if (watching) setImmediate(watch);
    };
    setImmediate(watch);
    await server.rooms.use(ARTICLE, () => {});
    const loading = turns;
    await join(server, EDITOR, { inPieces: true });
    watching = false;
    expect(loading).toBeGreaterThan(3_000_000 / PIECE_BYTES);
    expect(turns - loading).toBeGreaterThan(3_000_000 / PIECE_BYTES / 2);
  });

  it('SYNC-42 answers a client that holds only what the article does not know with the first state', async () => {
    const server = start();
    const doc = new Y.Doc();
    doc.getXmlFragment(textRoot('ky')).insert(0, [createBlockElement(makeBlock('mine', 'Жаңы'))]);
    const client = await join(server, KYRGYZ, { inPieces: true, doc });
    expect(client.coming).toBeGreaterThan(1_000_000);
    await until(() => words(server.log.replay(), 'ky').includes('Жаңы'), 'and takes what it holds');
  });
});
