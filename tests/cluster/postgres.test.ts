// A newsroom whose PostgreSQL is killed and started anew, or whose standby takes over, while people type. The servers are the
// test's own.
import { afterEach, expect, it } from 'vitest';
import { startBalancer } from '../support/balancer.ts';
import { describeOwnPostgres, type OwnPostgres, startPostgres } from '../support/ownPostgres.ts';
import { until } from '../support/typist.ts';
import { Scene } from './scene.ts';

const ALL = [0, 1, 2];

describeOwnPostgres('a newsroom whose PostgreSQL fails', () => {
  let scene = new Scene();
  afterEach(async () => {
    await scene.close();
    scene = new Scene();
  });

  async function ownPostgres(): Promise<OwnPostgres> {
    const server = await startPostgres();
    scene.after(() => server.dispose());
    return server;
  }

  const sync = { outageMs: 100 };
  const newsroomOn = ({ database }: OwnPostgres, databasePort?: number) =>
    scene.open({ database, sync, ...(databasePort === undefined ? {} : { databasePort }) });

  const isReady = async (process: number) => (await fetch(`${scene.newsroom.processes[process]!.url}/readyz`)).status;

  it('CLUSTER-14 tells everybody that nothing is saved while PostgreSQL is killed, and stores everything once it is back', async () => {
    const postgres = await ownPostgres();
    await newsroomOn(postgres);
    const quiet = await scene.newsroom.article(scene.editor);
    const writers = [0, 1, 2, 0, 1, 2].map((process) => scene.join(process));
    const reader = scene.join(1, { articleId: quiet });
    await Promise.all([...writers, reader].map((typist) => typist.connect()));
    const load = scene.typing(writers, 20);
    await scene.goOn(writers, 'all are at work', 20);
    for (const end of [() => postgres.kill(), () => postgres.stop('immediate')]) {
      await end();
      const seen = writers.flatMap((writer) => [...writer.acknowledged]);
      await until(() => reader.hello?.storing === false, 'a reader is told that nothing is saved');
      await until(async () => (await Promise.all(ALL.map(isReady))).every((status) => status === 503), 'none is ready');
      const acknowledged = writers.map((writer) => writer.acknowledged.size);
      const { status } = await scene.newsroom.call(
        scene.editor,
        'POST',
        `/api/articles/${quiet}/snapshots`,
        { name: 'Now' },
        0,
      );
      expect(status).toBe(503);
      // What is typed meanwhile waits, and nobody is told that it is saved.
      const typed = writers.map((writer) => writer.typed.length);
      await until(() => writers.every((one, index) => one.typed.length > typed[index]! + 20), 'all type on');
      expect(writers.map((writer) => writer.acknowledged.size)).toEqual(acknowledged);
      await postgres.start();
      await scene.goOn(writers, 'all go on', 20);
      await until(() => reader.hello?.storing === true, 'a reader is told that it is saved again');
      expect(seen.filter((word) => !writers[0]!.words().has(word))).toEqual([]);
    }
    load.stop();
    await scene.nothingLost(writers, ALL);
  });

  /** A primary and a standby that follows it over a connection that can be cut, behind an address that moves as a proxy's does. */
  async function pair() {
    const primary = await ownPostgres();
    const replication = await startBalancer([primary.port]);
    scene.after(() => replication.close());
    const standby = await primary.standby({ port: replication.port });
    scene.after(() => standby.dispose());
    const ports = [primary.port];
    const way = await startBalancer(ports);
    scene.after(() => way.close());
    return {
      primary,
      standby,
      replication,
      way,
      leadTo(server: OwnPostgres) {
        ports[0] = server.port;
        way.cut();
        way.goOn();
      },
    };
  }

  it('CLUSTER-15 loses and doubles nothing when a synchronous standby takes over in the middle of commits', async () => {
    const { primary, standby, way, leadTo } = await pair();
    await newsroomOn(primary, way.port);
    await primary.configure("synchronous_standby_names = 'standby'");
    await primary.reload();
    const isSynchronous = async () => {
      const [row] = await primary.database.query<{ is: boolean }>(
        "SELECT count(*) > 0 AS is FROM pg_stat_replication WHERE sync_state = 'sync'",
      );
      return row!.is;
    };
    await until(isSynchronous, 'commits wait for the standby');
    const writers = [0, 1, 2, 0, 1, 2].map((process) => scene.join(process));
    // Their windows are thrown away: what they were told is saved is nowhere but in storage.
    const gone = [0, 1, 2].map((process) => scene.join(process));
    await Promise.all([...writers, ...gone].map((typist) => typist.connect()));
    const load = scene.typing(writers, 20);
    const more = scene.typing(gone, 20);
    await scene.goOn([...writers, ...gone], 'all are at work', 20);
    await primary.kill();
    more.stop();
    const kept = gone.flatMap((typist) => [...typist.acknowledged]);
    for (const typist of gone) scene.leave(typist);
    await standby.promote();
    leadTo(standby);
    await scene.goOn(writers, 'all go on', 20);
    load.stop();
    await scene.nothingLost(writers, ALL, kept);
  });

  it('CLUSTER-16 brings back what an asynchronous standby has not got when it takes over, though its authors are gone', async () => {
    const { primary, standby, way, replication, leadTo } = await pair();
    await newsroomOn(primary, way.port);
    const guest = await scene.newsroom.person('editor', [], 'Guest');
    const writers = [0, 1, 2, 0].map((process) => scene.join(process));
    const gone = [0, 1, 2].map((process) => scene.join(process, { who: guest }));
    await Promise.all([...writers, ...gone].map((typist) => typist.connect()));
    const load = scene.typing(writers, 20);
    const more = scene.typing(gone, 20);
    await scene.goOn([...writers, ...gone], 'all are at work', 20);
    const rows = async (server: OwnPostgres) =>
      server.database.query<{ seq: string; person: string | null }>(
        'SELECT seq, person_id AS person FROM log_rows WHERE article_id = $1 ORDER BY seq',
        [scene.articleId],
      );
    replication.cut();
    const before = gone.map((typist) => new Set(typist.acknowledged));
    await scene.goOn([...writers, ...gone], 'all go on without a standby', 20);
    await primary.kill();
    more.stop();
    const kept = gone.flatMap((typist) => [...typist.acknowledged]);
    const lost = gone.flatMap(({ acknowledged }, index) =>
      [...acknowledged].filter((word) => !before[index]!.has(word)),
    );
    for (const typist of gone) scene.leave(typist);
    await standby.promote();
    const atTakeOver = (await rows(standby)).length;
    leadTo(standby);
    await scene.goOn(writers, 'all go on', 20);
    load.stop();
    expect(lost.length).toBeGreaterThan(20);
    await scene.nothingLost(writers, ALL, kept);
    const now = await rows(standby);
    expect(now.map(({ seq }, index) => Number(seq) - index - 1).every((gap) => gap === 0)).toBe(true);
    // Whose words they are is known still.
    expect(now.slice(atTakeOver).some(({ person }) => person === guest.id)).toBe(true);
  });
});
