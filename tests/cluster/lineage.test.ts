// PostgreSQL becomes another server: what storage does of it, and what of a room's memory and its following of the log depends on it.
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { ServerLineage } from '../../server/storage/postgres/lineage.ts';
import { openPostgresStorage } from '../../server/storage/postgres/open.ts';
import type { LogRow, UpdateLog } from '../../server/storage/types.ts';
import { Following } from '../../server/sync/following.ts';
import { putBack } from '../../server/sync/puttingBack.ts';
import { Remembered, type RememberedRow } from '../../server/sync/remembered.ts';
import type { ChangeOrigin } from '../../server/sync/types.ts';
import { newArticle } from '../storage/contract.ts';
import { startBalancer } from '../support/balancer.ts';
import { describeOwnPostgres, startPostgres } from '../support/ownPostgres.ts';
import { until } from '../support/typist.ts';

const logger = pino({ level: 'silent' });

describe('which server it is', () => {
  const one = { standby: false, system: 's', timeline: '00000001', started: '10' };

  it('PG-10 tells whoever watches of another server and of a new start, and of nothing else', () => {
    const lineage = new ServerLineage();
    let changes = 0;
    lineage.watch(() => {
      changes += 1;
    });
    const name = lineage.meet(one);
    expect([lineage.meet(one), lineage.name, changes]).toEqual([name, name, 0]);
    for (const [count, other] of [
      { ...one, started: '20' },
      { ...one, timeline: '00000002' },
      { ...one, system: 'restored elsewhere' },
    ].entries()) {
      expect([lineage.meet(other) === name, changes]).toEqual([false, count + 1]);
    }
  });

  it('PG-10 refuses a standby, and a server that another one has taken over from', () => {
    const lineage = new ServerLineage();
    lineage.meet({ ...one, timeline: '0000000A' });
    const { name } = lineage;
    for (const other of [
      { ...one, standby: true, timeline: '' },
      { ...one, timeline: '00000009', started: '30' },
    ]) {
      expect(() => lineage.meet(other)).toThrow(expect.objectContaining({ code: 'unavailable' }));
    }
    expect(lineage.name).toBe(name);
  });
});

describeOwnPostgres('storage whose server becomes another one', () => {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  });

  it('PG-10 fails an append that was meant for the former server, and never writes to that one again', async () => {
    const primary = await startPostgres();
    undo.push(() => primary.dispose());
    const standby = await primary.standby();
    undo.push(() => standby.dispose());
    const ports = [primary.port];
    const way = await startBalancer(ports);
    undo.push(() => way.close());
    const leadTo = (port: number) => {
      ports[0] = port;
      way.cut();
      way.goOn();
    };
    const storage = await openPostgresStorage({
      url: primary.database.url.replace(`${primary.port}`, `${way.port}`),
      logger,
    });
    undo.push(() => storage.close());
    let changes = 0;
    storage.lineage!.watch(() => {
      changes += 1;
    });
    await storage.articles.create(newArticle('a'));
    const append = () =>
      storage.log.append([{ articleId: 'a', personId: 'p', at: 1, update: new Uint8Array([1]) }]).then(
        ({ heads }) => heads.get('a'),
        ({ code }: { code: string }) => code,
      );
    /** Until a commit no longer fails because its connection was cut. */
    const appended = async (): Promise<number> => {
      for (;;) {
        const head = await append();
        if (typeof head === 'number') return head;
      }
    };
    expect(await append()).toBe(2);
    await until(async () => {
      const [row] = await standby.database.query<{ head: string }>("SELECT head FROM articles WHERE id = 'a'");
      return Number(row!.head) === 2;
    }, 'the standby has it');

    leadTo(standby.port); // which still follows
    expect(await append()).toBe('unavailable');
    leadTo(primary.port);
    expect(await appended()).toBe(3);
    expect(changes).toBe(0); // the same server, over other connections

    await primary.kill();
    await standby.promote();
    leadTo(standby.port);
    const first = [await append(), await append()];
    expect(first[0]).toBe('unavailable');
    expect(await appended()).toBeGreaterThan(2);
    expect(changes).toBe(1);

    await primary.start(); // nobody has told it
    leadTo(primary.port);
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await append()).toBe('unavailable');
    const [row] = await primary.database.query<{ head: string }>("SELECT head FROM articles WHERE id = 'a'");
    expect(Number(row!.head)).toBe(3);
    leadTo(standby.port);
    expect(await appended()).toBeGreaterThan(3);
    expect(changes).toBe(1);
  });
});

