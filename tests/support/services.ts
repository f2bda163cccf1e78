// Looks once, before all tests, which servers of other makers this machine has and whether disks can be mounted, and says in a
// line of its own what is left out without them. In CI nothing is left out: there a missing server is a failing test.
import { userInfo } from 'node:os';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { diskProblem } from './disks.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL database from which tests may make others; null if there is none. */
    postgres: string | null;
    /** Address of a Redis; null if there is none. */
    redis: string | null;
    /** Why no disk can be mounted; null if one can. */
    noDisks: string | null;
  }
}

const POSTGRES = process.env.KOPURO_TEST_POSTGRES ?? `postgres://${userInfo().username}@127.0.0.1:5432/postgres`;
const REDIS = process.env.KOPURO_TEST_REDIS ?? 'redis://127.0.0.1:6379';

export default async function lookForServices(project: TestProject): Promise<void> {
  const problem = await postgresProblem();
  project.provide('postgres', problem === null ? POSTGRES : null);
  if (problem !== null) {
    console.log(
      `The tests of PostgreSQL are left out: they need a server of version 15 or newer whose user may make databases (${problem}). KOPURO_TEST_POSTGRES=postgres://user:password@host:port/database says where it is.`,
    );
  }
  const noDisks = await diskProblem();
  project.provide('noDisks', noDisks);
  if (noDisks !== null) {
    console.log(`The test of a disk that is really full is left out: it mounts a small file system (${noDisks}).`);
  }
  const missing = await redisProblem();
  project.provide('redis', missing === null ? REDIS : null);
  if (missing !== null) {
    console.log(
      `The tests of several processes are left out: they need PostgreSQL and a Redis of version 7 or newer (${missing}). KOPURO_TEST_REDIS=redis://host:port says where it is.`,
    );
  }
}

async function redisProblem(): Promise<string | null> {
  const redis = new Redis(REDIS, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000 });
  redis.on('error', () => {}); // what is asked next fails too, and says so
  try {
    await redis.connect();
    const version = /redis_version:(\d+)/.exec(await redis.info('server'))?.[1];
    return Number(version) >= 7 ? null : `this one has version ${version}`;
  } catch (error) {
    return String(error);
  } finally {
    redis.disconnect();
  }
}

async function postgresProblem(): Promise<string | null> {
  const client = new pg.Client({ connectionString: POSTGRES, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // what is asked next fails too, and says so
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; may: boolean }>(
      `SELECT current_setting('server_version_num')::int AS version, rolcreatedb OR rolsuper AS may
       FROM pg_roles WHERE rolname = current_user`,
    );
    if (rows[0]!.version < 150_000) return `this one has version ${rows[0]!.version}`;
    return rows[0]!.may ? null : 'this one may not';
  } catch (error) {
    return error instanceof AggregateError ? error.errors.join(', ') : String(error);
  } finally {
    await client.end();
  }
}
