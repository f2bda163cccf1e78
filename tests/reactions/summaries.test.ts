// The desk's figures follow the article.
import { expect, it } from 'vitest';
import { createReactions, type Reactions } from '../../server/reactions/reactions.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { newsroom } from '../commands/memory.ts';

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
