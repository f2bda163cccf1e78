// The first promise, on the real process: it is killed with -9 under people who type, at random moments, again and again, and
// whatever the server had acknowledged to its author or shown to anybody else is there after it starts again.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, signIn } from '../support/caller.ts';
import { random } from '../support/random.ts';
import { pause, type RunningServer, startServer } from '../support/server.ts';
import { Typist, until } from '../support/typist.ts';

const ROUNDS = 20;
/** How long people type before the kill. */
const [SHORTEST_MS, LONGEST_MS] = [50, 400];
const LANGUAGES = ['en', 'ru', 'ky'];
const SEED = Number(process.env.KOPURO_TEST_SEED ?? Date.now() % 1_000_000);

describe(`kill -9 under typing load, seed ${SEED} (KOPURO_TEST_SEED)`, () => {
  let server: RunningServer;
  let people: Caller[];
  let articleId: string;
  const all: Typist[] = [];

  beforeAll(async () => {
    server = await startServer();
    people = await Promise.all(server.links.map((link) => signIn(link.url)));
    const { id } = await people[0]!.post<{ id: string }>('/api/articles', {
      title: 'Typed under fire',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      format: 'txt',
      content: 'One paragraph to type in.',
    });
    articleId = id;
  });
  afterAll(async () => {
    for (const typist of all) typist.destroy();
    await server.dispose();
  });

  function join(who: number, language: string): Typist {
    const typist = new Typist({ url: server.url, articleId, language, Socket: people[who]!.Socket });
    all.push(typist);
    return typist;
  }

  it('FAULT-1 loses nothing that was acknowledged or that anybody else had seen, at whatever moment', async () => {
    const next = random(SEED);
    // The editor writes the English, the two translators their texts; the fact-checker only looks.
    const writers = LANGUAGES.map((language, index) => join(index, language));
    let acknowledgedInAll = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const observer = join(3, 'en');
      await Promise.all([...writers, observer].map((writer) => writer.connect()));
      const until = performance.now() + SHORTEST_MS + next() * (LONGEST_MS - SHORTEST_MS);
      while (performance.now() < until) {
        for (const writer of writers) if (next() < 0.7) writer.type();
        await pause(next() * 6);
      }
      // Still typing at the moment of death: no pause between the last words and the signal.
      for (const writer of writers) writer.type();
      const killed = server.kill();
      const seen = LANGUAGES.map((language) => observer.words(language));
      const acknowledged = writers.map((writer) => new Set(writer.acknowledged));
      acknowledgedInAll += acknowledged.reduce((sum, words) => sum + words.size, 0);
      for (const typist of [...writers, observer]) typist.disconnect();
      await killed;

      await server.start();
      // Somebody with nothing of their own asks first: what the writers still hold must not hide a loss.
      const fresh = join(3, 'en');
      await fresh.connect();
      for (const [index, language] of LANGUAGES.entries()) {
        const there = fresh.words(language);
        const lostSeen = [...seen[index]!].filter((word) => !there.has(word));
        const lostAcknowledged = [...acknowledged[index]!].filter((word) => !there.has(word));
        expect({ round, language, lostSeen, lostAcknowledged }).toEqual({
          round,
          language,
          lostSeen: [],
          lostAcknowledged: [],
        });
      }
      fresh.destroy();
      observer.destroy();
    }
    expect(acknowledgedInAll).toBeGreaterThan(ROUNDS);

    // What had not been acknowledged was only waiting: it comes back with its authors.
    await Promise.all(writers.map((writer) => writer.connect()));
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    const last = join(3, 'en');
    await last.connect();
    for (const [index, language] of LANGUAGES.entries()) {
      await until(() => [...writers[index]!.typed].every((word) => last.words(language).has(word)), 'all is there');
      const text = last.text(language);
      const notOnce = writers[index]!.typed.filter((word) => text.split(word).length !== 2);
      expect({ language, notOnce }).toEqual({ language, notOnce: [] });
    }
    expect(all.flatMap(({ refusals }) => refusals)).toEqual([]);
  });
});
