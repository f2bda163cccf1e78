// `npm run bench:cluster`: what a key costs in a newsroom of one, two and three processes on PostgreSQL and Redis. Prints the figures;
// `--json FILE` writes them; `--processes 1,3` measures only these. Processor time says something on a busy machine too, the other
// figures do not. Needs Linux, a local PostgreSQL (KOPURO_TEST_POSTGRES, as in the tests) and redis-server.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { percentile } from '../figures.ts';
import { pause } from '../sync/pace.ts';
import { type Desk, openDesk, typeAsSaved, typeInTurn } from './load.ts';
import { type Counts, type MeasuredNewsroom, startNewsroom } from './servers.ts';

const ARTICLES = 60;
const KEYS = 500;
const CROWD_READERS = 60;
const CROWD_KEYS = 100;
/** Carets are told at most twenty times a second: each key has its own. */
const CROWD_KEY_EVERY_MS = 60;
const WARM_UP_SECONDS = 4;
/** What the server does by itself after the last key, such as the desk's figures, is over by then. */
const SETTLE_MS = 4_000;
const IDLE_SECONDS = 4;
const SATURATED_SECONDS = 5;

interface Figures {
  processes: number;
  /** µs of processor time per key, one at a time, in articles of one writer and one reader. */
  kopuroPerKey: number;
  postgresPerKey: number;
  redisPerKey: number;
  /** Bytes in and out of Redis per key. */
  redisBytesPerKey: number;
  /** µs per further reader of a key. */
  kopuroPerDelivery: number;
  rowsPerCommit: number;
  /** ms. */
  propagationP50: number;
  propagationP99: number;
  /** While everybody types as soon as the last key is saved: keys and commits in a second, and the same costs. */
  kopuroPerKeySaturated: number;
  postgresPerKeySaturated: number;
  redisPerKeySaturated: number;
  rowsPerCommitSaturated: number;
  keysPerSecond: number;
  commitsPerSecond: number;
  postgresPerCommit: number;
  /** ms per second: of one process at rest with the articles open, and of PostgreSQL for all of them. */
  kopuroAtRest: number;
  postgresAtRest: number;
}

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, processes: { type: 'string', default: '1,2,3' } },
});

