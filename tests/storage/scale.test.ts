// That what a newsroom asks all day is found by keys and indexes, on both engines, among 100,000 articles and 10,000 people: a
// query that reads a whole table would be felt by everybody. Every question that storage can be asked is asked; the plan of each
// statement is looked at; and PostgreSQL says in its statistics how often it read a table from end to end, deletions that follow
// a reference included.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import { ThreadConnection } from '../../server/storage/sqlite/connection.ts';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import type { Statement } from '../../server/storage/sqlite/messages.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import type { Storage } from '../../server/storage/types.ts';
import { byChange, conditionsOf, type DeskFilter, NO_FILTER, termsMeet, termsOf } from '../../shared/desk/finding.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { createTestDatabase, describePostgres, type TestDatabase } from '../support/postgres.ts';
import { newArticle } from './contract.ts';
import { firstUpdate, randomness, Writers } from './history-source.ts';
import { largeNewsroom } from './newsroom.ts';

const logger = pino({ level: 'silent' });
const SIZE = { articles: 100_000, people: 10_000 };

/** What may read a whole table, and why. */
const WHOLE_TABLES: Record<string, string> = {
  'articles.ids': 'verify and restore go through all articles',
  'people.list': 'the page of all people, and the colour of a new one',
  'people.invitations': 'the page of all invitations, which end after a while',
};
/** What asks no table that grows, or is looked at elsewhere. */
const NOT_ASKED: Record<string, string> = {
  'log.exclusively': 'a lock',
  'archive.mend': 'only what is damaged is mended: tests/storage/damage.test.ts',
  'archive.replaceHistory': 'only what is damaged is replaced: by the keys that compaction uses',
};

const me = { id: 'p77', languages: ['ky'] };
const SEARCHES: readonly Partial<DeskFilter>[] = [
  {},
  { search: 'макала' },
  { search: 'н777' },
  { search: 'АЙГҮЛ к7 н7' },
  { search: 'макала', language: 'ky' },
  { language: 'en' },
  { state: 'translating' },
  { state: 'claims', language: 'ru' },
  { state: 'done', language: 'ky', search: 'к9' },
  { mine: true },
  { mine: true, state: 'translating', search: 'к12' },
  { search: 'нет' },
];
const conditionsFor = (filter: Partial<DeskFilter>) => conditionsOf({ ...NO_FILTER, ...filter }, me);

const PARTS = ['log', 'archive', 'articles', 'snapshots', 'people', 'notifications'] as const;

/** The same storage, which remembers what it was asked. */
function remembering(storage: Storage, asked: Set<string>): Storage {
  const parts = PARTS.map((part) => [
    part,
    new Proxy(storage[part], {
      get: (target, name) => {
        asked.add(`${part}.${String(name)}`);
        return Reflect.get(target, name);
      },
    }),
  ]);
  return { ...storage, ...Object.fromEntries(parts) };
}

