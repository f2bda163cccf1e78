// The sample article, made in a real server by real commands of its people.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../server/app.ts';
import { signInLinks } from '../../server/first-people.ts';
import { SAMPLE_ARTICLE_ID, SAMPLE_SOURCE } from '../../server/sample/article.ts';
import { SAMPLE_KYRGYZ } from '../../server/sample/kyrgyz.ts';
import { SAMPLE_PEOPLE } from '../../server/sample/people.ts';
import { SAMPLE_RUSSIAN } from '../../server/sample/russian.ts';
import { seedSample } from '../../server/sample/seed.ts';
import { SAMPLE_STORY } from '../../server/sample/story.ts';
import { readAnnotations } from '../../shared/annotation/read.ts';
import type { Annotation } from '../../shared/annotation/types.ts';
import { type Block, blockText, readBlocks } from '../../shared/article/blocks.ts';
import { type BlockStatus, blockStatus, readReview } from '../../shared/translation/review.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const DAY = 86_400_000;

interface Seeded {
  texts: Record<string, Block[]>;
  annotations: Annotation[];
  statuses: Record<string, BlockStatus[]>;
}

describe('the sample article', () => {
  let test: TestApp;
  let seeded: Seeded;
  let madeAt: number;

  beforeAll(async () => {
    test = await startTestApp();
    const { app } = test;
    for (const { id, ...fields } of SAMPLE_PEOPLE) await app.people.add(fields, id);
    madeAt = app.now();
    await seedSample(app);
    seeded = await app.rooms.use(SAMPLE_ARTICLE_ID, ({ doc }) => {
      const texts = Object.fromEntries(['en', 'ru', 'ky'].map((language) => [language, readBlocks(doc, language)]));
      const statusesIn = (language: string) =>
        texts.en!.map((source) => {
          const target = texts[language]!.find(({ id }) => id === source.id);
          return blockStatus(
            blockText(source),
            target ? blockText(target) : null,
            readReview(doc, language, source.id),
          );
        });
      return {
        texts,
        annotations: readAnnotations(doc),
        statuses: { ru: statusesIn('ru'), ky: statusesIn('ky') },
      };
    });
  });
  afterAll(() => test.close());

  it('SAMPLE-1 shows every kind of block and annotation, decided and undecided', () => {
    const { annotations, texts } = seeded;
    expect(texts.en!.length).toBeGreaterThanOrEqual(30);
    for (const kind of ['heading', 'byline', 'dateline', 'paragraph', 'listItem', 'quote', 'caption']) {
      expect(texts.en!.some((block) => block.kind === kind)).toBe(true);
    }
    expect(annotations.every(({ anchorState }) => anchorState === 'attached')).toBe(true);
    const suggestions = annotations.flatMap(({ suggestion }) => (suggestion ? [suggestion.status] : []));
    expect(suggestions.filter((status) => status === 'pending').length).toBeGreaterThanOrEqual(4);
    expect(suggestions).toContain('accepted');
    expect(suggestions).toContain('rejected');
    const claims = annotations.flatMap(({ claim }) => (claim ? [claim] : []));
    expect(claims.filter(({ verdict }) => verdict !== null)).toHaveLength(2);
    expect(claims.filter(({ verdict }) => verdict === null)).toHaveLength(1);
    expect(claims.filter(({ evidence }) => evidence.length > 0)).toHaveLength(2);
    const resolved = annotations.filter(({ kind, status }) => kind === 'comment' && status === 'resolved');
    expect(resolved[0]!.thread.length).toBeGreaterThanOrEqual(3);
    expect(resolved[0]!.thread.some(({ body }) => body.includes('](sample-'))).toBe(true);
    for (const language of ['ru', 'ky']) {
      expect(
        annotations.some((one) => one.kind === 'comment' && one.language === language && one.status === 'open'),
      ).toBe(true);
    }
  });

  it('SAMPLE-2 has translations in every state, one of them stale after an accepted suggestion', () => {
    expect(seeded.texts.ru).toHaveLength(20);
    expect(seeded.texts.ky).toHaveLength(11);
    expect(seeded.statuses.ru!.filter((status) => status === 'stale')).toHaveLength(1);
    for (const status of ['missing', 'draft', 'translated', 'reviewed', 'final'] as const) {
      expect(seeded.statuses.ru).toContain(status);
    }
    expect(new Set(seeded.statuses.ky)).toEqual(new Set(['missing', 'draft', 'translated', 'reviewed']));
    expect(seeded.texts.en!.map(blockText).join(' ')).toContain('now it is the turn of Kyrgyzstan');
  });

  it('SAMPLE-3 was made by its people, each within their rights, over the days before', async () => {
    const authors = new Set(seeded.annotations.flatMap(({ thread }) => thread.map(({ by }) => by.id)));
    expect(authors).toEqual(new Set(SAMPLE_PEOPLE.map(({ id }) => id)));
    const judges = seeded.annotations.flatMap(({ claim }) => (claim?.judgedBy ? [claim.judgedBy.role] : []));
    expect(new Set(judges)).toEqual(new Set(['fact-checker']));
    for (const { createdAt } of seeded.annotations) {
      expect(createdAt).toBeLessThan(madeAt);
      expect(createdAt).toBeGreaterThan(madeAt - 7 * DAY);
    }
    const writers = (await test.app.storage.archive.history(SAMPLE_ARTICLE_ID)).map(({ personId }) => personId);
    for (const { id } of SAMPLE_PEOPLE) expect(writers).toContain(id);
  });

  it('SAMPLE-4 is aligned: every translated block has the id and the kind of its source', () => {
    const sources = new Map(SAMPLE_SOURCE.map((block) => [block.id, block]));
    expect(sources.size).toBe(SAMPLE_SOURCE.length);
    for (const block of [...SAMPLE_RUSSIAN, ...SAMPLE_KYRGYZ]) {
      const source = sources.get(block.id);
      expect({ kind: source?.kind, level: source?.level }).toEqual({ kind: block.kind, level: block.level });
    }
  });
});

