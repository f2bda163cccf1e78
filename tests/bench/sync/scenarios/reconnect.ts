// A thousand who lost the server for a moment and are back at once, each with nearly everything already.
import { performance } from 'node:perf_hooks';
import * as Y from 'yjs';
import { clientFor, hold, manyOf } from '../join.ts';
import { pause } from '../pace.ts';
import type { RunScenario, Task } from '../task.ts';
import type { RawClient } from '../wire.ts';

/** Their answers to the server's question come after ours to theirs. */
const ANSWERS_MS = 100;
/** So often before: a server that has been running for a while has compiled what it does often. */
const WARM_UPS = 3;

export const reconnect: RunScenario = async (task, server) => {
  const { reconnecting, rooms } = task.size;
  const stateVectors = task.articles.map((article) => Y.encodeStateVectorFromUpdate(article.state));
  await manyOf(rooms, (room) => hold(task, task.articles[1 + room]!, room));
  for (let times = 0; times < WARM_UPS; times += 1) {
    const passing = await manyOf(reconnecting, (index) => comeBack(task, index, stateVectors));
    for (const client of passing) client.terminate();
    await pause(500);
  }

  let took = 0;
  const cpu = await server.cpuDuring('reconnect', async () => {
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: reconnecting }, (_, index) => comeBack(task, index, stateVectors)));
    took = performance.now() - startedAt;
    await pause(ANSWERS_MS);
  });
  return { 'reconnect-cpu': cpu / reconnecting, 'reconnect-time': took };
};

async function comeBack(task: Task, index: number, stateVectors: readonly Uint8Array[]): Promise<RawClient> {
  const room = 1 + (index % task.size.rooms);
  const cookie = task.readers[Math.floor(index / task.size.rooms) % task.readers.length];
  const client = clientFor(task, task.articles[room]!, cookie);
  await client.open();
  const missing = await client.sync(stateVectors[room]);
  if (missing.length > 1_000) throw new Error(`was sent ${missing.length} bytes of what it has`);
  return client;
}
