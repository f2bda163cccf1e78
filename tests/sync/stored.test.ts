// Articles that are served from what is stored, before anybody has built their document: what readers hear, what waits for the
// document, and that in the end everybody has the same, whoever comes when. A failure of the random ones prints its seed.
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBlockElement, makeBlock } from '../../shared/article/blocks.ts';
import { writeMeta } from '../../shared/article/meta.ts';
import { META_ROOT, textRoot } from '../../shared/article/roots.ts';
import { MESSAGE_COMING, MESSAGE_SYNC, SYNC_STEP_2, SYNC_UPDATE } from '../../shared/protocol/sync.ts';
import { randomSource } from '../bench/article.ts';
import {
  ARTICLE,
  EDITOR,
  type Engine,
  engine,
  firstText,
  MemoryClient,
  MemoryLog,
  quiet,
  READER,
  RUSSIAN,
  until,
  words,
} from './harness.ts';

const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 12;
/** Within this everything has arrived. */
const SLOW_MACHINE_MS = 20_000;

const engines: Engine[] = [];
const clients: MemoryClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  for (const one of engines.splice(0)) await one.rooms.close();
});

/** An article of about `bytes`, with deletions in its history, of which all but the last rows are in a state. */
function storedLog(bytes: number, rowsAfter = 3): MemoryLog {
  const log = new MemoryLog();
  const store = (update: Uint8Array) => log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update });
  const doc = new Y.Doc();
  doc.transact(() => {
    writeMeta(doc, { title: 'Bridge', sourceLanguage: 'en', targetLanguages: ['ru', 'ky'], deadline: null });
    const paragraph = 'A bridge of many words. '.repeat(40);
    const blocks = Array.from({ length: Math.ceil(bytes / paragraph.length) }, (_, index) =>
      createBlockElement(makeBlock(`b${index}`, `${index} ${paragraph}`)),
    );
    doc.getXmlFragment(textRoot('en')).insert(0, blocks);
    for (const language of ['ru', 'ky']) {
      doc.getXmlFragment(textRoot(language)).insert(0, [createBlockElement(makeBlock('b0', `Words in ${language}`))]);
    }
  });
  store(Y.encodeStateAsUpdate(doc));
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  for (const one of [doc, other]) one.on('update', store);
  firstText(other, 'ru').insert(0, 'Мост. ');
  Y.applyUpdate(doc, log.rows.at(-1)!.update);
  log.rows.pop(); // it was told twice
  firstText(doc, 'ru').delete(1, 2);
  void log.compact(ARTICLE, log.rows.length);
  for (let row = 0; row < rowsAfter; row += 1) {
    firstText(doc, 'ru').insert(0, `${row} `);
    if (row % 2 === 1) firstText(doc, 'ky').delete(0, 1);
  }
  return log;
}

function start(log: MemoryLog, options: NonNullable<Parameters<typeof engine>[0]>['options'] = {}): Engine {
  const made = engine({ log, options });
  engines.push(made);
  return made;
}

type Given = ConstructorParameters<typeof MemoryClient>[2];

function enter(server: Engine, who: typeof EDITOR, given: Given = {}): MemoryClient {
  const client = new MemoryClient(server, who, given);
  clients.push(client);
  return client;
}

const isStep = (step: number) => (message: Uint8Array) => message[0] === MESSAGE_SYNC && message[1] === step;
const isSynced = (client: MemoryClient) => client.heard.some(isStep(SYNC_STEP_2));

async function join(server: Engine, who: typeof EDITOR, given: Given = {}): Promise<MemoryClient> {
  const client = enter(server, who, given);
  await until(() => client.closed !== null || isSynced(client), 'the client is synced');
  return client;
}

/** As somebody has it who was here before and has kept it. */
function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

const clocksOf = (doc: Y.Doc) =>
  [...Y.decodeStateVector(Y.encodeStateVector(doc))]
    .sort(([one], [other]) => one - other)
    .map((entry) => entry.join())
    .join(' ');

const contentOf = (doc: Y.Doc) => ({
  texts: ['en', 'ru', 'ky'].map((language) => words(doc, language)),
  title: doc.getMap(META_ROOT).get('title'),
  clocks: clocksOf(doc),
});

const documents = (server: Engine) => server.rooms.stats().documents;