describe('a start that is cut short while it makes the sample', () => {
  const START_STEPS = [0, 1, 12, 60];
  let dataFolder: string;
  let test: TestApp;
  const start = async () => {
    test = await startTestApp({ dataFolder, config: { demo: true } });
  };
  /** The same server, whose rooms fail for good when they have been used so many times. */
  const failingAfter = (uses: number): App => {
    const { rooms } = test.app;
    let left = uses;
    const use: App['rooms']['use'] = async (articleId, work) => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      return rooms.use(articleId, work);
    };
    return { ...test.app, rooms: Object.assign(Object.create(rooms), { use, drop: rooms.drop.bind(rooms) }) };
  };
  const annotations = () => test.app.rooms.use(SAMPLE_ARTICLE_ID, ({ doc }) => readAnnotations(doc).length);

  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'kopuro-sample-'));
    await start();
  });
  afterAll(async () => {
    await test.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('SAMPLE-5 leaves nothing half-made to the next one, and a whole one is left alone', async () => {
    for (const uses of START_STEPS) await expect(signInLinks(failingAfter(uses))).rejects.toThrow('killed');
    await test.close();
    await start();
    expect((await signInLinks(test.app)).people).toHaveLength(SAMPLE_PEOPLE.length);
    expect((await test.app.people.list()).map(({ id }) => id).sort()).toEqual(SAMPLE_PEOPLE.map(({ id }) => id).sort());
    expect(await test.app.storage.articles.ids()).toHaveLength(1);
    const whole = await annotations();
    const rows = (await test.app.storage.archive.history(SAMPLE_ARTICLE_ID)).length;
    await signInLinks(test.app);
    expect([await annotations(), (await test.app.storage.archive.history(SAMPLE_ARTICLE_ID)).length]).toEqual([
      whole,
      rows,
    ]);
    const made = SAMPLE_STORY.filter((step) => 'command' in step && step.command === 'annotation.create');
    expect(whole).toBe(made.length);
  });

  it('SAMPLE-5 never brings back an article that somebody has deleted', async () => {
    const { person } = await test.addPerson('editor');
    await test.app.commands.removeArticle(SAMPLE_ARTICLE_ID, person);
    await signInLinks(test.app);
    expect(await test.app.storage.articles.ids()).toEqual([]);
  });
});

describe('the links of the sample people', () => {
  it('START-1 stand in one order, also when all were made in the same millisecond', async () => {
    const test = await startTestApp({ config: { demo: true }, now: () => 1_700_000_000_000 });
    try {
      const names = SAMPLE_PEOPLE.map(({ name }) => name);
      expect((await signInLinks(test.app)).people.map(({ name }) => name)).toEqual(names);
      expect((await signInLinks(test.app)).people.map(({ name }) => name)).toEqual(names);
    } finally {
      await test.close();
    }
  });
});
