// Claims with their verdicts and evidence, and the confirmation of translated blocks.
import { describe, expect, it } from 'vitest';
import { blockStatus, readReview } from '../../shared/translation/review.ts';
import { type Newsroom, newsroom, refusal } from './memory.ts';

describe('claims', () => {
  async function withClaim(): Promise<Newsroom & { annotationId: string }> {
    const room = await newsroom();
    const exact = 'The agreement was signed in May';
    const claim = { kind: 'claim', language: 'en', blockId: 'body', exact } as const;
    const { annotationId } = await room.send(room.people.ru, 'annotation.create', claim);
    return { ...room, annotationId };
  }
  const evidence = {
    url: 'https://example.org/law',
    title: 'The law',
    quote: 'signed in June',
    stance: 'contradicts',
  } as const;

  it('CMD-20 takes a verdict with its reasons, stamped, and takes it back', async () => {
    const { send, people, annotationId, annotation, events } = await withClaim();
    expect(annotation(annotationId).claim).toMatchObject({
      statement: 'The agreement was signed in May',
      verdict: null,
    });
    await send(people.checker, 'claim.verdict', { annotationId, verdict: 'false', rationale: 'It was June.' });
    expect(annotation(annotationId).claim).toMatchObject({
      verdict: 'false',
      rationale: 'It was June.',
      judgedBy: { id: 'checker', role: 'fact-checker' },
    });
    expect(events.notified.map(([id, { kind }]) => [id, kind])).toEqual([['ru', 'verdict']]);
    await send(people.editor, 'claim.verdict', { annotationId, verdict: null });
    expect(annotation(annotationId).claim).toMatchObject({
      verdict: null,
      rationale: '',
      judgedBy: null,
      judgedAt: null,
    });
  });

  it('CMD-21 keeps evidence under the name of who found it, who alone, or an editor, takes it away', async () => {
    const { send, people, annotationId, annotation, storage } = await withClaim();
    await storage.people.create({
      id: 'second',
      name: 'S',
      role: 'fact-checker',
      languages: [],
      color: '',
      createdAt: 1,
    });
    await send(people.checker, 'claim.addEvidence', { annotationId, evidence });
    const [found] = annotation(annotationId).claim!.evidence;
    expect(found).toMatchObject({ ...evidence, publisher: '', by: { id: 'checker' } });
    const remove = { annotationId, evidenceId: found!.id };
    expect(await refusal(send({ id: 'second' }, 'claim.removeEvidence', remove))).toBe('not-allowed');
    expect(await refusal(send(people.checker, 'claim.removeEvidence', { ...remove, evidenceId: 'x' }))).toBe(
      'not-found',
    );
    await send(people.editor, 'claim.removeEvidence', remove);
    expect(annotation(annotationId).claim!.evidence).toEqual([]);
    const unsafe = { ...evidence, url: 'javascript:alert(1)' };
    expect(await refusal(send(people.checker, 'claim.addEvidence', { annotationId, evidence: unsafe }))).toBe(
      'invalid-input',
    );
  });

  it('CMD-22 lets who raised a claim word it, and refuses what is no claim', async () => {
    const { send, people, annotationId, annotation } = await withClaim();
    await send(people.ru, 'claim.statement', { annotationId, statement: 'Signed in May' });
    expect(annotation(annotationId).claim!.statement).toBe('Signed in May');
    expect(await refusal(send(people.ky, 'claim.statement', { annotationId, statement: 'x' }))).toBe('not-allowed');
    const comment = { kind: 'comment', language: 'en', blockId: 'title', exact: 'ratifies', body: '?' } as const;
    const other = await send(people.ru, 'annotation.create', comment);
    expect(await refusal(send(people.checker, 'claim.verdict', { ...other, verdict: 'true' }))).toBe('not-a-claim');
  });
});

describe('review', () => {
  const block = { language: 'ru', blockId: 'title' } as const;
  const statusOf = ({ words, room }: Newsroom) =>
    blockStatus(words('en', 'title')!, words('ru', 'title'), readReview(room.doc, 'ru', 'title'));

  it('REVIEW-1 confirms these words for those words, and knows who did', async () => {
    const desk = await newsroom();
    const { send, people, room } = desk;
    expect(statusOf(desk)).toBe('draft');
    await send(people.ru, 'review.confirm', { ...block, state: 'translated' });
    expect(statusOf(desk)).toBe('translated');
    await send(people.editor, 'review.confirm', { ...block, state: 'reviewed' });
    await send(people.editor, 'review.confirm', { ...block, state: 'final' });
    expect(readReview(room.doc, 'ru', 'title')).toMatchObject({
      state: 'final',
      source: 'The parliament has ratifies the agreement',
      target: 'Парламент ратифицировал соглашение',
      by: { id: 'editor' },
      translatedBy: { id: 'ru' },
    });
    expect(statusOf(desk)).toBe('final');
  });

  it('REVIEW-2 asks a translator who reviews an own translation for a reason, kept on the record', async () => {
    const { send, people, room, storage } = await newsroom();
    const review = { ...block, state: 'reviewed' } as const;
    expect(await refusal(send(people.ru, 'review.confirm', review))).toBe('reason-required');
    await send(people.ru, 'review.confirm', { ...block, state: 'translated' });
    expect(await refusal(send(people.ru, 'review.confirm', review))).toBe('reason-required');
    await send(people.ru, 'review.confirm', { ...review, reason: 'Nobody else is here tonight' });
    expect(readReview(room.doc, 'ru', 'title')).toMatchObject({
      state: 'reviewed',
      reason: 'Nobody else is here tonight',
    });
    await send(people.ru, 'review.confirm', { ...block, state: 'translated' });
    const other = { id: 'ru2', name: 'R', role: 'translator', languages: ['ru'], color: '', createdAt: 1 } as const;
    await storage.people.create({ ...other, languages: ['ru'] });
    expect(await refusal(send(other, 'review.confirm', review))).toBe('accepted');
  });

  it('REVIEW-3 lets a changed target fall back, and a changed source make it stale until it is confirmed anew', async () => {
    const desk = await newsroom();
    const { send, people, join } = desk;
    await send(people.ru, 'review.confirm', { ...block, state: 'translated' });
    await send(people.editor, 'review.confirm', { ...block, state: 'reviewed' });
    const editor = join(people.editor);
    editor.text('ru', 'title').insert(0, 'Наконец: ');
    editor.sync();
    expect(statusOf(desk)).toBe('translated');
    editor.text('en', 'title').insert(0, 'At last: ');
    editor.sync();
    expect(statusOf(desk)).toBe('stale');
    await send(people.editor, 'review.confirm', { ...block, state: 'translated', reason: 'no change of meaning' });
    expect(statusOf(desk)).toBe('translated');
  });

  it('REVIEW-4 refuses to confirm what is not there, and withdraws', async () => {
    const desk = await newsroom();
    const { send, people } = desk;
    const confirm = (change: object) =>
      refusal(send(people.editor, 'review.confirm', { ...block, state: 'translated', ...change }));
    expect(await confirm({ blockId: 'body' })).toBe('invalid-input');
    expect(await confirm({ blockId: 'quote' })).toBe('block-not-found');
    expect(await confirm({ language: 'en' })).toBe('language-not-in-article');
    expect(await refusal(send(people.ru, 'review.withdraw', block))).toBe('not-found');
    await send(people.editor, 'review.confirm', { ...block, state: 'final' });
    expect(await refusal(send(people.ru, 'review.withdraw', block))).toBe('not-allowed');
    await send(people.editor, 'review.withdraw', block);
    expect(statusOf(desk)).toBe('draft');
  });
});
