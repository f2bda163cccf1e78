// That what a newsroom asks all day is found by keys and indexes, on both engines: with 100,000 articles and 10,000 people a
// query that reads a whole table would be felt by everybody. PostgreSQL says itself, in its statistics, how often it read a
// table from end to end, deletions that follow a reference included; SQLite tells its plan of each statement.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import { ThreadConnection } from '../../server/storage/sqlite/connection.ts';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import type { Statement } from '../../server/storage/sqlite/messages.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import type { Storage } from '../../server/storage/types.ts';
import { createTestDatabase, describePostgres } from '../support/postgres.ts';
import { newArticle } from './contract.ts';
import { firstUpdate, randomness, Writers } from './history-source.ts';

const logger = pino({ level: 'silent' });

/** What rooms, desks and doors ask of storage. Lists of all people and of all articles' ids are left out: they are whole tables. */
async function useEverything(storage: Storage): Promise<void> {
  const { log, archive, articles, snapshots, people, notifications } = storage;
  const writers = new Writers('used', randomness(5));
  await articles.create(newArticle('used', { update: firstUpdate() }));
  await articles.saveSummaries([{ ...(await articles.summary('used'))!, changedAt: 1_000_000 }]);
  await people.create({ id: 'user', name: 'U', role: 'editor', languages: [], color: '#1', createdAt: 1 });
  const { next } = await articles.page(50);
  await articles.page(50, next ?? undefined);
  await articles.epoch('used');
  await articles.setStanding('used', 'user', { role: 'reader', languages: [] });
  await articles.standing('used', 'user');
  await articles.standings('used');

  const command = { id: 'used', articleId: 'used', personId: 'user', at: 1, result: '{}' };
  await log.append([{ ...writers.step(), clients: [1] }, writers.step(), writers.step()], [command]);
  await log.load('used');
  await log.rowInfos('used', { from: 2, to: 3 });
  await log.findCommand('used');
  await log.recordLeases([{ articleId: 'used', clientId: 9, personId: 'user' }]);
  await log.clientIds('used');
  const snapshot = { id: 'used', articleId: 'used', kind: 'named' as const, name: '', createdAt: 1, by: null };
  await snapshots.take(snapshot, 3);
  await archive.compact('used', 4);
  await archive.history('used');
  await archive.documentAt('used', 3);
  await archive.verify('used');
  await snapshots.list('used');
  await snapshots.load('used', 'used');

  const terms = { createdAt: 1, expiresAt: 2_000_000 };
  await people.createSession({ hash: 'used', personId: 'user', ...terms });
  await people.findSession('used', 5);
  await people.findRights({ kind: 'session', hash: 'used' }, 'used', 5);
  await people.findRights({ kind: 'token', hash: 'used' }, 'used', 5);
  await people.extendSession('used', 3_000_000);
  await people.endSession('used');
  await people.endSessionsOf('user');
  await people.createToken({ id: 'used', hash: 'used', personId: 'user', name: '', createdAt: 1 });
  await people.findToken('used');
  await people.touchToken('used', 5);
  await people.tokensOf('user');
  await people.revokeToken('user', 'used');
  await people.createLink({ hash: 'used', personId: 'user', ...terms });
  await people.useLink('used', 5);
  await people.purge(100);
  await notifications.create('user', {
    id: 'used',
    kind: 'mention',
    articleId: 'used',
    articleTitle: '',
    annotationId: 'a',
    by: { id: 'p', name: 'P' },
    excerpt: '',
    at: 1,
    readAt: null,
  });
  await notifications.list('user', 50);
  await notifications.markRead('user', ['used'], 5);
  await notifications.markRead('user', 'all', 5);
  await people.find('user');
  await people.change('user', { lastSeenAt: 9 });
  await articles.remove('used');
}