async function useEverything(storage: Storage): Promise<void> {
  const { log, archive, articles, snapshots, people, notifications } = storage;
  const writers = new Writers('used', randomness(5));
  await people.create({ id: 'user', name: 'U', role: 'editor', languages: [], color: '#1', createdAt: 1 });
  await articles.create(newArticle('used', { update: firstUpdate() }));
  await articles.saveSummaries([{ ...(await articles.summary('used'))!, changedAt: 1_000_000 }]);
  const { next } = await articles.page(50);
  await articles.page(50, next ?? undefined);
  await articles.languages();
  await articles.epoch('used');
  await articles.setEpoch('used', 1);
  await articles.setStanding('used', 'user', { role: 'reader', languages: [] });
  await articles.standing('used', 'user');
  await articles.standings('used');
  await articles.setStanding('used', 'user', null);
  await articles.setStanding('used', 'user', { role: 'reader', languages: [] });

  const command = { id: 'used', articleId: 'used', personId: 'user', at: 1, result: '{}' };
  await log.append([{ ...writers.step(), clients: [1] }, writers.step(), writers.step()], [command]);
  await log.load('used');
  await log.heads(['used', 'a7']);
  await log.rowsAfter('used', 2);
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
  const invitation = { id: 'used', role: 'reader' as const, languages: [], note: '', usedAt: null, ...terms };
  await people.createInvitation({ ...invitation, hash: 'used', createdBy: 'user' });
  await people.findInvitation('used', 5);
  await people.useInvitation('used', 5);
  await people.revokeInvitation('used');
  await people.purge(100);
  await people.editors();
  await people.names(['user', 'p7']);
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

/** That nothing which storage can do was forgotten above. */
function expectAllAsked(storage: Storage, asked: ReadonlySet<string>): void {
  const all = PARTS.flatMap((part) => Object.keys(storage[part]).map((name) => `${part}.${name}`));
  expect(all.length).toBeGreaterThan(50);
  const left = { ...WHOLE_TABLES, ...NOT_ASKED };
  expect(all.filter((one) => !asked.has(one)).sort()).toEqual(Object.keys(left).sort());
}

/** What the desk shows of all articles, first and second page, as it is found by looking at each of them. */
async function expectFound(storage: Storage): Promise<void> {
  const all: ArticleSummary[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await storage.articles.page(1_000, cursor);
    all.push(...page.articles);
    cursor = page.next ?? undefined;
    more = page.next !== null;
  }
  expect(all).toHaveLength(SIZE.articles);
  expect([...all].sort(byChange)).toEqual(all);
  const known = all.map((article) => ({ id: article.id, terms: termsOf(article) }));
  for (const filter of SEARCHES) {
    const conditions = conditionsFor(filter);
    const expected = known.filter(({ terms }) => termsMeet(terms, conditions)).map(({ id }) => id);
    const first = await storage.articles.page(50, undefined, conditions);
    expect(first.articles.map(({ id }) => id)).toEqual(expected.slice(0, 50));
    expect(first.next === null).toBe(expected.length <= 50);
    if (first.total !== null || expected.length <= 50) expect(first.total).toBe(expected.length);
    if (first.next === null) continue;
    const second = await storage.articles.page(50, first.next, conditions);
    expect(second.articles.map(({ id }) => id)).toEqual(expected.slice(50, 100));
  }
  expect(await storage.articles.languages()).toEqual(['en', 'ky', 'ru']);
}

async function searchEverything(storage: Storage): Promise<void> {
  for (const filter of SEARCHES) {
    const { next } = await storage.articles.page(50, undefined, conditionsFor(filter));
    if (next !== null) await storage.articles.page(50, next, conditionsFor(filter));
  }
}

describePostgres('PostgreSQL, filled', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await (await openPostgresStorage({ url: database.url, logger })).close();
    // One connection, and without looking up each reference: a million and a half of them.
    await database.query(['SET session_replication_role = replica', ...largeNewsroom('postgres', SIZE)].join(';'));
  }, 120_000);
  afterAll(() => database.drop());

  it('STORE-35 reads no table from end to end, nor a large part of one', { timeout: 120_000 }, async () => {
    const scans = () =>
      database.query<{ table: string; scans: number; fetched: number }>(
        `SELECT relname AS table, seq_scan::int AS scans, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS fetched
         FROM pg_stat_user_tables WHERE relname <> 'schema_version' ORDER BY relname`,
      );
    const before = await scans();
    const storage = await openPostgresStorage({ url: database.url, logger });
    const asked = new Set<string>();
    const statements = await statementsOf(() => useEverything(remembering(storage, asked)));
    expectAllAsked(storage, asked);
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
    expect(after).toHaveLength(17);
    const read = after.map(({ table, scans, fetched }, index) => ({
      table,
      scans: scans - before[index]!.scans,
      fetched: fetched - before[index]!.fetched,
    }));
    expect(read.filter(({ scans, fetched }) => scans > 0 || fetched > 500)).toEqual([]);
    // The counters do count.
    expect(read.filter(({ fetched }) => fetched === 0).map(({ table }) => table)).toEqual(['log_aside']);
    expect(statements.size).toBeGreaterThan(60);
    expect(await scansIn(database, statements)).toEqual([]);
  });

  it('STORE-44 plans every search by keys and indexes', { timeout: 60_000 }, async () => {
    const storage = await openPostgresStorage({ url: database.url, logger });
    const statements = await statementsOf(() => searchEverything(storage));
    await storage.close();
    expect(statements.size).toBeGreaterThan(10);
    expect(await scansIn(database, statements)).toEqual([]);
    // A plan that scans is seen.
    const scan = "SELECT 1 FROM summaries WHERE summary LIKE '%x%'";
    expect(await scansIn(database, new Map([[scan, []]]))).toEqual([{ sql: scan, table: 'summaries' }]);
  });

  it('STORE-44 finds among all of them what looking at each one finds', { timeout: 120_000 }, async () => {
    const storage = await openPostgresStorage({ url: database.url, logger });
    await expectFound(storage);
    await storage.close();
  });
});

