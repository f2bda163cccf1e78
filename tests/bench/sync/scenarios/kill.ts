// kill -9 while ten people type: what somebody had seen, or its author was told is saved, and is gone after the restart.
import * as Y from 'yjs';
import { randomSource } from '../../article.ts';
import { Coverage, Reading } from '../coverage.ts';
import { hold, join, manyOf } from '../join.ts';
import { pause } from '../pace.ts';
import type { RunScenario } from '../task.ts';
import { Typist } from '../typist.ts';

const FIRST_CLIENT = 1_000;
const KEY_EVERY_MS = 20;

export const kill: RunScenario = async (task, server) => {
  const article = task.articles[0]!;
  const holder = await hold(task, article);
  const typists = Array.from(
    { length: task.size.writers },
    (_, index) => new Typist(article.state, FIRST_CLIENT + index, index),
  );
  const writers = await manyOf(typists.length, (index) => join(task, article, task.editors[index]));
  const reader = await join(task, article, task.readers[0]);
  holder.terminate();
  const coverage = new Coverage(
    new Reading(),
    typists.map((typist) => typist.client),
  );
  reader.onUpdate = (update) => coverage.take(update);

  const [least, most] = task.size.killAfterMs;
  const until = Date.now() + least + (most - least) * randomSource(task.seed)();
  // What each of a writer's sync messages brought its clock to: an acknowledgement names messages.
  const clocks = writers.map((writer) => new Array<number>(writer.sent).fill(0));
  while (Date.now() < until) {
    for (const [index, writer] of writers.entries()) {
      const update = typists[index]!.key();
      writer.update(update);
      clocks[index]![writer.sent - 1] = typists[index]!.clock;
    }
    await pause(KEY_EVERY_MS);
  }
  const killed = server.kill();
  const seen = typists.map((typist) => coverage.clock(typist.client));
  const acknowledged = writers.map((writer, index) => clocks[index]![writer.acknowledged - 1] ?? 0);
  await killed;
  for (const client of [...writers, reader]) client.terminate();

  task.port = await server.restart();
  const there = await stored();
  const lost = (promised: readonly number[]) => {
    const all = promised.reduce((sum, clock) => sum + clock, 0);
    const gone = promised.reduce((sum, clock, index) => sum + Math.max(0, clock - there[index]!), 0);
    return { all, percent: all === 0 ? 0 : (100 * gone) / all };
  };
  if (lost(seen).all === 0) throw new Error('nobody had seen anything');
  return {
    'lost-seen': lost(seen).percent,
    ...(lost(acknowledged).all > 0 ? { 'lost-acknowledged': lost(acknowledged).percent } : {}),
  };

  /** Of each writer, the clock that somebody who has nothing is given. */
  async function stored(): Promise<number[]> {
    const client = await join(task, article, task.readers[1]);
    const doc = new Y.Doc();
    client.onUpdate = (update) => Y.applyUpdate(doc, update);
    Y.applyUpdate(doc, await client.sync());
    await pause(500); // a server may send what it loads after its answer
    client.terminate();
    return typists.map((typist) => Y.getState(doc.store, typist.client));
  }
};