describe('an article that is only read', () => {
  it('SYNC-55 is served without a document: to newcomers, to whoever comes back with every word, to whoever says so', async () => {
    const log = storedLog(600_000);
    const server = start(log);
    const pieces = await join(server, READER, { inPieces: true });
    const plain = await join(server, READER, { ours: false });
    expect(contentOf(pieces.doc)).toEqual(contentOf(log.replay()));
    expect(contentOf(plain.doc)).toEqual(contentOf(log.replay()));
    expect(plain.heard.filter(isStep(SYNC_UPDATE))).toHaveLength(1);
    const back = await join(server, READER, { doc: copyOf(log.replay()) });
    await quiet();
    expect(back.saved).toBe(1); // its answer to our question, with all that it knows to be deleted
    expect(back.heard.filter(isStep(SYNC_STEP_2))[0]!.length).toBeLessThan(200);
    pieces.sendPresence();
    await quiet();
    expect([documents(server), server.rooms.stats().rooms, server.refusals]).toEqual([0, 1, []]);
  });

  it('SYNC-55 tells whoever comes back with every word what was deleted meanwhile', async () => {
    const log = storedLog(2_000, 0);
    const before = copyOf(log.replay());
    const author = log.replay();
    author.on('update', (update: Uint8Array) => log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update }));
    firstText(author, 'ky').delete(0, 3);
    const server = start(log);
    const back = await join(server, READER, { doc: before });
    expect(words(back.doc, 'ky')).toBe(words(author, 'ky'));
    expect(documents(server)).toBe(0);
  });

  it('SYNC-55 is read on from memory while the log cannot be read, and written to', async () => {
    const server = start(storedLog(600_000), { idleMs: 20 });
    await join(server, READER, { inPieces: true });
    server.log.load = async () => {
      throw new Error('bad sector');
    };
    await quiet(100); // long enough for a first state that nobody needs to be forgotten
    const late = await join(server, READER, { inPieces: true });
    const author = await join(server, RUSSIAN, { inPieces: true });
    firstText(author.doc, 'ru').insert(0, 'Ещё. ');
    await until(() => words(late.doc, 'ru').startsWith('Ещё. '), 'the reader hears it');
    expect(server.errors).toEqual([]);
  });
});

describe('the document of an article', () => {
  it('SYNC-56 is built when everything was sent to somebody who may write, and for a command', async () => {
    const server = start(storedLog(600_000));
    const editor = await join(server, EDITOR, { inPieces: true });
    await until(() => documents(server) === 1, 'it is built');
    expect(editor.saved).toBeLessThan(2);

    const other = start(storedLog(600_000));
    const reader = await join(other, READER, { inPieces: true });
    const title = (doc: Y.Doc) => doc.getMap(META_ROOT).set('title', 'New');
    await other.rooms.use(ARTICLE, (room) => room.transact(EDITOR, title));
    expect(reader.doc.getMap(META_ROOT).get('title')).toBe('New');
    expect(documents(other)).toBe(1);
  });

  it('SYNC-56 is waited for by what takes it, in order: words written offline, and what is typed meanwhile', async () => {
    const log = storedLog(600_000);
    const doc = copyOf(log.replay());
    firstText(doc, 'ru').insert(0, 'Дома. ');
    const server = start(log);
    const back = enter(server, RUSSIAN, { doc, sync: false });
    back.sendUpdate(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(log.replay())));
    firstText(doc, 'ru').insert(0, 'Сразу. ');
    back.sync();
    expect(documents(server)).toBe(0);
    await until(() => back.saved >= 2, 'both are saved');
    expect(words(log.replay(), 'ru')).toMatch(/^Сразу\. Дома\. /);
    expect(contentOf(log.replay())).toEqual(contentOf(doc));
  });

  it('SYNC-56 is waited for within bounds', async () => {
    const server = start(storedLog(600_000), { maxQueuedBytes: 20_000 });
    const author = await join(server, READER, { inPieces: true });
    const [before, doc] = [Y.encodeStateVector(author.doc), author.doc];
    expect(documents(server)).toBe(0);
    firstText(doc, 'ru').insert(0, 'x'.repeat(100_000)); // one of any length waits
    expect(author.closed).toBeNull();
    for (let index = 0; index < 30; index += 1) author.sendUpdate(Y.encodeStateAsUpdate(doc, before).slice(0, 1_000));
    expect(author.closed).toEqual({ code: 4529, reason: 'rate-limited' });
  });

  it('SYNC-56 brings a greeting anew if its languages are not those that the desk had', async () => {
    const log = storedLog(2_000);
    const load = log.load.bind(log);
    log.load = async (articleId) => ({ ...(await load(articleId))!, languages: ['en'] });
    const server = start(log);
    const translator = await join(server, RUSSIAN, { inPieces: true });
    await until(() => translator.hello?.editableLanguages.includes('ru') === true, 'it may write');
    expect(translator.hellos).toBe(2);
  });

  it('SYNC-57 is told in pieces to whoever comes back and lacks much of it', async () => {
    const log = storedLog(1_200_000);
    const early = new Y.Doc();
    const fragment = early.getXmlFragment(textRoot('ky'));
    fragment.insert(0, [createBlockElement(makeBlock('k', 'Байыркы'))]);
    log.rows.unshift({ articleId: ARTICLE, personId: null, at: 0, update: Y.encodeStateAsUpdate(early) });
    log.compacted = null;
    const server = start(log);
    const back = await join(server, EDITOR, { inPieces: true, doc: copyOf(early) });
    const updates = back.heard.filter(isStep(SYNC_UPDATE));
    expect(updates.length).toBeGreaterThan(4);
    expect(back.coming).toBe(updates.reduce((sum, { length }) => sum + length, 0));
    expect(back.heard.findIndex((message) => message[0] === MESSAGE_COMING)).toBeLessThan(
      back.heard.findIndex(isStep(SYNC_UPDATE)),
    );
    expect(back.heard.find(isStep(SYNC_STEP_2))!.length).toBeLessThan(10);
    expect(contentOf(back.doc)).toEqual(contentOf(log.replay()));
    const plain = await join(server, EDITOR, { ours: false, doc: copyOf(early) });
    expect(plain.heard.filter(isStep(SYNC_UPDATE))).toEqual([]);
    expect(contentOf(plain.doc)).toEqual(contentOf(log.replay()));
  });
});

