// What a newsroom of several processes does when one of them dies or stands still, when Redis or PostgreSQL goes away, and when
// clocks differ. Real processes, real servers; nothing is waited for but what must come.
import { afterEach, expect, it } from 'vitest';
import { startBalancer } from '../support/balancer.ts';
import { serverUrl } from '../support/postgres.ts';
import { describeCluster, type OwnRedis, startRedis } from '../support/redis.ts';
import { Typist, until } from '../support/typist.ts';
import { type Newsroom, type NewsroomOptions, openNewsroom, type Somebody } from './newsroom.ts';

describeCluster('a newsroom in trouble', () => {
  let newsroom: Newsroom;
  let editor: Somebody;
  let articleId: string;
  let typists: Typist[] = [];
  const undo: (() => Promise<void> | void)[] = [];

  afterEach(async () => {
    for (const typist of typists) typist.destroy();
    typists = [];
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  });

  async function open(options: NewsroomOptions = {}): Promise<void> {
    newsroom = await openNewsroom(options);
    undo.push(() => newsroom.dispose());
    editor = await newsroom.person('editor', [], 'Aida');
    articleId = await newsroom.article(editor);
  }

  function join(url: string, who = editor): Typist {
    const typist = new Typist({ url, articleId, language: 'en', token: who.token });
    typists.push(typist);
    return typist;
  }

  const at = (process: number) => newsroom.processes[process]!.url;

  /** Types until `stop`, everybody all the time. */
  function typing(writers: readonly Typist[]): { stop(): void } {
    const timer = setInterval(() => {
      for (const writer of writers) writer.type();
    }, 8);
    return { stop: () => clearInterval(timer) };
  }

  /** Everything typed is acknowledged, and there, once, for somebody who has nothing yet, at each process. */
  async function nothingLost(writers: readonly Typist[], processes: readonly number[]): Promise<void> {
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    const typed = writers.flatMap((writer) => writer.typed);
    expect(typed.length).toBeGreaterThan(0);
    for (const process of processes) {
      const fresh = join(at(process));
      await fresh.connect();
      await until(() => typed.every((word) => fresh.words().has(word)), `everything is at ${process}`);
      const text = fresh.text();
      expect(typed.filter((word) => text.split(word).length !== 2)).toEqual([]);
    }
    expect(writers.flatMap(({ refusals }) => refusals)).toEqual([]);
  }

  it('CLUSTER-8 loses nothing that anybody has seen when one process is killed under load; its people go to the others', async () => {
    await open();
    const writers = Array.from({ length: 6 }, () => join(newsroom.balancer.url));
    await Promise.all(writers.map((writer) => writer.connect()));
    const load = typing(writers);
    await until(() => writers.every(({ acknowledged }) => acknowledged.size > 20), 'all are at work');
    const seen = writers.map((writer) => writer.words());
    await newsroom.processes[1]!.kill();
    const before = writers.map(({ acknowledged }) => acknowledged.size);
    await until(() => writers.every((one, index) => one.acknowledged.size > before[index]! + 20), 'all go on');
    load.stop();
    await nothingLost(writers, [0, 2]);
    const fresh = join(at(2));
    await fresh.connect();
    const there = fresh.words();
    expect(seen.flatMap((words) => [...words]).filter((word) => !there.has(word))).toEqual([]);
    // And whoever was at the dead process is no longer shown at two places, nor at none.
    await until(
      () => fresh.provider.awareness.getStates().size === writers.length + typists.length - 6,
      'the dead is forgotten',
    );
  });

  it('CLUSTER-9 goes on without Redis, and with a Redis that hangs or drops its listeners', async () => {
    const redis: OwnRedis = await startRedis();
    undo.push(() => redis.kill());
    await open({ redisUrl: redis.url });
    const guest = await newsroom.person('editor', [], 'Guest');
    const [one, two] = [join(at(0)), join(at(1))];
    const visitor = join(at(2), guest);
    await Promise.all([one, two, visitor].map((typist) => typist.connect()));
    const crosses = async (what: string) => {
      const word = one.type();
      const back = two.type();
      const began = performance.now();
      await until(() => two.words().has(word) && one.words().has(back), what);
      return performance.now() - began;
    };
    const sees = async (value: string) => {
      two.provider.awareness.setLocalStateField('cursor', value);
      await until(() => one.provider.awareness.getStates().get(two.doc.clientID)?.cursor === value, `sees ${value}`);
    };
    await sees('before');

    await redis.cutListeners();
    expect(await crosses('words cross though listeners were cut off')).toBeLessThan(2_000);
    redis.pause();
    expect(await crosses('words cross while Redis hangs')).toBeLessThan(2_000);
    redis.goOn();
    await sees('after it hung');
    await redis.kill();
    expect(await crosses('words cross without Redis')).toBeLessThan(2_000);
    const revoked = await newsroom.call(guest, 'DELETE', `/api/tokens/${guest.tokenId}`, undefined, 0);
    expect(revoked.status).toBeLessThan(300);
    await until(() => visitor.closes.length > 0, 'a revoked token ends without Redis');
    visitor.disconnect();
    await redis.start();
    await sees('after it came back');
    await nothingLost([one, two], [0, 1, 2]);
    expect([...one.closes, ...two.closes]).toEqual([]);
  });

  it('CLUSTER-10 says that nothing is saved while PostgreSQL is away, and takes everything in when it is back', async () => {
    const way = await startBalancer([Number(new URL(serverUrl()).port || 5432)]);
    undo.push(() => way.close());
    await open({ sync: { outageMs: 100 }, databasePort: way.port });
    const writers = [join(at(0)), join(at(1)), join(at(2))];
    await Promise.all(writers.map((writer) => writer.connect()));
    const load = typing(writers);
    undo.push(() => load.stop());
    await until(() => writers.every(({ acknowledged }) => acknowledged.size > 10), 'all are at work');
    const { name } = newsroom.database;
    const cut = () =>
      newsroom.database
        .query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
          [name],
        )
        .catch(() => []);
    // Connections that break in the middle of commits: whether those happened is not known.
    for (let round = 0; round < 4; round += 1) {
      const before = writers.map(({ acknowledged }) => acknowledged.size);
      await cut();
      await until(() => writers.every((one, index) => one.acknowledged.size > before[index]!), 'all go on');
    }
    // And none at all for a while.
    way.cut();
    await until(() => writers.some(({ hello }) => hello?.storing === false), 'somebody is told that nothing is saved');
    way.goOn();
    const before = writers.map(({ acknowledged }) => acknowledged.size);
    await until(() => writers.every((one, index) => one.acknowledged.size > before[index]!), 'all go on again');
    load.stop();
    await nothingLost(writers, [0, 1, 2]);
    const rows = await newsroom.database.query<{ seq: string }>(
      'SELECT seq FROM log_rows WHERE article_id = $1 ORDER BY seq',
      [articleId],
    );
    expect(rows.map(({ seq }, index) => Number(seq) - Number(rows[0]!.seq) - index).every((gap) => gap === 0)).toBe(
      true,
    );
  });

  it('CLUSTER-11 lets a process that stood still serve and write nothing of the time before', async () => {
    await open();
    const guest = await newsroom.person('editor', [], 'Guest');
    const [frozen, other, visitor] = [join(at(1)), join(at(0)), join(at(1), guest)];
    await Promise.all([frozen, other, visitor].map((typist) => typist.connect()));
    frozen.type();
    await until(() => [...frozen.typed].every((word) => other.words().has(word)), 'they see each other');
    newsroom.processes[1]!.signal('SIGSTOP');
    undo.push(() => newsroom.processes[1]!.signal('SIGCONT'));
    const stopped = performance.now();
    await until(() => other.provider.awareness.getStates().size === 1, 'whoever is at it is no longer shown');
    visitor.type(); // on its way to a process that does not read
    await newsroom.call(guest, 'DELETE', `/api/tokens/${guest.tokenId}`, undefined, 0);
    const word = other.type();
    await other.allAcknowledged();
    await until(() => performance.now() - stopped > 6_000, 'it has slept');
    newsroom.processes[1]!.signal('SIGCONT');
    const { body } = await newsroom.call<string>(
      editor,
      'GET',
      `/api/articles/${articleId}/texts/en?format=txt`,
      undefined,
      1,
    );
    expect(body).toContain(word);
    await until(() => visitor.closes.length > 0 && frozen.closes.length > 0, 'everybody is sent away');
    visitor.disconnect();
    await nothingLost([frozen, other], [0, 1, 2]);
    expect(other.text()).not.toContain(visitor.typed[0]!);
  });

  it('CLUSTER-12 agrees on the time and shows every cursor, though clocks are a minute apart', async () => {
    await open({ skews: [60_000, 0, -60_000] });
    const times = await Promise.all(newsroom.processes.map((one) => one.ask<number>({ ask: 'now' })));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1_000);
    // Somebody who looks at one process, then at another one whose clock is two minutes behind.
    const turns = await startBalancer([newsroom.processes[0]!.port, newsroom.processes[2]!.port]);
    undo.push(() => turns.close());
    const [ahead, behind] = [join(at(0)), join(at(2))];
    const looking = join(turns.url);
    await Promise.all([ahead, behind, looking].map((typist) => typist.connect()));
    const sees = async (whom: Typist, value: string) => {
      whom.provider.awareness.setLocalStateField('cursor', value);
      await until(
        () => looking.provider.awareness.getStates().get(whom.doc.clientID)?.cursor === value,
        `sees ${value}`,
      );
    };
    await sees(ahead, 'ahead, from ahead');
    await sees(behind, 'behind, from ahead');
    looking.disconnect();
    await looking.connect();
    await sees(ahead, 'ahead, from behind');
    await sees(behind, 'behind, from behind');
    const load = typing([ahead, behind]);
    await until(() => ahead.acknowledged.size > 30 && behind.acknowledged.size > 30, 'both are at work');
    load.stop();
    await nothingLost([ahead, behind], [0, 1, 2]);
  });
});