const startedAt = performance.now();
const results: Figures[] = [];
let version = '';
for (const processes of options.processes.split(',').map(Number)) {
  const newsroom = await startNewsroom(processes);
  try {
    version = newsroom.version;
    results.push(await measure(newsroom));
  } finally {
    await newsroom.close();
  }
  console.log(JSON.stringify(results[results.length - 1]));
}
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.version,
  postgres: version,
  load: loadavg().map((value) => Math.round(value * 10) / 10),
  seconds: Math.round((performance.now() - startedAt) / 1000),
};
console.log(`\n${table(results)}\n`);
console.log(
  `${machine.cores} cores, ${machine.model}, Node ${machine.node}, PostgreSQL ${machine.postgres}, load ${machine.load.join(', ')}, ${machine.seconds} s in all.`,
);
if (options.json) await writeFile(options.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
process.exit(0); // raw clients that were cut off keep their timers

async function measure(newsroom: MeasuredNewsroom): Promise<Figures> {
  const { processes } = newsroom;
  const people = await newsroom.people(ARTICLES);
  const desks: Desk[] = [];
  for (let index = 0; index < ARTICLES; index += 1) desks.push(await openDesk(processes, people, 1));
  await typeAsSaved(desks, WARM_UP_SECONDS);

  await pause(SETTLE_MS);
  const rest = await during(newsroom, desks, () => pause(IDLE_SECONDS * 1000));
  for (const desk of desks) desk.takeLatencies();
  const single = await during(newsroom, desks, () => typeInTurn(desks, KEYS));
  const latencies = desks.flatMap((desk) => desk.takeLatencies());
  const saturated = await during(newsroom, desks, () => typeAsSaved(desks, SATURATED_SECONDS));
  for (const desk of desks) desk.close();

  // The same writer before few and before many: the difference is what readers cost.
  const crowd = async (readers: number) => {
    const desk = await openDesk(processes, people, readers);
    await typeInTurn([desk], CROWD_KEYS / 2, CROWD_KEY_EVERY_MS);
    const cost = await during(newsroom, [desk], () => typeInTurn([desk], CROWD_KEYS, CROWD_KEY_EVERY_MS));
    desk.close();
    return cost.kopuro / cost.keys;
  };
  const few = await crowd(processes.length);
  const many = await crowd(processes.length + CROWD_READERS);

  return {
    processes: processes.length,
    kopuroPerKey: single.kopuro / single.keys,
    postgresPerKey: single.postgres / single.keys,
    redisPerKey: single.redis / single.keys,
    redisBytesPerKey: (single.redisIn + single.redisOut) / single.keys,
    rowsPerCommit: single.rows / single.commits,
    kopuroPerDelivery: (many - few) / CROWD_READERS,
    propagationP50: percentile(latencies, 0.5),
    propagationP99: percentile(latencies, 0.99),
    kopuroPerKeySaturated: saturated.kopuro / saturated.keys,
    postgresPerKeySaturated: saturated.postgres / saturated.keys,
    redisPerKeySaturated: saturated.redis / saturated.keys,
    rowsPerCommitSaturated: saturated.rows / saturated.commits,
    keysPerSecond: saturated.keys / saturated.seconds,
    commitsPerSecond: saturated.commits / saturated.seconds,
    postgresPerCommit: saturated.postgres / saturated.commits,
    kopuroAtRest: rest.kopuro / 1000 / rest.seconds / processes.length,
    postgresAtRest: rest.postgres / 1000 / rest.seconds,
  };
}

/** What was spent while something was done. */
async function during(
  newsroom: MeasuredNewsroom,
  desks: readonly Desk[],
  work: () => Promise<void>,
): Promise<Counts & { keys: number; seconds: number }> {
  const typed = () => desks.reduce((all, desk) => all + desk.keys, 0);
  const [before, keys, began] = [await newsroom.counts(), typed(), performance.now()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  const after = await newsroom.counts();
  const spent = Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Counts]]),
  ) as unknown as Counts;
  return { ...spent, keys: typed() - keys, seconds };
}

function table(all: readonly Figures[]): string {
  const rows: readonly (readonly [string, (figures: Figures) => number])[] = [
    ['Köpürö, µs a key', (one) => one.kopuroPerKey],
    ['PostgreSQL, µs a key', (one) => one.postgresPerKey],
    ['Redis, µs a key', (one) => one.redisPerKey],
    ['Redis, bytes a key', (one) => one.redisBytesPerKey],
    ['Köpürö, µs a further reader of a key', (one) => one.kopuroPerDelivery],
    ['rows a commit', (one) => one.rowsPerCommit],
    ['key to reader, p50, ms', (one) => one.propagationP50],
    ['key to reader, p99, ms', (one) => one.propagationP99],
    ['saturated: Köpürö, µs a key', (one) => one.kopuroPerKeySaturated],
    ['saturated: PostgreSQL, µs a key', (one) => one.postgresPerKeySaturated],
    ['saturated: Redis, µs a key', (one) => one.redisPerKeySaturated],
    ['saturated: rows a commit', (one) => one.rowsPerCommitSaturated],
    ['saturated: keys a second', (one) => one.keysPerSecond],
    ['saturated: commits a second', (one) => one.commitsPerSecond],
    ['saturated: PostgreSQL, µs a commit', (one) => one.postgresPerCommit],
    ['at rest: a process, ms of a second', (one) => one.kopuroAtRest],
    ['at rest: PostgreSQL, ms of a second', (one) => one.postgresAtRest],
  ];
  return [
    `| processes | ${all.map(({ processes }) => processes).join(' | ')} |`,
    `| --- |${' --- |'.repeat(all.length)}`,
    ...rows.map(([name, value]) => `| ${name} | ${all.map((one) => shown(value(one))).join(' | ')} |`),
  ].join('\n');
}

function shown(value: number): string {
  return Math.abs(value) >= 20 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
