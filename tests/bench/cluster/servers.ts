// What is measured: several Köpürö processes, from their sources, on a database of their own and a Redis of their own; and how
// much processor time each of the three kinds has had. PostgreSQL must run on this machine: its time is read from /proc.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Question, Somebody } from '../../cluster/newsroom.ts';
import { startRedis } from '../../support/redis.ts';
import { type RunningServer, startServer } from '../../support/server.ts';

const POSTGRES = process.env.KOPURO_TEST_POSTGRES ?? `postgres://${userInfo().username}@127.0.0.1:5432/postgres`;
const SCRIPT = fileURLToPath(new URL('../../cluster/process.ts', import.meta.url));

/** Connections of a pool are ended after 10 s without use: none is missed. */
const LOOK_MS = 500;

/** Sums since the start. */
export interface Counts {
  /** µs of processor time: of all Köpürö processes, of PostgreSQL's for our connections, of Redis. */
  kopuro: number;
  postgres: number;
  redis: number;
  /** Bytes over the network of Redis. */
  redisIn: number;
  redisOut: number;
  commits: number;
  /** Rows of the log. */
  rows: number;
}

export interface MeasuredNewsroom {
  processes: readonly RunningServer[];
  /** The PostgreSQL server's version. */
  version: string;
  people(count: number): Promise<Somebody[]>;
  counts(): Promise<Counts>;
  close(): Promise<void>;
}

/** Starts them. The caller closes. */
export async function startNewsroom(count: number): Promise<MeasuredNewsroom> {
  const admin = new pg.Client({ connectionString: POSTGRES });
  await admin.connect();
  const database = `kopuro_bench_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${database}`);
  const url = new URL(POSTGRES);
  url.pathname = database;
  const redisServer = await startRedis();
  const redis = new Redis(redisServer.url);
  const processes: RunningServer[] = [];
  /** By process of PostgreSQL: a pool ends connections that are not used, and what those had must not be forgotten. */
  const backends = new Map<number, number>();
  const look = async () => {
    const { rows } = await admin.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE datname = $1', [
      database,
    ]);
    for (const { pid } of rows) backends.set(pid, processorTime(pid) ?? backends.get(pid) ?? 0);
  };
  const looking = setInterval(() => void look(), LOOK_MS);

  async function close(): Promise<void> {
    clearInterval(looking);
    await Promise.all(processes.map((one) => one.dispose()));
    redis.disconnect();
    await redisServer.kill();
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
  }

  try {
    for (let index = 0; index < count; index += 1) {
      processes.push(
        await startServer({
          script: SCRIPT,
          env: {
            NODE_ENV: 'production',
            KOPURO_LOG_LEVEL: 'warn',
            KOPURO_DATABASE_URL: url.href,
            KOPURO_REDIS_URL: redisServer.url,
          },
        }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  const ask = <T>(index: number, question: Question) => processes[index]!.ask<T>(question);
  const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');

  return {
    processes,
    version: rows[0]!.server_version,
    async people(wanted) {
      const all: Somebody[] = [];
      for (let index = 0; index < wanted; index += 1) {
        all.push(await ask(0, { ask: 'person', name: `Person ${index}`, role: 'editor', languages: [] }));
      }
      return all;
    },
    async counts() {
      const [cpu, figures, stats] = await Promise.all([
        Promise.all(processes.map((_, index) => ask<number>(index, { ask: 'cpu' }))),
        Promise.all(processes.map(async ({ url: at }) => (await fetch(`${at}/metrics`)).text())),
        redis.info(),
        look(),
      ]);
      const ofRedis = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(stats)?.[1]);
      const ofAll = (name: string) => sum(figures.map((text) => figure(text, name)));
      return {
        kopuro: sum(cpu),
        postgres: sum([...backends.values()]),
        redis: 1e6 * (ofRedis('used_cpu_sys') + ofRedis('used_cpu_user')),
        redisIn: ofRedis('total_net_input_bytes'),
        redisOut: ofRedis('total_net_output_bytes'),
        commits: ofAll('kopuro_commit_seconds_count'),
        rows: ofAll('kopuro_committed_rows_total'),
      };
    },
    close,
  };
}

/** µs that a process of one thread has had; null if it has ended. */
function processorTime(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    return null;
  }
}

/** All series of one name, added. */
function figure(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)$`, 'gm'))];
  if (values.length === 0) throw new Error(`/metrics has no ${name}`);
  return sum(values.map((match) => Number(match[1])));
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
