// Tests of several processes: they need PostgreSQL and Redis, and are left out where one is missing, except in CI. And a Redis
// of one's own, for what must not be done to one that others use.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { describe, inject, it } from 'vitest';
import { endsWithUs } from './children.ts';
import { freePort } from './server.ts';

/** Like `describe`, for what needs both. */
export function describeCluster(name: string, define: () => void): void {
  const missing = [inject('postgres') === null ? 'PostgreSQL' : null, inject('redis') === null ? 'Redis' : null].filter(
    (one) => one !== null,
  );
  if (missing.length > 0 && process.env.CI === 'true') {
    it(`${name}: nothing may be left out here`, () => {
      throw new Error(`${missing.join(' and ')} not found`);
    });
  } else describe.skipIf(missing.length > 0)(name, define);
}

export interface OwnRedis {
  url: string;
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Stands still until it goes on. */
  pause(): void;
  goOn(): void;
  /** Cuts off everybody who listens. */
  cutListeners(): Promise<void>;
}

/** Starts a `redis-server` that keeps nothing. The caller kills it. `addresses`: it listens there as well as on 127.0.0.1. */
export async function startRedis({ addresses = [] }: { addresses?: readonly string[] } = {}): Promise<OwnRedis> {
  const port = await freePort();
  let child: ChildProcess | null = null;

  async function ask(command: string, ...values: string[]): Promise<void> {
    const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {}); // what is asked fails too
    try {
      await redis.connect();
      await redis.call(command, ...values);
    } finally {
      redis.disconnect();
    }
  }

  const own: OwnRedis = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn(
        'redis-server',
        [
          ...['--port', String(port), '--save', '', '--appendonly', 'no'],
          ...['--bind', '127.0.0.1', ...addresses, '--protected-mode', 'no'],
        ],
        {
          stdio: 'ignore',
        },
      );
      endsWithUs(child);
      for (let attempt = 0; ; attempt += 1) {
        try {
          await ask('PING');
          return;
        } catch (error) {
          if (attempt > 200) throw error;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
      }
    },
    async kill() {
      const ending = child;
      child = null;
      if (ending === null || ending.exitCode !== null) return;
      const gone = once(ending, 'exit');
      ending.kill('SIGKILL');
      await gone;
    },
    pause: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    cutListeners: () => ask('CLIENT', 'KILL', 'TYPE', 'pubsub'),
  };
  await own.start();
  return own;
}
