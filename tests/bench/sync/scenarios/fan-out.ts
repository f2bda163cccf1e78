// One article, ten writers and a hundred readers: first as fast as it goes, then each writer ten keys a second.
import { performance } from 'node:perf_hooks';
import * as Y from 'yjs';
import { percentile } from '../../figures.ts';
import { Coverage, Reading } from '../coverage.ts';
import { hold, join, manyOf } from '../join.ts';
import { atMoments, pause, until } from '../pace.ts';
import type { RunScenario } from '../task.ts';
import { Typist } from '../typist.ts';

const FIRST_CLIENT = 1_000;
/** Updates of one writer that are under way at a time. */
const WINDOW = 100;
const KEY_EVERY_MS = 100;
/** So often as much as is measured goes before it: the compiler's threads count as the server's, too. */
const WARM_UPS = 5;
const PACED_WARM_UP_SECONDS = 3;

export const fanOut: RunScenario = async (task, server) => {
  const { size } = task;
  const article = task.articles[0]!;
  const holder = await hold(task, article);
  const typists = Array.from(
    { length: size.writers },
    (_, index) => new Typist(article.state, FIRST_CLIENT + index, index),
  );
  const clients = typists.map((typist) => typist.client);
  const writers = await manyOf(size.writers, (index) => join(task, article, task.editors[index]));
  const readers = await manyOf(size.readers, (index) => join(task, article, task.readers[index % task.readers.length]));
  holder.terminate();

  const reading = new Reading();
  const everybody = [...readers, ...writers].map((client) => ({ client, coverage: new Coverage(reading, clients) }));
  const sentAt = new Map<number, number[]>(clients.map((client) => [client, []]));
  const latencies: number[] = [];
  const first: Uint8Array[] = [];
  for (const [index, { client, coverage }] of everybody.entries()) {
    const isReader = index < readers.length;
    client.onUpdate = (update, at) => {
      if (index === 0) first.push(update.slice());
      coverage.take(update, (from, start, end) => {
        if (!isReader) return;
        const moments = sentAt.get(from)!;
        for (let clock = start; clock < end; clock += 1) {
          const sent = moments[clock];
          if (sent !== undefined) latencies.push(at - sent);
        }
      });
    };
  }
  const front = everybody[0]!.coverage;

  const lacking = () => {
    let updates = 0;
    for (const [index, { coverage }] of everybody.entries()) {
      for (const [writer, typist] of typists.entries()) {
        if (index !== readers.length + writer) updates += typist.clock - coverage.clock(typist.client);
      }
    }
    return updates;
  };
  const delivered = () =>
    until(
      () => lacking() === 0,
      () => `${lacking()} deliveries are missing`,
    );

  const saturate = (keys: number) => {
    const queues = typists.map((typist) => {
      const start = typist.clock;
      return { typist, start, next: 0, updates: Array.from({ length: keys }, () => typist.key()) };
    });
    return async () => {
      while (queues.some((queue) => queue.next < keys)) {
        for (const [index, queue] of queues.entries()) {
          const known = Math.max(0, front.clock(queue.typist.client) - queue.start);
          const end = Math.min(keys, known + WINDOW);
          while (queue.next < end) writers[index]!.update(queue.updates[queue.next++]!);
        }
        await pause(1);
      }
      await delivered();
    };
  };
  const type = (seconds: number) => {
    const keys = Math.round((seconds * 1000) / KEY_EVERY_MS);
    const moments = typists.flatMap((typist, writer) =>
      Array.from({ length: keys }, (_, key) => {
        const clock = typist.clock;
        const update = typist.key();
        const at = key * KEY_EVERY_MS + (writer * KEY_EVERY_MS) / typists.length;
        return {
          at,
          act() {
            sentAt.get(typist.client)![clock] = performance.now();
            writers[writer]!.update(update);
          },
        };
      }),
    );
    return async () => {
      await atMoments(moments);
      await delivered();
    };
  };

  for (let times = 0; times < WARM_UPS; times += 1) await saturate(size.saturatedKeys)();
  const saturated = await server.cpuDuring('saturated', saturate(size.saturatedKeys));
  await type(PACED_WARM_UP_SECONDS)();
  latencies.length = 0;
  const paced = await server.cpuDuring('paced', type(size.pacedSeconds));

  if (task.dialect !== 'relay') compareTexts(article.state, first, typists);
  const others = everybody.length - 1;
  const pacedUpdates = size.writers * Math.round((size.pacedSeconds * 1000) / KEY_EVERY_MS);
  return {
    'saturated-cpu': saturated / (size.writers * size.saturatedKeys * others),
    'paced-cpu': paced / (pacedUpdates * others),
    'paced-p50': percentile(latencies, 0.5),
    'paced-p99': percentile(latencies, 0.99),
  };
};

/** What one reader was sent makes the texts that were typed. All others were sent the same clocks. */
function compareTexts(state: Uint8Array, updates: readonly Uint8Array[], typists: readonly Typist[]): void {
  const doc = new Y.Doc();
  doc.transact(() => {
    Y.applyUpdate(doc, state);
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const all = doc.getXmlFragment('text/en').toString();
  const wrong = typists.filter((typist) => !all.includes(typist.text));
  if (wrong.length > 0 || doc.store.pendingStructs !== null) throw new Error(`${wrong.length} texts came out wrong`);
}