/** Rows in every table that grows, `a` articles and `p` people. */
const FILL = (a: number, p: number) => `
  INSERT INTO people SELECT 'p' || n, 'Name ' || n, 'translator', '["ru"]', '#123456', n, NULL, NULL FROM generate_series(1, ${p}) n;
  INSERT INTO articles (id, created_by, created_at, epoch, head) SELECT 'a' || n, 'p1', n, 1, 1 FROM generate_series(1, ${a}) n;
  INSERT INTO summaries SELECT 'a' || n, n, json_build_object('id', 'a' || n) FROM generate_series(1, ${a}) n;
  INSERT INTO log_rows SELECT 'a' || n, 1, 'p1', n, '\\x0102', 2, NULL FROM generate_series(1, ${a}) n;
  INSERT INTO log_states SELECT 'a' || n, 1, '\\x0102', '\\x00' FROM generate_series(1, ${a}) n;
  INSERT INTO log_history SELECT 'a' || n, 1, 1, '\\x0102', 1 FROM generate_series(1, ${a}) n;
  INSERT INTO log_aside SELECT 'a' || n, 1, 'row', 1, 1, NULL, NULL, '\\x01', NULL FROM generate_series(1, ${a}) n;
  INSERT INTO client_ids SELECT 'a' || n, n, 'p1' FROM generate_series(1, ${a}) n;
  INSERT INTO commands SELECT 'c' || n, 'a' || n, 'p1', n, '{}' FROM generate_series(1, ${a}) n;
  INSERT INTO snapshots SELECT 's' || n, 'a' || n, 'named', '', n, NULL, 1, '\\x01' FROM generate_series(1, ${a}) n;
  INSERT INTO standings SELECT 'a' || n, 'p' || (n % ${p} + 1), 'reader', '[]' FROM generate_series(1, ${a}) n;
  INSERT INTO notifications SELECT 'n' || n, 'p' || (n % ${p} + 1), 'a' || n, n, NULL, '{}' FROM generate_series(1, ${a}) n;
  INSERT INTO sessions SELECT 'h' || n, 'p' || n, n, 1000000 + n FROM generate_series(1, ${p}) n;
  INSERT INTO tokens SELECT 't' || n, 'h' || n, 'p' || n, '', n, NULL FROM generate_series(1, ${p}) n;
  INSERT INTO links SELECT 'h' || n, 'p' || n, n, 1000000 + n, NULL FROM generate_series(1, ${p}) n;
  ANALYZE;`;

describePostgres('PostgreSQL, filled', () => {
  it('STORE-35 reads no table from end to end, nor a large part of one', async () => {
    const database = await createTestDatabase();
    const scans = () =>
      database.query<{ table: string; scans: number; fetched: number }>(
        `SELECT relname AS table, seq_scan::int AS scans, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS fetched
         FROM pg_stat_user_tables WHERE relname <> 'schema_version' AND relname <> 'invitations' ORDER BY relname`,
      );
    try {
      await (await openPostgresStorage({ url: database.url, logger })).close();
      await database.query(FILL(10_000, 5_000));
      const before = await scans();
      const storage = await openPostgresStorage({ url: database.url, logger });
      await useEverything(storage);
      await storage.close();
      // What a connection counted is there when it has ended.
      await expect
        .poll(() =>
          database.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kopuro'",
          ),
        )
        .toEqual([]);
      const after = await scans();
      expect(after).toHaveLength(15);
      const read = after.map(({ table, scans, fetched }, index) => ({
        table,
        scans: scans - before[index]!.scans,
        fetched: fetched - before[index]!.fetched,
      }));
      expect(read.filter(({ scans, fetched }) => scans > 0 || fetched > 500)).toEqual([]);
      // The counters do count.
      expect(read.filter(({ fetched }) => fetched === 0).map(({ table }) => table)).toEqual(['log_aside']);
    } finally {
      await database.drop();
    }
  });
});

describe('SQLite', () => {
  it('STORE-35 reads no table from end to end', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kopuro-scale-'));
    const file = path.join(folder, 'kopuro.sqlite');
    const storage = await openSqliteStorage({ file, logger });
    const run = vi.spyOn(ThreadConnection.prototype, 'run');
    try {
      await useEverything(storage);
      const statements = run.mock.calls.flatMap(([given]) => given as readonly Statement[]);
      const database = await openDatabase(file);
      const plans = statements.flatMap(({ sql, parameters }) =>
        database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...parameters)
          .map(({ detail }) => ({ detail: String(detail), sql })),
      );
      database.close();
      expect(plans.length).toBeGreaterThan(30);
      expect(plans.filter(({ detail }) => /^SCAN (?!CONSTANT ROW|\w+ USING (COVERING )?INDEX)/.test(detail))).toEqual(
        [],
      );
    } finally {
      run.mockRestore();
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