describe('whoever comes when', () => {
  it('SYNC-58 has in the end what everybody has and what is stored', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = SEED + round;
      const random = randomSource(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const log = storedLog([2_000, 300_000][below(2)]!, below(6));
      if (below(4) === 0) log.compacted = null;
      const server = start(log, { compactAfterRows: 4, settleMs: [20, 60_000][below(2)]! });
      const kept = [copyOf(log.replay()), new Y.Doc()];
      const here: MemoryClient[] = [];
      for (let step = 0; step < 25; step += 1) {
        const given = { inPieces: below(3) > 0, ours: below(5) > 0 };
        switch (below(8)) {
          case 0:
          case 1:
            here.push(enter(server, READER, { ...given, doc: below(3) === 0 ? copyOf(kept[below(2)]!) : new Y.Doc() }));
            break;
          case 2:
            here.push(enter(server, EDITOR, { ...given, doc: copyOf(kept[below(2)]!) }));
            break;
          case 3: {
            // Comes back with words that it wrote alone, and types on at once.
            const doc = copyOf(kept[0]!);
            firstText(doc, 'ru').insert(below(4), 'тут ');
            here.push(enter(server, EDITOR, { ...given, doc }));
            firstText(doc, 'en').insert(below(4), 'here ');
            break;
          }
          case 4:
          case 5: {
            const writers = here.filter((client) => client.closed === null && client.hello?.person.role === 'editor');
            const { doc } = writers[below(writers.length)] ?? {};
            if (!doc || words(doc, 'ru') === '') break;
            const text = firstText(doc, ['en', 'ru'][below(2)]!);
            if (below(3) === 0 && text.length > 3) text.delete(below(text.length - 2), 1);
            else text.insert(below(text.length + 1), 'слово ');
            break;
          }
          case 6:
            if (below(2) === 0) await server.rooms.drop(ARTICLE);
            else void server.rooms.use(ARTICLE, () => {}).catch(() => {});
            break;
          default:
            await quiet(below(8));
        }
      }
      const open = () => here.filter((client) => client.closed === null);
      /** Texts are read only where the clocks are the same: it takes long. */
      const isLog = ({ doc }: MemoryClient, stored: Y.Doc) =>
        clocksOf(doc) === clocksOf(stored) && JSON.stringify(contentOf(doc)) === JSON.stringify(contentOf(stored));
      const end = Date.now() + SLOW_MACHINE_MS;
      for (;;) {
        await quiet();
        const stored = log.replay();
        const others = open().filter((client) => !isSynced(client) || !isLog(client, stored));
        if (others.length === 0) break;
        if (Date.now() > end) {
          const who = others.map((client) => `${client.hello?.person.role ?? 'plain'} ${clocksOf(client.doc)}`);
          throw new Error(`${who.join('; ')} and not ${clocksOf(stored)} (seed ${seed})`);
        }
      }
      for (const client of here) client.leave();
      await server.rooms.close();
      expect(server.errors, `seed ${seed}`).toEqual([]);
    }
  }, 120_000);
});