/** What is sent to PostgreSQL meanwhile, with the values of the last time. */
async function statementsOf(work: () => Promise<void>): Promise<Map<string, unknown[]>> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const sent = query.mock.calls as unknown as [unknown, unknown[] | undefined][];
    return new Map(
      sent.flatMap(([sql, values]) =>
        typeof sql === 'string' && /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/i.test(sql) ? [[sql, values ?? []]] : [],
      ),
    );
  } finally {
    query.mockRestore();
  }
}

async function scansIn({ url }: TestDatabase, statements: ReadonlyMap<string, unknown[]>) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const scanned: { sql: string; table: string }[] = [];
    for (const [sql, values] of statements) {
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${sql}`, values);
      scanned.push(...tablesScanned(rows[0]!['QUERY PLAN'][0].Plan).map((table) => ({ sql, table })));
    }
    return scanned.filter(({ table }) => table !== 'schema_version');
  } finally {
    await client.end();
  }
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

function tablesScanned(plan: Plan): string[] {
  const own = /^(Parallel )?Seq Scan$/.test(plan['Node Type']) ? [plan['Relation Name'] ?? '?'] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(tablesScanned)];
}

describe('SQLite, filled', () => {
  let folder: string;
  let file: string;
  let storage: Storage;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kopuro-scale-'));
    file = path.join(folder, 'kopuro.sqlite');
    await (await openSqliteStorage({ file, logger })).close();
    const database = await openDatabase(file);
    database.exec('BEGIN');
    for (const statement of largeNewsroom('sqlite', SIZE)) {
      if (statement !== 'ANALYZE') database.exec(statement); // the product never gathers statistics here
    }
    database.exec('COMMIT');
    database.close();
    storage = await openSqliteStorage({ file, logger });
  }, 120_000);
  afterAll(async () => {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('STORE-35 STORE-44 reads no table from end to end', { timeout: 60_000 }, async () => {
    const run = vi.spyOn(ThreadConnection.prototype, 'run');
    try {
      const asked = new Set<string>();
      await useEverything(remembering(storage, asked));
      expectAllAsked(storage, asked);
      await searchEverything(storage);
      const statements = run.mock.calls.flatMap(([given]) => given as readonly Statement[]);
      const database = await openDatabase(file);
      const plans = statements.flatMap(({ sql, parameters }) =>
        database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...parameters)
          .map(({ detail }) => ({ detail: String(detail), sql })),
      );
      database.close();
      expect(plans.length).toBeGreaterThan(60);
      const isScan = /^SCAN (?!(\d+ )?CONSTANT ROW|\d+-ROW VALUES|(known|one|given)\b)/;
      const walks = ({ detail }: { detail: string }) => detail === 'SCAN summaries USING INDEX summaries_by_change';
      // From the newest backwards until the page is full: that is what a list is.
      expect(plans.filter(({ detail }) => isScan.test(detail)).filter((plan) => !walks(plan))).toEqual([]);
      expect(plans.filter(walks).every(({ sql }) => / limit /i.test(sql))).toBe(true);
    } finally {
      run.mockRestore();
    }
  });

  it('STORE-44 finds among all of them what looking at each one finds', { timeout: 120_000 }, async () => {
    await expectFound(storage);
  });
});
