// The first who opens the long article after the server has started: how long until everything is there.
import { performance } from 'node:perf_hooks';
import * as Y from 'yjs';
import { clientFor, hold } from '../join.ts';
import { PATIENCE_MS, pause } from '../pace.ts';
import type { RunScenario } from '../task.ts';

export const coldOpen: RunScenario = async (task, server) => {
  const { id, stateVector } = task.long!;
  // A server that has been running for a while has opened articles, and compiled what that takes.
  for (const [index, article] of task.articles.entries()) (await hold(task, article, index)).terminate();
  await pause(200);

  const wanted = Y.decodeStateVector(stateVector);
  const arrived: { update: Uint8Array; at: number }[] = [];
  let startedAt = 0;
  const cpu = await server.cpuDuring('cold-open', async () => {
    startedAt = performance.now();
    const client = clientFor(task, { id, state: new Uint8Array() }, task.readers[0]);
    client.onUpdate = (update, at) => arrived.push({ update, at });
    await client.open();
    // A server may answer before it has loaded everything: wait until nothing is missing.
    client.sync().then(
      (update) => arrived.push({ update, at: performance.now() }),
      () => {},
    );
    const doc = new Y.Doc();
    const deadline = performance.now() + PATIENCE_MS;
    for (let taken = 0; ; ) {
      for (; taken < arrived.length; taken += 1) Y.applyUpdate(doc, arrived[taken]!.update);
      const missing = [...wanted].filter(([one, clock]) => Y.getState(doc.store, one) < clock).length;
      if (missing === 0 && doc.store.pendingStructs === null) return;
      if (performance.now() > deadline || client.closed) {
        throw new Error(`of the long article ${missing} authors are incomplete (${JSON.stringify(client.closed)})`);
      }
      await pause(1);
    }
  });
  return { 'open-time': arrived[arrived.length - 1]!.at - startedAt, 'open-cpu': cpu / 1000 };
};
