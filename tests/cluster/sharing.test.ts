// What several processes must not each do for themselves: give one client id to two people, take one snapshot three times, allow
// one person three times as much.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { describeCluster } from '../support/redis.ts';
import { type Typist, until } from '../support/typist.ts';
import { Scene } from './scene.ts';

const ROUNDS = 25;
/** They take turns: nobody may come and go as often as this test needs. */
const PAIRS = 5;
const ALL = [0, 1, 2];
/** What one person may send at once, at all processes together. */
const BURST = 1_500;

describeCluster('what processes share', () => {
  const scene = new Scene();
  beforeAll(() =>
    scene.open({
      sync: {
        ...{ idleMs: 600, settleMs: 300, compactAfterRows: 10 },
        ...{ personUpdateBurst: BURST, personUpdatesPerSecond: 1 },
      },
      limits: { api: 60 },
    }),
  );
  afterAll(() => scene.close());
  beforeEach(async () => {
    scene.articleId = await scene.newsroom.article(await scene.newsroom.person('editor', [], 'Owner'));
  });

  it('CLUSTER-19 gives a client id that two people use at two processes at the same moment to exactly one of them', async () => {
    const pairs = await Promise.all(
      Array.from({ length: PAIRS }, () =>
        Promise.all(['Ann', 'Ben'].map((name) => scene.newsroom.person('editor', [], name))),
      ),
    );
    const winners = { here: 0, there: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const people = pairs[round % PAIRS]!;
      const client = 1_000_000 + round;
      const [here, there] = people.map((who, process) => {
        const doc = new Y.Doc();
        doc.clientID = client;
        return scene.join(process, { who, doc });
      }) as [Typist, Typist];
      await Promise.all([here, there].map((typist) => typist.connect()));
      // What ends where the other's ends is taken for the same, sent again: it shows with the next word at the latest.
      const decided = () => [here, there].some(({ refusals }) => refusals.length > 0);
      await until(() => {
        if (!decided()) for (const [index, typist] of [here, there].entries()) typist.type(`by${index}`);
        return decided();
      }, `round ${round} is decided`);
      const [won, lost] = here.refusals.length === 0 ? [here, there] : [there, here];
      winners[won === here ? 'here' : 'there'] += 1;
      await won.allAcknowledged();
      expect(won.refusals).toEqual([]);
      expect(lost.refusals.map(({ code }) => code)).toContain('client-id-foreign');
      const [owner] = await scene.newsroom.database.query<{ person: string }>(
        'SELECT person_id AS person FROM client_ids WHERE article_id = $1 AND client_id = $2',
        [scene.articleId, client],
      );
      expect(owner!.person).toBe(people[won === here ? 0 : 1]!.id);
      const reader = scene.join(2, { who: people[round % 2]! });
      await reader.connect();
      await until(() => won.typed.every((word) => reader.words().has(word)), 'what was taken in is there');
      expect(lost.typed.filter((word) => reader.words().has(word))).toEqual([]);
      for (const typist of [here, there, reader]) scene.leave(typist);
    }
    // Both must have won at times, else nothing was decided here.
    expect(Math.min(winners.here, winners.there)).toBeGreaterThan(0);
    for (const process of scene.newsroom.processes) {
      expect(await process.ask({ ask: 'verify', articleId: scene.articleId })).toEqual([]);
    }
  });

  it('CLUSTER-20 takes one automatic snapshot of an article that falls idle in three processes, and compacts it once', async () => {
    const typists = ALL.map((process) => scene.join(process));
    await Promise.all(typists.map((typist) => typist.connect()));
    const load = scene.typing(typists, 20);
    await scene.goOn(typists, 'all are at work', 15);
    load.stop();
    await Promise.all(typists.map((typist) => typist.allAcknowledged()));
    for (const typist of typists) typist.disconnect();
    const rooms = async () =>
      Promise.all(scene.newsroom.processes.map((process) => process.ask<number>({ ask: 'rooms' })));
    await until(async () => (await rooms()).every((count) => count === 0), 'every process has put it away');
    const { body } = await scene.newsroom.call<{ snapshots: SnapshotInfo[] }>(
      scene.editor,
      'GET',
      `/api/articles/${scene.articleId}/snapshots`,
    );
    expect(body.snapshots.map(({ kind }) => kind)).toEqual(['automatic']);
    const states = await scene.newsroom.database.query<{ seq: string; head: string }>(
      'SELECT seq, head FROM log_states JOIN articles ON id = article_id WHERE article_id = $1',
      [scene.articleId],
    );
    expect(states).toHaveLength(1);
    expect(Number(states[0]!.seq)).toBe(Number(states[0]!.head));
    const segments = await scene.newsroom.database.query<{ first: string; last: string }>(
      'SELECT from_seq AS first, to_seq AS last FROM log_history WHERE article_id = $1 ORDER BY from_seq',
      [scene.articleId],
    );
    // Each row is history once.
    for (const [index, segment] of segments.entries()) {
      expect(Number(segment.first)).toBe(index === 0 ? 1 : Number(segments[index - 1]!.last) + 1);
    }
    await Promise.all(typists.map((typist) => typist.connect()));
    await scene.nothingLost(typists, ALL);
  });

  it('CLUSTER-21 allows one person at three processes together what they would be allowed at one', async () => {
    const quick = await scene.newsroom.person('editor', [], 'Quick');
    const typists = ALL.map((process) => scene.join(process, { who: quick }));
    await Promise.all(typists.map((typist) => typist.connect()));
    // They see each other: by then each process knows of the others.
    for (const [index, typist] of typists.entries()) typist.provider.awareness.setLocalStateField('cursor', index);
    await until(
      () => typists.every(({ provider }) => provider.awareness.getStates().size === 3),
      'they know each other',
    );
    const began = performance.now();
    for (let round = 0; round < BURST; round += 1) for (const typist of typists) typist.type();
    await until(() => typists.every(({ closes }) => closes.includes(CLOSE.rateLimited.code)), 'all were too quick');
    for (const typist of typists) typist.disconnect();
    const seconds = (performance.now() - began) / 1000;
    const reader = scene.join(0, { who: await scene.newsroom.person('editor', [], 'Reader') });
    await reader.connect();
    const taken = typists.flatMap(({ typed }) => typed).filter((word) => reader.words().has(word));
    expect(taken.length).toBeGreaterThan(BURST / 4);
    expect(taken.length).toBeLessThanOrEqual(BURST + seconds + ALL.length);

    const guest = await scene.newsroom.person('reader', [], 'Guest');
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        scene.newsroom.call(guest, 'GET', '/api/articles', undefined, index % 3),
      ),
    );
    const letIn = answers.filter(({ status }) => status === 200).length;
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    expect(letIn).toBeLessThanOrEqual(60);
    expect(letIn).toBeGreaterThan(30);
  });
});
