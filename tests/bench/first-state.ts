// `npx tsx tests/bench/first-state.ts`: how long others wait while a long article with much history is opened and sent to
// somebody who has nothing. The longest turn of the event loop is told in CPU time of its thread, which the neighbours on a busy
// machine cannot lengthen much. Linux only (/proc).
import { readFileSync } from 'node:fs';
import * as Y from 'yjs';
import { createBlockElement, makeBlock } from '../../shared/article/blocks.ts';
import { writeMeta } from '../../shared/article/meta.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { MESSAGE_SYNC, SYNC_STEP_2 } from '../../shared/protocol/sync.ts';
import { ARTICLE, EDITOR, engine, MemoryLog } from '../sync/harness.ts';
import { makeLongArticle, randomSource } from './article.ts';
import { percentile } from './figures.ts';

const WORDS = 60_000;
const KEYSTROKES = 100_000;
const PEOPLE = 10;
/** Keystrokes of one person before another goes on. */
const RUN = 50;
const TAIL_ROWS = 400;
const ROUNDS = 9;
const LANGUAGES = ['en', 'ru', 'ky'];

interface Stored {
  state: Uint8Array;
  tail: Uint8Array[];
}

console.log(`an article of ${WORDS} words, ${KEYSTROKES} keystrokes of ${PEOPLE} people …`);
const stored = makeStored();
console.log(`state of ${stored.state.length} bytes and ${stored.tail.length} rows after it\n`);

const ways = { 'in one go': inOneGo, 'in pieces': inPieces };
const longest: Record<string, number[]> = { 'in one go': [], 'in pieces': [] };
const total: Record<string, number[]> = { 'in one go': [], 'in pieces': [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, way] of Object.entries(ways)) {
    const turns = await watchTurns(() => way(stored));
    if (round === 0) continue; // the compiler warms up
    longest[name]!.push(Math.max(...turns));
    total[name]!.push(turns.reduce((sum, turn) => sum + turn, 0));
  }
}
for (const name of Object.keys(ways)) {
  const show = (values: number[]) =>
    `${percentile(values, 0.5).toFixed(1)} ms (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
  console.log(`${name}: longest turn ${show(longest[name]!)}, all turns ${show(total[name]!)}`);
}

/** As it was done before: apply all, encode all, frame all. */
async function inOneGo({ state, tail }: Stored): Promise<void> {
  const doc = new Y.Doc({ guid: ARTICLE });
  doc.transact(() => {
    for (const update of [state, ...tail]) Y.applyUpdate(doc, update);
  });
  await new Promise((resolve) => setImmediate(resolve));
  Buffer.concat([new Uint8Array(4), Y.encodeStateAsUpdate(doc)]);
}

/** The real rooms, and a newcomer whose network takes everything at once. */
async function inPieces({ state, tail }: Stored): Promise<void> {
  const log = new MemoryLog();
  log.rows.push(...[state, ...tail].map((update) => ({ articleId: ARTICLE, personId: null, at: 0, update })));
  const { rooms } = engine({ log });
  await new Promise<void>((resolve) => {
    const end = (message: Uint8Array) => {
      if (message[0] === MESSAGE_SYNC && message[1] === SYNC_STEP_2) resolve();
    };
    const connection = rooms.acceptSocket(
      {
        bufferedBytes: 0,
        send: end,
        sendTogether: (shared, ...own) => {
          shared.framed((message) => Buffer.concat([new Uint8Array(4), message]));
          own.forEach(end);
        },
        cork: () => {},
        uncork: () => {},
        whenDrained: (callback) => setImmediate(callback),
        ping: () => {},
        close: () => {},
        abort: () => {},
      },
      { articleId: ARTICLE, identity: { person: EDITOR, credential: EDITOR.id }, ours: true, inPieces: true },
    );
    connection.receive(new Uint8Array([0, 0, 1, 0]));
  });
  await rooms.close();
}

/** CPU time of this thread in each turn of the event loop while `work` is under way, in ms. */
async function watchTurns(work: () => Promise<void>): Promise<number[]> {
  const turns: number[] = [];
  let watching = true;
  let last = threadCpuMs();
  const watch = () => {
    const now = threadCpuMs();
    turns.push(now - last);
    last = now;
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  watching = false;
  turns.push(threadCpuMs() - last);
  return turns;
}

function threadCpuMs(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

function makeStored(): Stored {
  const article = makeLongArticle(WORDS, LANGUAGES);
  const texts: Record<string, string[]> = { en: article.markdown.split('\n\n'), ...article.translations };
  const server = new Y.Doc();
  server.transact(() => {
    writeMeta(server, { title: 'Long', sourceLanguage: 'en', targetLanguages: ['ru', 'ky'], deadline: null });
    for (const language of LANGUAGES) {
      const blocks = texts[language]!.map((text, index) => createBlockElement(makeBlock(`b${index}`, text)));
      server.getXmlFragment(textRoot(language)).insert(0, blocks);
    }
  });
  const random = randomSource(11);
  const below = (limit: number) => Math.floor(random() * limit);
  const people = Array.from({ length: PEOPLE }, () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
    return doc;
  });
  let tail: Uint8Array[] = [];
  let state: Uint8Array | null = null;
  server.on('update', (update: Uint8Array) => tail.push(update));
  const runs = KEYSTROKES / RUN;
  for (let run = 0; run < runs; run += 1) {
    const doc = people[below(PEOPLE)]!;
    const before = Y.encodeStateVector(doc);
    type(doc, below);
    const update = Y.encodeStateAsUpdate(doc, before);
    for (const other of [server, ...people]) if (other !== doc) Y.applyUpdate(other, update);
    if (run === runs - TAIL_ROWS - 1) {
      state = Y.encodeStateAsUpdate(server);
      tail = [];
    }
  }
  return { state: state!, tail };
}

/** One person at one place: three letters typed for one taken back. */
function type(doc: Y.Doc, below: (limit: number) => number): void {
  const fragment = doc.getXmlFragment(textRoot(LANGUAGES[below(LANGUAGES.length)]!));
  const text = (fragment.get(below(fragment.length)) as Y.XmlElement).get(0) as Y.XmlText;
  let at = below(text.length);
  for (let key = 0; key < RUN; key += 1) {
    if (below(4) === 0 && at > 0) {
      at -= 1;
      text.delete(at, 1);
    } else {
      text.insert(at, 'мост bridge көпүрө'[below(18)]!);
      at += 1;
    }
  }
}
