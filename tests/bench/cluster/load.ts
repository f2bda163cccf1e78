// The load: articles in which somebody types at one process and others look on at the next ones, as raw clients without documents.
// It measures what was delivered, and knows nothing of what it cost.
import { performance } from 'node:perf_hooks';
import * as Y from 'yjs';
import type { Somebody } from '../../cluster/newsroom.ts';
import type { RunningServer } from '../../support/server.ts';
import { makeLongArticle } from '../article.ts';
import { Coverage, Reading } from '../sync/coverage.ts';
import { pause, until } from '../sync/pace.ts';
import { Typist } from '../sync/typist.ts';
import { RawClient } from '../sync/wire.ts';

const PARAGRAPHS = 5;
const WORDS_A_PARAGRAPH = 80;
const FIRST_CLIENT = 10_000;

export interface Desk {
  /** One key: an update and the caret that follows it. */
  key(): void;
  /** Whether every reader has every key. */
  readonly isDelivered: boolean;
  /** Whether the last key is acknowledged. */
  readonly isSaved: boolean;
  readonly keys: number;
  /** ms from each key to each reader, since they were last taken. */
  takeLatencies(): number[];
  close(): void;
}

const reading = new Reading();
let desks = 0;

/** An article of 400 words with one writer, and readers at the processes after the writer's, in turn. */
export async function openDesk(
  processes: readonly RunningServer[],
  people: readonly Somebody[],
  readers: number,
): Promise<Desk> {
  const number = desks++;
  const at = (index: number) => processes[index % processes.length]!;
  const who = (index: number) => people[index % people.length]!;
  const articleId = await makeArticle(at(number), who(number), number);
  const writer = connect(at(number), who(number), articleId);
  const doc = new Y.Doc();
  writer.onUpdate = (update) => Y.applyUpdate(doc, update);
  await writer.open();
  Y.applyUpdate(doc, await writer.sync());
  writer.onUpdate = () => {};
  const typist = new Typist(Y.encodeStateAsUpdate(doc), FIRST_CLIENT + number, 0);

  const sentAt: number[] = [];
  let latencies: number[] = [];
  const watching: { client: RawClient; coverage: Coverage }[] = [];
  for (let index = 1; index <= readers; index += 1) {
    const client = connect(at(number + index), who(number + index), articleId);
    const coverage = new Coverage(reading, [typist.client]);
    client.onUpdate = (update, moment) =>
      coverage.take(update, (_, start, end) => {
        for (let clock = start; clock < end; clock += 1) latencies.push(moment - sentAt[clock]!);
      });
    await client.open();
    await client.sync();
    watching.push({ client, coverage });
  }
  let caret = 1;
  return {
    key() {
      sentAt[typist.clock] = performance.now();
      writer.update(typist.key());
      writer.presence(typist.client, caret++, { cursor: { language: 'en', at: typist.clock } });
    },
    get isDelivered() {
      return watching.every(({ coverage }) => coverage.clock(typist.client) === typist.clock);
    },
    get isSaved() {
      return writer.acknowledged === writer.sent;
    },
    get keys() {
      return typist.clock;
    },
    takeLatencies() {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    close() {
      for (const client of [writer, ...watching.map((one) => one.client)]) client.terminate();
    },
  };
}

/**
 * So many keys in all, in turn: the next one, at another article if there are others, when the last one is delivered and saved, and no
 * sooner than after `atLeastMs`. Nothing is ever gathered then, however busy the machine is.
 */
export async function typeInTurn(all: readonly Desk[], keys: number, atLeastMs = 0): Promise<void> {
  for (let key = 0; key < keys; key += 1) {
    const desk = all[key % all.length]!;
    const next = performance.now() + atLeastMs;
    desk.key();
    await delivered([desk]);
    await pause(Math.max(0, next - performance.now()));
  }
}

/** Everybody types the next key as soon as the last one is saved, for so long. */
export async function typeAsSaved(all: readonly Desk[], seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    for (const desk of all) if (desk.isSaved) desk.key();
    await pause(1);
  }
  await delivered(all);
}

function delivered(all: readonly Desk[]): Promise<void> {
  const lacking = () => all.filter((desk) => !desk.isDelivered || !desk.isSaved).length;
  return until(
    () => lacking() === 0,
    () => `${lacking()} articles lack keys`,
  );
}

function connect({ port }: RunningServer, { cookie }: Somebody, document: string): RawClient {
  return new RawClient({ dialect: 'kopuro', port, document, cookie });
}

async function makeArticle({ url }: RunningServer, { token }: Somebody, number: number): Promise<string> {
  const { markdown } = makeLongArticle(PARAGRAPHS * WORDS_A_PARAGRAPH, ['en'], 1 + number);
  const response = await fetch(`${url}/api/articles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      title: `Article ${number}`,
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      format: 'txt',
      content: markdown
        .split('\n\n')
        .filter((block) => !block.startsWith('#'))
        .join('\n\n'),
    }),
  });
  if (response.status !== 201) throw new Error(`creating an article answered ${response.status}`);
  return ((await response.json()) as { id: string }).id;
}
