// A divided network: one of three processes is cut off from Redis, from PostgreSQL, from both, from its people, or hears and is not
// heard. It lives in a network namespace; the servers are the test's own.
import { afterEach, expect, it } from 'vitest';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { describeNamespaces, type Namespace, openNamespace, type Side } from '../support/namespace.ts';
import { startPostgres } from '../support/ownPostgres.ts';
import { startRedis } from '../support/redis.ts';
import { pause } from '../support/server.ts';
import { type Typist, until } from '../support/typist.ts';
import { Scene } from './scene.ts';

/** The process that is cut off. */
const FAR = 2;
const ALL = [0, 1, FAR];
/** What is promised of a process that reaches nothing: ten seconds, and the time to notice it. */
const CUT_OFF_MS = 15_000;

await describeNamespaces('a newsroom in a divided network', () => {
  let scene = new Scene();
  afterEach(async () => {
    await scene.close();
    scene = new Scene();
  });

  async function open(): Promise<Namespace> {
    const namespace = await openNamespace();
    scene.after(() => namespace.dispose());
    const { addressOf, within, address } = namespace;
    const postgres = await startPostgres({ addresses: [addressOf.postgres] });
    scene.after(() => postgres.dispose());
    const redis = await startRedis({ addresses: [addressOf.redis] });
    scene.after(() => redis.kill());
    const { database } = postgres;
    const env = {
      KOPURO_DATABASE_URL: database.url.replace('127.0.0.1', addressOf.postgres),
      KOPURO_REDIS_URL: redis.url.replace('127.0.0.1', addressOf.redis),
    };
    await scene.open({
      database,
      redisUrl: redis.url,
      sync: { outageMs: 100 },
      processOptions: (index) => (index === FAR ? { within, host: address, env } : {}),
    });
    return namespace;
  }

  const has = (typist: Typist, word: string) => typist.words().has(word);
  const ms = async (work: () => Promise<void>) => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };

  it('CLUSTER-22 serves and writes nothing stale while a process is cut off, and loses nothing', async () => {
    const network = await open();
    const guest = await scene.newsroom.person('editor', [], 'Guest');
    const [near, other, far] = ALL.map((process) => scene.join(process)) as [Typist, Typist, Typist];
    const visitor = scene.join(FAR, { who: guest });
    const writers = [near, other, far];
    await Promise.all([...writers, visitor].map((typist) => typist.connect()));
    const bothWays = async (what: string) => {
      const [out, back] = [far.type(), near.type()];
      await until(() => has(near, out) && has(far, back), what);
    };
    await bothWays('words cross');

    // From Redis: the log is looked at instead. It hears nothing, is not heard, or both.
    for (const direction of ['both', 'in', 'out'] as const) {
      await network.cut('redis', direction);
      await pause(1_200); // it is deaf by now
      expect(await ms(() => bothWays(`words cross without Redis (${direction})`))).toBeLessThan(5_000);
      await network.heal();
    }

    // From PostgreSQL: what is typed there is neither acknowledged nor shown; what others typed comes over Redis.
    await network.cut('postgres');
    const acknowledged = far.acknowledged.size;
    const unsaved = far.type();
    const theirs = near.type();
    await until(() => has(far, theirs) && has(other, theirs), 'the others go on');
    const told = await scene.newsroom.call(guest, 'DELETE', `/api/tokens/${guest.tokenId}`, undefined, 0);
    expect(told.status).toBeLessThan(300);
    await until(() => visitor.closes.length > 0, 'whose rights changed and cannot be read is sent away');
    visitor.disconnect();
    expect(far.acknowledged.size).toBe(acknowledged);
    expect(has(near, unsaved) || has(other, unsaved)).toBe(false);
    await network.heal();
    await until(() => has(near, unsaved) && has(other, unsaved), 'it is shown once it is stored');
    await far.allAcknowledged();

    // From both: nobody there may be left with what is long past.
    far.closes.length = 0;
    await network.cut('postgres');
    await network.cut('redis');
    const during = near.type();
    const lonely = far.type();
    const leave = async () => until(() => far.closes.includes(CLOSE.reload.code), 'everybody is sent away');
    expect(await ms(leave)).toBeLessThan(CUT_OFF_MS);
    expect([has(far, during), has(near, lonely)]).toEqual([false, false]);
    const late = scene.join(FAR);
    late.provider.connect();
    await pause(1_000);
    expect([late.provider.synced, late.text()]).toEqual([false, '']);
    await network.heal();
    await until(() => has(far, during) && has(near, lonely), 'it comes back by itself');
    await until(() => late.provider.synced, 'and takes people in');

    // From its people: it is not heard by them, or does not hear them.
    for (const direction of ['in', 'out'] as const) {
      await network.cut('people', direction);
      const [waiting, meanwhile] = [far.type(), near.type()];
      await until(() => has(other, meanwhile), 'the others go on');
      await pause(300);
      expect([has(far, meanwhile), has(near, waiting)]).toEqual([direction === 'in', direction === 'out']);
      await network.heal();
      await until(() => has(far, meanwhile) && has(near, waiting), 'what waited arrives');
    }

    // Everything by turns, for moments: as a network that is about to fail.
    const load = scene.typing(writers, 30);
    const sides: Side[] = ['postgres', 'redis', 'people'];
    for (let round = 0; round < 12; round += 1) {
      await network.cut(sides[round % 3]!, round % 2 === 0 ? 'in' : 'out');
      await pause(120);
      await network.heal();
      await pause(80);
    }
    await scene.goOn(writers, 'all go on', 5);
    load.stop();
    await scene.nothingLost(writers, ALL);
  });
});
