// Many articles of two: in each somebody types two keys a second and somebody else looks on.
import { performance } from 'node:perf_hooks';
import { percentile } from '../../figures.ts';
import { Coverage, Reading } from '../coverage.ts';
import { clientFor, hold, join, manyOf } from '../join.ts';
import { atMoments, until } from '../pace.ts';
import type { RunScenario } from '../task.ts';
import { Typist } from '../typist.ts';

const FIRST_CLIENT = 10_000;
const KEY_EVERY_MS = 500;
/** Four times the pace, for longer than is measured: a server that has been running for a while has compiled what it does often. */
const WARM_UP_EVERY_MS = 125;
const WARM_UP_SECONDS = 5;
/** Then the pace that is measured. */
const SETTLING_SECONDS = 2;
const MEASURED_SECONDS = 4;

export const articles: RunScenario = async (task, server) => {
  const count = task.size.articles;
  const latencies: number[] = [];
  const reading = new Reading();
  const desks = await manyOf(count, async (index) => {
    const article = task.articles[1 + index]!;
    const holder = await hold(task, article, index);
    const writer = await join(task, article, task.editors[index % task.editors.length]);
    const reader = clientFor(task, article, task.readers[index % task.readers.length]);
    await reader.open();
    await reader.sync();
    holder.terminate();
    const typist = new Typist(article.state, FIRST_CLIENT + index, 0);
    const coverage = new Coverage(reading, [typist.client]);
    const sentAt: number[] = [];
    reader.onUpdate = (update, at) =>
      coverage.take(update, (_, start, end) => {
        for (let clock = start; clock < end; clock += 1) latencies.push(at - sentAt[clock]!);
      });
    return { writer, typist, coverage, sentAt };
  });

  const type = (seconds: number, everyMs = KEY_EVERY_MS) => {
    const keys = Math.round((seconds * 1000) / everyMs);
    const moments = desks.flatMap(({ writer, typist, sentAt }, desk) =>
      Array.from({ length: keys }, (_, key) => {
        const clock = typist.clock;
        const update = typist.key();
        const at = key * everyMs + (desk * everyMs) / count;
        return {
          at,
          act() {
            sentAt[clock] = performance.now();
            writer.update(update);
          },
        };
      }),
    );
    const lacking = () =>
      desks.reduce((sum, { typist, coverage }) => sum + typist.clock - coverage.clock(typist.client), 0);
    return async () => {
      await atMoments(moments);
      await until(
        () => lacking() === 0,
        () => `${lacking()} updates are missing`,
      );
    };
  };

  await type(WARM_UP_SECONDS, WARM_UP_EVERY_MS)();
  await type(SETTLING_SECONDS)();
  latencies.length = 0;
  const cpu = await server.cpuDuring('articles', type(MEASURED_SECONDS));
  return {
    'articles-cpu': cpu / latencies.length,
    'articles-p50': percentile(latencies, 0.5),
    'articles-p99': percentile(latencies, 0.99),
  };
};
