// Several processes on one database: they append, carry out commands, claim, compact and check at the same moment.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import { Sessions } from '../../server/storage/postgres/sessions.ts';
import type { LogEntry, Storage } from '../../server/storage/types.ts';
import { createTestDatabase, describePostgres, type TestDatabase } from '../support/postgres.ts';
import { newArticle } from './contract.ts';
import { firstUpdate, randomness, Writers } from './history-source.ts';

const logger = pino({ level: 'silent' });
const APPENDER = fileURLToPath(new URL('appender.ts', import.meta.url));
const ROWS = 500;

describePostgres('PostgreSQL with several processes', () => {
  let database: TestDatabase;
  let one: Storage;
  let other: Storage;
  beforeAll(async () => {
    database = await createTestDatabase();
    one = await openPostgresStorage({ url: database.url, logger });
    other = await openPostgresStorage({ url: database.url, logger });
  });
  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
  });

  const entry = (articleId: string, personId = 'p', byte = 5): LogEntry => ({
    articleId,
    personId,
    at: 5_000,
    update: new Uint8Array([byte]),
  });
  const command = (id: string, articleId: string, result: string) => ({ id, articleId, personId: 'p', at: 1, result });
  const rowsOf = (articleId: string) => one.log.rowInfos(articleId, { from: 1, to: Number.MAX_SAFE_INTEGER });

  /** A transaction of somebody else that has done `sql`, until `end` is called. */
  async function elsewhere(sql: string): Promise<{ end(): Promise<void> }> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(sql);
    return {
      async end() {
        await client.query('ROLLBACK');
        await client.end();
      },
    };
  }

  /** Waits until one of our connections waits for a lock; answers with its process id. */
  async function waitingForLock(): Promise<number> {
    for (;;) {
      const [waiting] = await database.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'kopuro' AND wait_event_type = 'Lock'`,
      );
      if (waiting) return waiting.pid;
    }
  }

  it('PG-4 numbers the rows of two processes that append to one article without holes and doubles', async () => {
    for (const id of ['race', 'race-ann', 'race-ben']) await one.articles.create(newArticle(id));
    const children = ['ann', 'ben'].map((person) => startAppender(database.url, 'race', person));
    for (const child of children) await child.line(); // ready
    for (const child of children) child.process.stdin!.write('go\n');
    const [ann = [], ben = []] = await Promise.all(
      children.map(async (child) => JSON.parse(await child.line()) as number[]),
    );
    const rows = (await rowsOf('race')).slice(1);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * ROWS }, (_, index) => index + 2));
    const numbersOf = (person: string) => rows.filter(({ personId }) => personId === person).map(({ seq }) => seq);
    expect([numbersOf('ann'), numbersOf('ben')]).toEqual([ann, ben]);
    expect(await one.log.load('race')).toMatchObject({ head: 2 * ROWS + 1 });
  });

  it('PG-5 reports an article that another process holds as busy, within bounds, and stores the others', async () => {
    for (const id of ['held', 'free']) await one.articles.create(newArticle(id));
    const holder = await elsewhere("SELECT 1 FROM articles WHERE id = 'held' FOR UPDATE");
    const entries = [entry('held'), entry('free')];
    expect(await one.log.append(entries, [command('of-held', 'held', '{}')])).toEqual({
      heads: new Map([['free', 2]]),
      refused: new Map([['held', { code: 'busy' }]]),
    });
    expect([await one.log.findCommand('of-held'), (await rowsOf('free')).length]).toEqual([null, 2]);
    const waiting = one.log.append(entries);
    await waitingForLock();
    await holder.end();
    expect((await waiting).heads).toEqual(
      new Map([
        ['held', 2],
        ['free', 3],
      ]),
    );
  });

  it('PG-5 tells a conflict that comes about while it waits', async () => {
    await one.articles.create(newArticle('overtaken'));
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query("UPDATE articles SET head = 9 WHERE id = 'overtaken'");
    const waiting = one.log.append([entry('overtaken')], [], new Map([['overtaken', 1]]));
    await waitingForLock();
    await client.query('COMMIT');
    await client.end();
    expect(await waiting).toEqual({
      heads: new Map(),
      refused: new Map([['overtaken', { code: 'conflict', head: 9 }]]),
    });
  });

  it('PG-6 lets exactly one of two processes carry out a command, and the other find its outcome', async () => {
    await one.articles.create(newArticle('arbiter'));
    let head = 1;
    for (let round = 0; round < 60; round += 1) {
      const id = `command-${round}`;
      const expecting = round % 2 === 0 ? new Map([['arbiter', head]]) : undefined;
      const outcomes = await Promise.allSettled(
        [one, other].map((storage, index) =>
          storage.log.append([entry('arbiter')], [command(id, 'arbiter', String(index))], expecting),
        ),
      );
      const winners = outcomes.flatMap((outcome, index) =>
        outcome.status === 'fulfilled' && outcome.value.heads.has('arbiter') ? [String(index)] : [],
      );
      expect(winners).toHaveLength(1);
      const lost = winners[0] === '0' ? 1 : 0;
      let loser = outcomes[lost]!;
      // A commit that takes long keeps the other waiting past its patience: nothing is decided then, and it asks again.
      while (loser.status === 'fulfilled' && loser.value.refused.get('arbiter')?.code === 'busy') {
        const storage = lost === 0 ? one : other;
        [loser] = (await Promise.allSettled([
          storage.log.append([entry('arbiter')], [command(id, 'arbiter', String(lost))], expecting),
        ])) as [typeof loser];
      }
      if (loser.status === 'rejected') expect(loser.reason).toMatchObject({ code: 'exists' });
      else expect(loser.value.refused.get('arbiter')).toEqual({ code: 'conflict', head: head + 1 });
      head += 1;
      for (const storage of [one, other]) {
        expect((await storage.log.findCommand(id))?.result).toBe(winners[0]);
        expect(await storage.log.load('arbiter')).toMatchObject({ head });
      }
    }
  });

  it('PG-6 gives client ids, articles, links and invitations to exactly one of two processes', async () => {
    await one.articles.create(newArticle('claims'));
    await one.people.create({ id: 'linked', name: 'L', role: 'editor', languages: [], color: '#1', createdAt: 1 });
    for (let round = 0; round < 25; round += 1) {
      const lease = { articleId: 'claims', clientId: round };
      await Promise.all([
        one.log.recordLeases([{ ...lease, personId: 'ann' }]),
        other.log.recordLeases([{ ...lease, personId: 'ben' }]),
      ]);
      const owner = (await one.log.clientIds('claims')).get(round);
      expect(['ann', 'ben']).toContain(owner);
      expect((await other.log.clientIds('claims')).get(round)).toBe(owner);
      const made = await Promise.all(
        [one, other].map((storage) => storage.articles.create(newArticle(`new-${round}`))),
      );
      expect([...made].sort()).toEqual([false, true]);
      const [hash, terms] = [`hash-${round}`, { createdAt: 1, expiresAt: 100 }];
      await one.people.createLink({ hash, personId: 'linked', ...terms });
      await one.people.createInvitation({
        id: `i-${round}`,
        hash,
        role: 'reader',
        languages: [],
        note: '',
        createdBy: 'p',
        usedAt: null,
        ...terms,
      });
      const links = await Promise.all([one, other].map((storage) => storage.people.useLink(hash, 5)));
      const invitations = await Promise.all([one, other].map((storage) => storage.people.useInvitation(hash, 5)));
      expect([links.filter(Boolean).length, invitations.filter(Boolean).length]).toEqual([1, 1]);
    }
  });

  it('PG-7 compacts, checks and takes snapshots of one article in two processes at once while rows are appended', async () => {
    const writers = new Writers('quiet', randomness(11));
    await one.articles.create(newArticle('quiet', { update: firstUpdate() }));
    for (let round = 0; round < 4; round += 1) {
      const entries = Array.from({ length: 60 }, () => writers.step());
      await one.log.append(entries);
      const head = writers.updates.length;
      const snapshot = (id: string) => ({
        id: `quiet-${round}-${id}`,
        articleId: 'quiet',
        kind: 'named' as const,
        name: id,
        createdAt: round,
        by: null,
      });
      const [, , , checked] = await Promise.all([
        one.archive.compact('quiet', head),
        other.archive.compact('quiet', head - 7),
        one.snapshots.take(snapshot('a'), head - 3),
        other.archive.verify('quiet'),
        other.snapshots.take(snapshot('b'), head - 9),
        one.archive.compact('quiet', head - 2),
        one.log.append([writers.step()]),
      ]);
      expect(checked.damaged).toEqual([]);
    }
    const report = await one.archive.verify('quiet');
    expect(report).toEqual({ articleId: 'quiet', updates: writers.updates.length, snapshots: 8, damaged: [] });
  });

  it('PG-8 answers `unavailable` when its connection breaks, stores nothing of it, and goes on with another', async () => {
    await one.articles.create(newArticle('broken'));
    const blocker = await elsewhere(
      "INSERT INTO commands (id, article_id, person_id, at, result) VALUES ('blocked', 'broken', 'p', 1, '{}')",
    );
    const append = () => one.log.append([entry('broken')], [command('blocked', 'broken', '{}')]);
    const cut = append();
    const outcome = expect(cut).rejects.toMatchObject({ code: 'unavailable' });
    await database.query('SELECT pg_terminate_backend($1)', [await waitingForLock()]);
    await outcome;
    await blocker.end();
    expect(await one.log.load('broken')).toMatchObject({ head: 1 });
    expect((await append()).heads).toEqual(new Map([['broken', 2]]));
  });

  it('PG-8 is there again after every connection was cut', async () => {
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'kopuro'`,
    );
    for (const storage of [one, other]) {
      await expect
        .poll(() =>
          storage.check().then(
            () => 'works',
            (error: { code: string }) => error.code,
          ),
        )
        .toBe('works');
    }
  });

  it('PG-9 flushes every commit, even if the database is set not to', async () => {
    const hasty = await createTestDatabase();
    await hasty.query(`ALTER DATABASE ${hasty.name} SET synchronous_commit = off`);
    const sessions = new Sessions({ url: hasty.url, most: 1, timeoutMs: 5_000, logger });
    expect(await sessions.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    await sessions.end();
    await hasty.drop();
  });
});

function startAppender(
  url: string,
  article: string,
  person: string,
): { process: ChildProcess; line(): Promise<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', APPENDER, url, article, person, String(ROWS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error('the other process has ended');
      return value;
    },
  };
}
