// SIGTERM to the real process under people who type.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, signIn } from '../support/caller.ts';
import { pause, type RunningServer, startServer } from '../support/server.ts';
import { Typist, until } from '../support/typist.ts';

const LANGUAGES = ['en', 'ru', 'ky'];

describe('SIGTERM under typing load', () => {
  let server: RunningServer;
  let people: Caller[];
  const all: Typist[] = [];

  beforeAll(async () => {
    server = await startServer();
    people = await Promise.all(server.links.map((link) => signIn(link.url)));
  });
  afterAll(async () => {
    for (const typist of all) typist.destroy();
    await server.dispose();
  });

  it('FAULT-17 keeps what was typed, tells everybody to come back, ends with code 0, and they go on where they were', async () => {
    const { id: articleId } = await people[0]!.post<{ id: string }>('/api/articles', {
      title: 'Typed to the end',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      format: 'txt',
      content: 'One paragraph to type in.',
    });
    const join = (who: number, language: string) => {
      const typist = new Typist({ url: server.url, articleId, language, Socket: people[who]!.Socket });
      all.push(typist);
      return typist;
    };
    const writers = LANGUAGES.map((language, index) => join(index, language));
    const observer = join(3, 'en');
    await Promise.all([...writers, observer].map((typist) => typist.connect()));
    let stopping: Promise<number | null> | null = null;
    await until(async () => {
      for (const writer of writers) writer.type();
      await pause(2);
      if (writers.every((writer) => writer.acknowledged.size > 20)) stopping ??= server.stop();
      return writers.every((writer) => writer.closes.length > 0);
    }, 'everybody is sent away while typing');
    expect(await stopping).toBe(0);
    for (const typist of [...writers, observer]) {
      expect(typist.closes[0]).toBe(4503);
      typist.disconnect();
    }
    const seen = LANGUAGES.map((language) => observer.words(language));
    const acknowledged = writers.map((writer) => new Set(writer.acknowledged));

    await server.start();
    const fresh = join(3, 'en');
    await fresh.connect();
    for (const [index, language] of LANGUAGES.entries()) {
      const there = fresh.words(language);
      expect([...seen[index]!, ...acknowledged[index]!].filter((word) => !there.has(word))).toEqual([]);
    }
    await Promise.all(writers.map((writer) => writer.connect()));
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    await until(
      () => writers.every((writer) => writer.typed.every((word) => fresh.words(writer.language).has(word))),
      'everything is there',
    );
    expect(all.flatMap(({ refusals }) => refusals)).toEqual([]);
  });
});
