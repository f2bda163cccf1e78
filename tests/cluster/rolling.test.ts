// A rolling update: three processes are stopped and started again in turn, as a new version would be brought in, while fifty
// people type. Ten of them work alone, each in an article of their own, and their browser is thrown away with every restart: what
// they were told is saved is then nowhere but in the newsroom.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { describeCluster } from '../support/redis.ts';
import { Typist, until } from '../support/typist.ts';
import { type Newsroom, openNewsroom, type Somebody } from './newsroom.ts';

const SHARED_ARTICLES = 4;
const TOGETHER = 10;
const ALONE = 10;
const WORD_EVERY_MS = 300;

describeCluster('a rolling update', () => {
  let newsroom: Newsroom;
  let editor: Somebody;
  const typists = new Set<Typist>();

  beforeAll(async () => {
    newsroom = await openNewsroom();
    editor = await newsroom.person('editor', [], 'Aida');
  });
  afterAll(async () => {
    for (const typist of typists) typist.destroy();
    await newsroom?.dispose();
  });

  function join(articleId: string, url = newsroom.balancer.url): Typist {
    const typist = new Typist({ url, articleId, language: 'en', token: editor.token });
    typists.add(typist);
    return typist;
  }

  it('CLUSTER-13 loses and doubles nothing while the processes are restarted in turn; people go on typing at the others', async () => {
    const articles = await Promise.all(Array.from({ length: SHARED_ARTICLES + ALONE }, () => newsroom.article(editor)));
    const shared = articles.slice(0, SHARED_ARTICLES).map((articleId) => ({
      articleId,
      writers: Array.from({ length: TOGETHER }, () => join(articleId)),
    }));
    const lonely = articles.slice(SHARED_ARTICLES).map((articleId) => ({
      articleId,
      writer: join(articleId),
      saved: [] as string[],
    }));
    const everybody = () => [...shared.flatMap(({ writers }) => writers), ...lonely.map(({ writer }) => writer)];
    await Promise.all(everybody().map((typist) => typist.connect()));
    const typing = setInterval(() => {
      for (const typist of everybody()) if (typist.text() !== '') typist.type();
    }, WORD_EVERY_MS);
    try {
      const goOn = async (what: string) => {
        const before = everybody().map((typist) => [typist, typist.acknowledged.size] as const);
        await until(() => before.every(([typist, count]) => typist.acknowledged.size > count), what);
      };
      await goOn('all are at work');
      for (const process of newsroom.processes) {
        const stopping = process.stop();
        const left = lonely.map(({ writer }) => writer);
        for (const one of lonely) {
          one.saved.push(...one.writer.acknowledged);
          one.writer.destroy();
          typists.delete(one.writer);
          one.writer = join(one.articleId);
        }
        expect(left.every(({ acknowledged }) => acknowledged.size > 0)).toBe(true);
        await Promise.all(lonely.map(({ writer }) => writer.connect()));
        expect(await stopping).toBe(0);
        await goOn('all go on at the others');
        await process.start();
        await goOn('all go on at all');
      }
    } finally {
      clearInterval(typing);
    }
    await Promise.all(everybody().map((typist) => typist.allAcknowledged()));

    const readers = newsroom.processes.map(({ url }) => url);
    for (const { articleId, writers } of shared) {
      const typed = writers.flatMap((writer) => writer.typed);
      const fresh = readers.map((url) => join(articleId, url));
      await Promise.all(fresh.map((reader) => reader.connect()));
      for (const reader of [...fresh, ...writers]) {
        await until(() => typed.every((word) => reader.words().has(word)), 'everybody has everything');
      }
      const text = fresh[0]!.text();
      expect(typed.filter((word) => text.split(word).length !== 2)).toEqual([]);
      expect([...fresh, ...writers].filter((reader) => reader.text() !== text)).toEqual([]);
    }
    for (const { articleId, writer, saved } of lonely) {
      const reader = join(articleId, readers[0]);
      await reader.connect();
      const text = reader.text();
      expect([...saved, ...writer.typed].filter((word) => text.split(word).length !== 2)).toEqual([]);
      expect(writer.text()).toBe(text);
    }
    // Everybody was told to come back, nobody was refused anything, and no connection broke.
    const ends = everybody().flatMap(({ closes }) => closes);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((code) => code !== CLOSE.shuttingDown.code)).toEqual([]);
    expect(everybody().flatMap(({ refusals }) => refusals)).toEqual([]);
  });
});