describe('what a room makes of it', () => {
  const row = (personId: string | null, update = new Uint8Array(10)): RememberedRow => ({
    personId,
    update,
    owners: [],
  });

  it('CLUSTER-16 remembers the newest for a minute of commits, and gives what other servers committed to the same history', () => {
    let now = 0;
    const remembered = new Remembered(() => now);
    const add = (server: string, person: string, epoch = 1) =>
      remembered.add({ articleId: 'a', epoch, server }, [row(person)]);
    add('one', 'first');
    add('two', 'second');
    add('two', 'of another history', 2);
    const people = (server: string) =>
      remembered.of({ articleId: 'a', epoch: 1, server }).map(({ personId }) => personId);
    expect([people('one'), people('two'), people('three')]).toEqual([['second'], ['first'], ['first', 'second']]);
    now = 59_000;
    expect(remembered.renew()).toEqual(['a']);
    now = 100_000;
    expect(people('three')).toEqual(['first', 'second']); // nothing was committed meanwhile
    add('three', 'third');
    expect(people('three')).toEqual(['first', 'second']);
    now = 119_001;
    add('three', 'fourth');
    expect([people('three'), people('four')]).toEqual([[], ['third', 'fourth']]);
  });

  it('CLUSTER-16 remembers no more than 32 MB', () => {
    const remembered = new Remembered(() => 0);
    for (let index = 0; index < 40; index += 1) {
      remembered.add({ articleId: `a${index}`, epoch: 1, server: 'one' }, [row('p', new Uint8Array(1024 * 1024))]);
    }
    expect(remembered.bytes).toBeLessThanOrEqual(32 * 1024 * 1024);
    expect(remembered.renew()).toHaveLength(31);
  });

  it('CLUSTER-16 puts back what a document lacks, under its author’s name, and stops where something is missing', () => {
    const author = new Y.Doc();
    const updates: Uint8Array<ArrayBuffer>[] = [];
    author.on('update', (update: Uint8Array) => updates.push(Uint8Array.from(update)));
    for (const word of ['one ', 'two ', 'three ']) author.getText('t').insert(author.getText('t').length, word);
    const rows = updates.map((update, index) => row(`p${index}`, update));
    const doc = new Y.Doc();
    Y.applyUpdate(doc, updates[0]!);
    const lacked: (string | null)[] = [];
    doc.on('update', (_update, origin) => lacked.push((origin as ChangeOrigin).personId));
    expect([putBack(doc, rows), doc.getText('t').toString()]).toEqual([3, 'one two three ']);
    expect([putBack(doc, rows), lacked]).toEqual([3, ['p1', 'p2']]);
    expect(putBack(new Y.Doc(), [rows[0]!, rows[2]!])).toBe(1);
  });

  function following(log: Partial<UpdateLog>) {
    const did = { applied: [] as (string | null)[], replaced: [] as string[] };
    const followed = new Following({
      articleId: 'a',
      log: log as UpdateLog,
      epoch: 1,
      head: 5,
      server: 'here',
      apply: (rows) => did.applied.push(...rows.map(({ personId }) => personId)),
      replaced: ({ code }) => did.replaced.push(code),
      failed: (error) => {
        throw error;
      },
    });
    return { followed, did };
  }

  const news = { epoch: 1, from: 6, to: 6, update: new Uint8Array(1), owners: [], personId: 'p' };

  it('CLUSTER-17 believes news of its own server only', async () => {
    const rowsAfter = async (): Promise<LogRow[]> => [{ seq: 6, personId: 'from the log', update: new Uint8Array(1) }];
    const { followed, did } = following({
      heads: async () => new Map([['a', { head: 6, epoch: 1 }]]),
      rowsAfter,
      clientIds: async () => new Map(),
    });
    followed.heard({ ...news, server: 'there' });
    expect(did.applied).toEqual([]);
    await followed.catchUp();
    expect(did.applied).toEqual(['from the log']);
    followed.heard({ ...news, from: 7, to: 7, server: 'here' });
    expect([did.applied, followed.head]).toEqual([['from the log', 'p'], 7]);
  });

  it('CLUSTER-17 gives a document up that the log lacks rows of', async () => {
    const { followed, did } = following({ heads: async () => new Map([['a', { head: 4, epoch: 1 }]]) });
    await followed.catchUp();
    expect(did).toEqual({ applied: [], replaced: ['not-saved'] });
    followed.lookIfBehind({ head: 5, epoch: 1 }, 5);
    followed.lookIfBehind({ head: 4, epoch: 1 }, 4); // asked before the fifth was there
    expect(did.replaced).toHaveLength(1);
    followed.lookIfBehind({ head: 4, epoch: 1 }, 5);
    expect(did.replaced).toHaveLength(2);
  });
});
