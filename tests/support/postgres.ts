// Databases for tests: made with a name of their own, dropped afterwards. Where there is no server the tests are left out,
// except in CI.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, inject, it } from 'vitest';

export interface TestDatabase {
  name: string;
  url: string;
  /** One statement on a connection that nothing else uses; answers with its rows. */
  query<Row extends object = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Like `describe`, for what needs PostgreSQL. */
export function describePostgres(name: string, define: () => void): void {
  const server = inject('postgres');
  if (server === null && process.env.CI === 'true') {
    it(`${name}: nothing may be left out here`, () => {
      throw new Error('PostgreSQL was not found');
    });
  } else describe.skipIf(server === null)(name, define);
}

/** The server's address with another database, and whatever else of it is to be another. */
export function serverUrl(change: { database?: string; user?: string; password?: string; port?: number } = {}): string {
  const server = inject('postgres');
  if (server === null) throw new Error('PostgreSQL was not found');
  const url = new URL(server);
  if (change.database !== undefined) url.pathname = `/${change.database}`;
  if (change.user !== undefined) url.username = change.user;
  if (change.password !== undefined) url.password = change.password;
  if (change.port !== undefined) url.port = String(change.port);
  return url.href;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `kopuro_test_${randomBytes(6).toString('hex')}`;
  await ask(serverUrl(), `CREATE DATABASE ${name}`);
  const url = serverUrl({ database: name });
  return {
    name,
    url,
    query: (sql, parameters) => ask(url, sql, parameters),
    drop: async () => void (await ask(serverUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

/** One statement on a connection of its own; answers with its rows. */
export async function ask<Row extends object>(url: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
