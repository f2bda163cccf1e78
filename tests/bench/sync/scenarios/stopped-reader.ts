// A reader whose computer sleeps while others paste tens of megabytes: what the server keeps for it, and whether it is
// complete when it wakes, or was told to come back.
import { performance } from 'node:perf_hooks';
import { Coverage, Reading } from '../coverage.ts';
import { hold, join } from '../join.ts';
import { pause, until } from '../pace.ts';
import type { RunScenario } from '../task.ts';
import { Typist } from '../typist.ts';

const CLIENT = 500;
const UPDATE_BYTES = 60_000;
const UNDER_WAY = 8;
/** Faster than that (60 MB in 11 s) this engine takes it for an attack. */
const UPDATE_EVERY_MS = 11;
const TRY_AGAIN = 4_500;

export const stoppedReader: RunScenario = async (task, server) => {
  const article = task.articles[0]!;
  const typist = new Typist(article.state, CLIENT, 0);
  await hold(task, article);
  const writer = await join(task, article, task.editors[0]);
  const reader = await join(task, article, task.readers[0]);
  const stopped = await join(task, article, task.readers[1]);
  const reading = new Reading();
  const coverage = new Coverage(reading, [CLIENT]);
  const stoppedCoverage = new Coverage(reading, [CLIENT]);
  reader.onUpdate = (update) => coverage.take(update);
  stopped.onUpdate = (update) => stoppedCoverage.take(update);
  stopped.socket.pause();

  const ends: number[] = [];
  const startedAt = performance.now();
  for (let sent = 0; sent < task.size.floodBytes; sent += UPDATE_BYTES) {
    // A text in the place of the one before: the document stays as small as it was.
    writer.update(typist.replace(String.fromCharCode(97 + (ends.length % 26)).repeat(UPDATE_BYTES)));
    ends.push(typist.clock);
    await pause(Math.max(0, startedAt + ends.length * UPDATE_EVERY_MS - performance.now()));
    const awaited = ends[ends.length - UNDER_WAY];
    if (awaited !== undefined) await delivered(awaited);
  }
  await delivered(typist.clock);
  const during = await server.memory();

  stopped.socket.resume();
  await until(
    () => stoppedCoverage.clock(CLIENT) === typist.clock || stopped.closed !== null,
    () => 'the reader that had stopped was neither caught up nor closed',
  );
  if (stopped.closed && stopped.closed.code !== 1006 && stopped.closed.code < TRY_AGAIN) {
    throw new Error(`the reader that had stopped was closed with ${stopped.closed.code}`);
  }
  stopped.terminate();
  await pause(300);
  const after = await server.memory();
  return { 'stopped-memory': Math.max(0, during.live - after.live) / 1024 / 1024 };

  function delivered(clock: number) {
    return until(
      () => coverage.clock(CLIENT) >= clock,
      () => `the reader that reads is at ${coverage.clock(CLIENT)} of ${clock}`,
      1,
    );
  }
};
