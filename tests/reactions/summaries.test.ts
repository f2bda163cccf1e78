// The desk's figures follow the article.
import { describe, expect, it } from 'vitest';
import { DueArticles } from '../../server/reactions/dueArticles.ts';
import { createReactions, type Reactions } from '../../server/reactions/reactions.ts';
import { createWordCounter } from '../../server/reactions/wordCounts.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { countWords } from '../../shared/translation/diff.ts';
import { newsroom } from '../commands/memory.ts';
import { random } from '../support/random.ts';

it('SNAP-7 counts words by state and open annotations by kind, once for many changes', async () => {
  const announced: ArticleSummary[] = [];
  let reactions: Reactions | undefined;
  const desk = await newsroom((storage, now) => {
    reactions = createReactions({
      storage,
      now,
      summaryChanged: (summary) => announced.push(summary),
      snapshotsChanged() {},
      failed: (error) => Promise.reject(error),
    });
    return reactions.reactions;
  });
  const { send, people, room, join, storage, articleId, clock } = desk;
  const target = { language: 'en', blockId: 'body', exact: 'signed in May' } as const;
  await send(people.ru, 'annotation.create', { ...target, kind: 'claim' });
  const judged = await send(people.ru, 'annotation.create', { ...target, kind: 'claim' });
  await send(people.checker, 'claim.verdict', { ...judged, verdict: 'true' });
  const done = await send(people.ru, 'annotation.create', { ...target, kind: 'comment', body: '?' });
  await send(people.ru, 'annotation.resolve', done);
  await send(people.ru, 'review.confirm', { language: 'ru', blockId: 'title', state: 'translated' });
  const editor = join(people.editor);
  for (const key of 'Now ') editor.text('en', 'quote').insert(0, key);
  editor.sync();
  expect(announced).toEqual([]);
  clock.now += 3_000;
  await reactions!.settled(room);
  expect(announced).toHaveLength(1);
  expect(announced[0]).toMatchObject({
    id: articleId,
    words: 44,
    changedAt: clock.now,
    open: { claim: 2, comment: 0, language: 0 },
    unverifiedClaims: 1,
    progress: [
      { language: 'ru', total: 44, translated: 6, missing: 22, draft: 16, stale: 0 },
      { language: 'ky', total: 44, missing: 44 },
    ],
  });
  expect(await storage.articles.summary(articleId)).toEqual(announced[0]);
  await reactions!.settled(room);
  expect(announced).toHaveLength(1);
  await reactions!.close();
});

describe('when the figures are due', () => {
  const pace = { soonMs: 2_000, typingMs: 10_000 };
  const dueAt = (articles: DueArticles<string>, at: number) => [...articles.takeDue(at)];

  it('SNAP-9 soon after the last key, and while somebody types on only after a longer while', () => {
    const articles = new DueArticles<string>(pace);
    for (let at = 0; at <= 9_000; at += 500) {
      articles.changed('typed in', 'typed in', at, 'typed');
      if (at <= 1_000) articles.changed('left', 'left', at, 'typed');
    }
    expect(dueAt(articles, 2_999)).toEqual([]);
    expect(dueAt(articles, 3_000)).toEqual(['left']);
    expect(dueAt(articles, 9_999)).toEqual([]);
    expect(dueAt(articles, 10_000)).toEqual(['typed in']);
    expect(articles.size).toBe(0);
    articles.changed('typed in', 'typed in', 11_000, 'typed');
    expect(dueAt(articles, 12_999)).toEqual([]);
    expect(dueAt(articles, 13_000)).toEqual(['typed in']);
  });

  it('SNAP-9 soon after a command, whatever is typed before and after it', () => {
    const articles = new DueArticles<string>(pace);
    articles.changed('a', 'a', 0, 'typed');
    articles.changed('a', 'a', 1_000, 'command');
    for (let at = 1_500; at < 3_000; at += 500) articles.changed('a', 'a', at, 'typed');
    expect(dueAt(articles, 2_999)).toEqual([]);
    expect(dueAt(articles, 3_000)).toEqual(['a']);
  });

  it('SNAP-9 leaves those whose turn has not come for the next time, the oldest first', () => {
    const articles = new DueArticles<string>(pace);
    for (const id of ['a', 'b', 'c']) articles.changed(id, id, 0, 'command');
    articles.changed('a', 'a', 500, 'typed');
    for (const first of articles.takeDue(2_500)) {
      expect(first).toBe('a');
      break;
    }
    expect(dueAt(articles, 2_500)).toEqual(['b', 'c']);
  });

  it('SNAP-9 for the room that is live now, not for one that was dropped', () => {
    const articles = new DueArticles<string>(pace);
    articles.changed('a', 'dropped', 0, 'typed');
    articles.changed('a', 'opened anew', 1_000, 'typed');
    expect(dueAt(articles, 2_500)).toEqual([]);
    expect(articles.take('a')).toBe('opened anew');
    expect(articles.take('a')).toBeNull();
  });
});

describe('words between spaces, each looked at once', () => {
  it('SNAP-7 are as many as the language has in the whole text', () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    const next = random(seed);
    const pieces = [
      ...['word', 'don’t', "l'eau", 'слово', 'из-за', 'көпүрө', 'ไทยภาษา', '日本語の文', 'कृपया', '한국어'],
      ...[
        '3.14',
        '1 000',
        '1\u202f000',
        'a_b',
        'a@b.kg',
        '👩‍👩‍👧',
        '🇰🇬🇷🇺',
        'e\u0301',
        '\u0301',
        '\u200d',
        '\ufeff',
        '\u00ad',
      ],
      ...[' ', ' ', ' ', '  ', '\t', '\n', '\u00a0', '.', ',', '…', '«', '»', '—', '-', "'", ':', '·'],
    ];
    const count = createWordCounter();
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: next() * 12 }, () => pieces[Math.floor(next() * pieces.length)]).join('');
      for (const language of ['en', 'ru', 'ky', 'th', 'ja']) {
        expect(count(text, language), `seed ${seed}: ${language} ${JSON.stringify(text)}`).toBe(
          countWords(text, language),
        );
      }
    }
  });
});
