// Several real processes as one newsroom, behind a balancer, on a database of their own and under a prefix of their own in Redis.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { RateLimits } from '../../server/config.ts';
import type { SyncOptions } from '../../server/sync/types.ts';
import type { Role } from '../../shared/access/roles.ts';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type RunningServer, type ServerOptions, startServer } from '../support/server.ts';

export type Question =
  | { ask: 'person'; name: string; role: Role; languages: string[] }
  | { ask: 'head'; articleId: string }
  | { ask: 'now' }
  /** How many articles are open. */
  | { ask: 'rooms' }
  /** What is damaged in an article's log, replayed from its first row. */
  | { ask: 'verify'; articleId: string }
  /** µs of processor time since its start, all threads. */
  | { ask: 'cpu' };

export interface Somebody {
  id: string;
  tokenId: string;
  token: string;
  cookie: string;
}

export interface Answer<T> {
  status: number;
  body: T;
}

export interface Newsroom {
  processes: RunningServer[];
  balancer: Balancer;
  database: TestDatabase;
  person(role: Role, languages?: string[], name?: string): Promise<Somebody>;
  /** An article with these English paragraphs and empty Russian and Kyrgyz texts. */
  article(by: Somebody, paragraphs?: string[]): Promise<string>;
  /** Over the balancer, or straight to one process. */
  call<T = unknown>(
    who: Somebody | null,
    method: string,
    path: string,
    body?: unknown,
    process?: number,
  ): Promise<Answer<T>>;
  dispose(): Promise<void>;
}

export interface NewsroomOptions {
  processes?: number;
  redisUrl?: string;
  /** The caller drops it; one on the server of all tests, made and dropped with the newsroom, if left out. */
  database?: TestDatabase;
  /** Where PostgreSQL is reached, if not straight. */
  databasePort?: number;
  sync?: Partial<SyncOptions>;
  /** What one person may ask for in a minute; hardly limited if left out. */
  limits?: Partial<RateLimits>;
  /** How the process of this number is run, if not as the others are. */
  processOptions?: (index: number) => Pick<ServerOptions, 'env' | 'host' | 'within'>;
  /** Milliseconds by which each process's clock is wrong. */
  skews?: readonly number[];
}

export async function openNewsroom(options: NewsroomOptions = {}): Promise<Newsroom> {
  const database = options.database ?? (await createTestDatabase());
  const dropDatabase = async () => {
    if (!options.database) await database.drop();
  };
  const databaseUrl = new URL(database.url);
  if (options.databasePort !== undefined) databaseUrl.port = String(options.databasePort);
  const prefix = `kopuro-test-${randomBytes(6).toString('hex')}:`;
  const count = options.processes ?? 3;
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, index) => {
      const own = options.processOptions?.(index) ?? {};
      return startServer({
        ...own,
        script: fileURLToPath(new URL('process.ts', import.meta.url)),
        env: {
          KOPURO_DATABASE_URL: databaseUrl.href,
          KOPURO_REDIS_URL: options.redisUrl ?? inject('redis')!,
          KOPURO_REDIS_PREFIX: prefix,
          KOPURO_TEST_SYNC: JSON.stringify(options.sync ?? {}),
          KOPURO_TEST_SKEW: String(options.skews?.[index] ?? 0),
          KOPURO_TEST_LIMITS: JSON.stringify(options.limits ?? {}),
          ...own.env,
        },
      });
    }),
  );
  const processes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failure = started.find((one) => one.status === 'rejected');
  if (failure) {
    await Promise.all(processes.map((one) => one.dispose()));
    await dropDatabase();
    throw failure.reason;
  }
  const balancer = await startBalancer(processes.map(({ port }) => port));

  async function call<T>(who: Somebody | null, method: string, path: string, body?: unknown, process?: number) {
    const url = process === undefined ? balancer.url : processes[process]!.url;
    const response = await fetch(url + path, {
      method,
      headers: {
        // Each request is a connection of its own, so that the balancer has a turn.
        connection: 'close',
        ...(who ? { authorization: `Bearer ${who.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T };
  }

  return {
    processes,
    balancer,
    database,
    call,
    person: (role, languages = [], name = `${role} ${languages.join(' ')}`.trim()) =>
      processes[0]!.ask({ ask: 'person', name, role, languages }),
    async article(by, paragraphs = ['One paragraph to type in.']) {
      const { status, body } = await call<{ id: string }>(by, 'POST', '/api/articles', {
        title: 'Written by many',
        sourceLanguage: 'en',
        targetLanguages: ['ru', 'ky'],
        format: 'txt',
        content: paragraphs.join('\n\n'),
      });
      if (status !== 201) throw new Error(`creating an article answered ${status}: ${JSON.stringify(body)}`);
      return body.id;
    },
    async dispose() {
      await balancer.close();
      await Promise.all(processes.map((one) => one.dispose()));
      await dropDatabase();
    },
  };
}
