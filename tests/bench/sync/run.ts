// `npm run bench:sync`: this engine, fully durable, beside other sync servers, in one interleaved run; prints the figures with
// the aims. Options: --quick, --only SCENARIO (several, with commas), --servers NAMES, --rounds N, --minutes N, --json FILE, --profile FOLDER
// (CPU profiles of this engine's process). Needs `npm ci --prefix tests/bench/peers`; who is missing is left out.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pause } from '../../support/server.ts';
import { percentile } from '../figures.ts';
import { FIGURES, LABELS, RUNS, SCENARIOS, type Scenario, SERVERS, type ServerName } from './aims.ts';
import { compare, format, formatComparison, type Run } from './comparison.ts';
import type { FromLoad, ToLoad } from './load.ts';
import { freshFolder, type LongMaterial, type Material, prepare, prepareLong } from './prepare.ts';
import { KINDS, type PeerProcess, PINNED, spawnOn, startPeer } from './servers.ts';
import { FULL, QUICK, type Task } from './task.ts';

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url));
const LIMIT_MS = 120_000;
const FLUSHES = 200;
/** A server that has had less than so much CPU time in so long is at rest. Longer than the debounce of any store. */
const REST_MS = 3_000;
const REST_CPU_US = 30_000;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    servers: { type: 'string' },
    rounds: { type: 'string' },
    minutes: { type: 'string', default: '15' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const size = options.quick ? QUICK : FULL;
const rounds = Number(options.rounds ?? size.rounds);
const scenarios = chosen(options.only, SCENARIOS);
const servers = chosen(options.servers, SERVERS);

const begun = performance.now();
const root = await mkdtemp(join(tmpdir(), 'kopuro-bench-'));
const runs: Run[] = [];
const absent = new Map<ServerName, string>();
try {
  await buildServer();
  await main();
} finally {
  await rm(root, { recursive: true, force: true });
}

async function main(): Promise<void> {
  console.log('making people and articles …');
  const material = await prepare(join(root, 'material'), Math.max(size.articles, size.rooms));
  for (const name of servers) await tryOut(name, material);
  const long = scenarios.includes('cold-open') ? await makeLong(material) : null;
  // Round by round, not scenario by scenario: whenever time is up, everything has been measured equally often.
  let round = 0;
  for (let took = 0; round < rounds && secondsGone() + took < Number(options.minutes) * 60; round += 1) {
    const startedAt = secondsGone();
    for (const scenario of scenarios)
      await measureAll(scenario, round, material, scenario === 'cold-open' ? long : null);
    took = secondsGone() - startedAt;
  }
  if (round < rounds) console.log(`\nNo time for more than ${round} of ${rounds} rounds.`);
  const rows = FIGURES.filter(({ scenario }) => scenarios.includes(scenario)).flatMap((figure) =>
    compare(figure, runs),
  );
  console.log(`\n${formatComparison(rows)}\n`);
  for (const [name, why] of absent) console.log(`${LABELS[name]} was left out: ${why}`);
  const machine = {
    cores: cpus().length,
    model: cpus()[0]?.model ?? '',
    node: process.version,
    pinned: PINNED,
    seconds: Math.round(secondsGone()),
  };
  console.log(
    `${machine.cores} cores, ${machine.model}, Node ${machine.node}; ${
      PINNED ? 'server on the first core, load on the second' : 'server and load share the cores'
    }; ${round} rounds${options.quick ? ' of the small form' : ''}, ${machine.seconds} s in all.`,
  );
  console.log(
    'Medians (least–most); a ratio is the median of the ratios within a round; CPU time is of the server process.',
  );
  if (options.json) {
    await writeFile(
      options.json,
      `${JSON.stringify({ machine, size, rounds: round, rows, runs, absent: [...absent] }, null, 2)}\n`,
    );
  }
}

/** Each server in turn. */
async function measureAll(
  scenario: Scenario,
  round: number,
  material: Material,
  long: LongMaterial | null,
): Promise<void> {
  const among = RUNS[scenario].filter(
    (name) => servers.includes(name) && !absent.has(name) && (long === null || long.folders[name] !== undefined),
  );
  // Nobody is always first, or always after the same one.
  const order = among.map((_, turn) => among[(turn + round) % among.length]!);
  const one = (name: ServerName) => measure(name, scenario, round, material, long);
  // Where no time is measured, they need not wait for each other.
  if (scenario === 'kill') await Promise.all(order.map(one));
  else for (const name of order) await one(name);
}

function secondsGone(): number {
  return (performance.now() - begun) / 1000;
}

/** Whether it starts at all: what cannot is left out, and the others are measured all the same. */
async function tryOut(name: ServerName, material: Material): Promise<void> {
  const folder = await freshFolder(join(root, `try-${name}`), name === 'kopuro' ? material.folder : undefined);
  try {
    await (await startPeer(name, folder)).kill();
  } catch (error) {
    absent.set(name, (error as Error).message);
    console.log(`${LABELS[name]}: ${(error as Error).message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One run of a scenario on a server that was started for it. Whatever goes wrong makes it void, and the next one follows. */
async function measure(
  name: ServerName,
  scenario: Scenario,
  round: number,
  material: Material,
  long: LongMaterial | null,
): Promise<void> {
  const startedAt = performance.now();
  const run: Run = { server: name, scenario, round, values: {}, why: null };
  runs.push(run);
  const template = long ? long.folders[name] : name === 'kopuro' ? material.folder : undefined;
  const folder = await freshFolder(join(root, `${scenario}-${round}-${name}`), template);
  try {
    const flushes = timeFlushes(folder);
    const stateVector = name === 'kopuro' ? long?.kopuroStateVector : long?.long.stateVector;
    run.values = await load(name, folder, {
      scenario,
      size,
      dialect: KINDS[name].dialect,
      port: 0,
      seed: 1 + round,
      articles: material.articles,
      editors: material.editors,
      readers: material.readers,
      long: long && { ...long.long, ...(stateVector ? { stateVector } : {}) },
    });
    run.values['flush-p50'] = percentile(flushes, 0.5);
    run.values['flush-p99'] = percentile(flushes, 0.99);
  } catch (error) {
    run.why = (error as Error).message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const figures = FIGURES.filter(({ id }) => run.values[id] !== undefined).map(
    ({ id, unit }) => `${id} ${format(run.values[id]!)} ${unit}`,
  );
  const shares = Object.entries(run.values)
    .filter(([id]) => id.endsWith('-first-thread'))
    .map(([id, percent]) => `${id} ${format(percent)} %`);
  console.log(
    `${scenario}, round ${round + 1} of ${rounds}, ${LABELS[name]} (${seconds} s): ${run.why ?? [...figures, ...shares].join(', ')}`,
  );
}

/** Starts server and load process, and carries questions between them. */
async function load(name: ServerName, folder: string, task: Task): Promise<Record<string, number>> {
  const child = spawnOn(1, ['--import', 'tsx', '--max-old-space-size=4096', LOAD], {});
  let printed = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString('utf8')).slice(-2_000);
  });
  let peer: PeerProcess | null = null;
  const profiles = name === 'kopuro' && options.profile !== undefined;
  try {
    peer = await startPeer(name, folder);
    let running = peer;
    const answer = async (what: string, details: Record<string, unknown>): Promise<unknown> => {
      switch (what) {
        case 'kill':
          return running.kill();
        case 'restart':
          running = await startPeer(name, folder);
          peer = running;
          return running.port;
        case 'startProfile':
          return profiles ? running.ask('startProfile') : null;
        case 'stopProfile': {
          if (!profiles) return null;
          await mkdir(options.profile!, { recursive: true });
          return running.ask('stopProfile', { file: join(options.profile!, `${String(details.name)}.cpuprofile`) });
        }
        default:
          return running.ask(what as 'cpu' | 'memory');
      }
    };
    return await new Promise<Record<string, number>>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`took longer than ${LIMIT_MS / 1000} s`)), LIMIT_MS);
      child.once('exit', () => {
        clearTimeout(limit);
        reject(new Error(`the load process ended: ${printed.trim().split('\n').pop() ?? ''}`));
      });
      const tell = (message: ToLoad) => child.connected && child.send(message);
      child.on('message', (message: FromLoad) => {
        switch (message.kind) {
          case 'done':
            return resolve(message.values);
          case 'void':
            return reject(new Error(message.why));
          case 'ask':
            answer(message.what, message.details).then(
              (value) => tell({ kind: 'answer', id: message.id, value }),
              (error: Error) => tell({ kind: 'answer', id: message.id, value: null, error: error.message }),
            );
        }
      });
      tell({ kind: 'task', task: { ...task, port: running.port } });
    });
  } finally {
    child.kill('SIGKILL');
    if (task.scenario === 'feed' && peer) await atRest(peer).then(peer.stop);
    else await peer?.kill();
  }
}

/** The long article in every store: Köpürö's by hand, the others' over the wire. */
async function makeLong(material: Material): Promise<LongMaterial> {
  console.log(
    `making an article of ${size.words} words and ${size.keystrokes} keystrokes, for everybody who has a store …`,
  );
  const long = await prepareLong(material, join(root, 'long'), size);
  for (const name of RUNS['cold-open']) {
    if (name === 'kopuro' || absent.has(name) || !servers.includes(name)) continue;
    const folder = await freshFolder(join(root, 'long', name), undefined);
    try {
      await load(name, folder, {
        scenario: 'feed',
        size,
        dialect: KINDS[name].dialect,
        port: 0,
        seed: 0,
        articles: [],
        editors: [],
        readers: [],
        long: long.long,
      });
      long.folders[name] = folder;
    } catch (error) {
      console.log(`${LABELS[name]} could not be given the long article: ${(error as Error).message}`);
    }
  }
  return long;
}

/** Resolves when the server has nothing to do any more: some store long after they have answered. */
async function atRest(peer: PeerProcess): Promise<void> {
  for (let before = -REST_CPU_US, now = 0; now - before >= REST_CPU_US; ) {
    before = now;
    await pause(REST_MS);
    now = (await peer.ask<{ all: number }>('cpu')).all;
  }
}

/** Flushes of a small write in this folder, ms each. */
function timeFlushes(folder: string): number[] {
  const file = join(folder, 'flush');
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(4_096, 1);
  const times: number[] = [];
  for (let count = 0; count < FLUSHES; count += 1) {
    writeSync(descriptor, block);
    const before = performance.now();
    fsyncSync(descriptor);
    times.push(performance.now() - before);
  }
  closeSync(descriptor);
  rmSync(file);
  return times;
}

async function buildServer(): Promise<void> {
  const { buildIfStale } = (await import(new URL('../../../server/bin/build.mjs', import.meta.url).href)) as {
    buildIfStale(root: string): Promise<unknown>;
  };
  await buildIfStale(fileURLToPath(new URL('../../..', import.meta.url)));
}

function chosen<T extends string>(asked: string | undefined, all: readonly T[]): readonly T[] {
  if (asked === undefined) return all;
  const names = asked.split(',');
  const unknown = names.filter((name) => !all.includes(name as T));
  if (unknown.length > 0) throw new Error(`no ${unknown.join(', ')}; there are ${all.join(', ')}`);
  return all.filter((name) => names.includes(name));
}
