// Suggested wordings: accepted in place with the formatting kept, once; reverted; what they do to other annotations and to the
// translations of the block.
import { describe, expect, it } from 'vitest';
import { createReactions } from '../../server/reactions/reactions.ts';
import { blockStatus, readReview } from '../../shared/translation/review.ts';
import { type Newsroom, newsroom, refusal } from './memory.ts';

const issue = {
  kind: 'language',
  language: 'en',
  blockId: 'lead',
  exact: 'transfered',
  suggestion: 'transferred',
  category: 'spelling',
} as const;

const withReactions = () =>
  newsroom((storage, now) => {
    const quiet = { summaryChanged() {}, snapshotsChanged() {} };
    return createReactions({ storage, now, ...quiet, failed: (error) => Promise.reject(error) }).reactions;
  });

async function withIssue(change: object = {}): Promise<Newsroom & { annotationId: string }> {
  const room = await withReactions();
  const { annotationId } = await room.send(room.people.ru, 'annotation.create', { ...issue, ...change });
  return { ...room, annotationId };
}

describe('accept', () => {
  it('CMD-10 replaces the words in place, keeps their formatting and stays anchored on the new ones', async () => {
    const { send, people, annotationId, annotation, block } = await withIssue();
    await send(people.ky, 'suggestion.accept', { annotationId });
    expect(block('en', 'lead')!.content).toEqual([
      { text: 'The office of liaison will be ' },
      { text: 'transferred', bold: true },
      { text: ' to Bishkek in the nearest time, said the ministry.' },
    ]);
    expect(annotation(annotationId)).toMatchObject({
      anchorState: 'attached',
      anchor: { exact: 'transferred', startOffset: 30, endOffset: 41 },
      suggestion: { status: 'accepted', replaced: 'transfered', decidedBy: { id: 'ky' }, check: false },
    });
  });

  it('CMD-10 changes no more than the difference: carets and anchors beside it live on', async () => {
    const suggestion = 'The bureau of liaison will be transferred soon';
    const { send, people, annotationId, join, block } = await withIssue({
      exact: 'The office of liaison will be transfered',
      suggestion,
    });
    const editor = join(people.editor);
    const before = editor.text('en', 'lead').length;
    const deleted: number[] = [];
    editor.text('en', 'lead').observe((event) => {
      for (const { delete: count } of event.delta) if (count) deleted.push(count);
    });
    await send(people.ky, 'suggestion.accept', { annotationId });
    editor.sync();
    expect(
      block('en', 'lead')!
        .content.map(({ text }) => text)
        .join(''),
    ).toBe(`${suggestion} to Bishkek in the nearest time, said the ministry.`);
    expect(deleted.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual('office'.length + 'ed'.length);
    expect(before).toBeGreaterThan(0);
  });

  it('CMD-11 lets one of two who accept at once win; the other learns that it is decided', async () => {
    const { send, people, annotationId, words } = await withIssue();
    const both = await Promise.all([
      refusal(send(people.ky, 'suggestion.accept', { annotationId })),
      refusal(send(people.editor, 'suggestion.accept', { annotationId })),
    ]);
    expect(both.sort()).toEqual(['accepted', 'suggestion-decided']);
    expect(words('en', 'lead')).toContain('will be transferred to');
    expect(await refusal(send(people.editor, 'suggestion.reject', { annotationId }))).toBe('suggestion-decided');
  });

  it('CMD-12 flags a suggestion whose words changed meanwhile, and unflags it when they come back', async () => {
    const { send, people, annotationId, annotation, join, words } = await withIssue();
    const editor = join(people.editor);
    editor.text('en', 'lead').insert(35, 'XX');
    editor.sync();
    expect(annotation(annotationId)).toMatchObject({ anchorState: 'attached', suggestion: { check: true } });
    editor.text('en', 'lead').delete(35, 2);
    editor.sync();
    expect(annotation(annotationId).suggestion!.check).toBe(false);
    editor.text('en', 'lead').insert(35, 'XX');
    editor.sync();
    await send(people.ky, 'suggestion.accept', { annotationId });
    expect(words('en', 'lead')).toContain('will be transferred to');
    expect(annotation(annotationId).suggestion).toMatchObject({ replaced: 'transXXfered', check: false });
  });

  it('CMD-12 refuses when the words are gone or run over two blocks now', async () => {
    const gone = await withIssue();
    const editor = gone.join(gone.people.editor);
    editor.text('en', 'lead').delete(30, 10);
    editor.sync();
    expect(gone.annotation(gone.annotationId).anchorState).toBe('orphan');
    const accept = gone.send(gone.people.ky, 'suggestion.accept', { annotationId: gone.annotationId });
    expect(await refusal(accept)).toBe('suggestion-conflict');
  });

  it('CMD-13 puts every annotation that overlaps onto the new words', async () => {
    const { send, people, annotationId, annotation } = await withIssue({
      exact: 'will be transfered to Bishkek',
      suggestion: 'moves to Bishkek',
    });
    const other = { kind: 'comment', language: 'en', blockId: 'lead', body: '?' } as const;
    const at = async (exact: string) => (await send(people.ru, 'annotation.create', { ...other, exact })).annotationId;
    const inside = await at('transfered');
    const across = await at('liaison will');
    const after = await at('to Bishkek in the nearest');
    const around = await at('The office of liaison will be transfered to Bishkek in');
    const rival = await send(people.checker, 'annotation.create', {
      ...issue,
      exact: 'transfered to',
      suggestion: 'sent to',
    });
    await send(people.ky, 'suggestion.accept', { annotationId });
    expect(annotation(after)).toMatchObject({
      anchorState: 'attached',
      anchor: { exact: 'to Bishkek in the nearest' },
    });
    expect(annotation(around).anchor.exact).toBe('The office of liaison moves to Bishkek in');
    expect(annotation(across)).toMatchObject({ anchorState: 'attached' });
    expect(annotation(across).anchor.exact).toContain('liaison ');
    expect(annotation(inside)).toMatchObject({ anchorState: 'attached', anchor: { exact: 'moves' } });
    expect(annotation(rival.annotationId)).toMatchObject({
      anchor: { exact: 'moves to' },
      suggestion: { status: 'pending', check: true },
    });
  });

  it('CMD-14 makes translations stale, except for spelling, punctuation and markup', async () => {
    for (const [category, status] of [
      ['spelling', 'translated'],
      ['mistranslation', 'stale'],
    ] as const) {
      const { send, people, annotationId, words, room } = await withIssue({ category });
      await send(people.ru, 'review.confirm', { language: 'ru', blockId: 'lead', state: 'translated' });
      const now = () => blockStatus(words('en', 'lead')!, words('ru', 'lead'), readReview(room.doc, 'ru', 'lead'));
      expect(now()).toBe('translated');
      await send(people.ky, 'suggestion.accept', { annotationId });
      expect(now()).toBe(status);
      await send(people.ky, 'suggestion.revert', { annotationId });
      expect(now()).toBe('translated');
    }
  });
});

describe('revert', () => {
  it('CMD-17 resolves the annotation with its thread, and opens it again when it is reverted', async () => {
    const { send, people, annotationId, annotation } = await withIssue();
    await send(people.checker, 'annotation.reply', { annotationId, body: 'Agreed.' });
    const { thread } = annotation(annotationId);
    await send(people.ky, 'suggestion.accept', { annotationId });
    expect(annotation(annotationId)).toMatchObject({ status: 'resolved', resolvedBy: { id: 'ky' }, thread });
    await send(people.ky, 'suggestion.revert', { annotationId });
    expect(annotation(annotationId)).toMatchObject({ status: 'open', resolvedBy: null, resolvedAt: null, thread });
    await send(people.ky, 'suggestion.reject', { annotationId });
    expect(annotation(annotationId).status).toBe('open');
  });

  it('CMD-15 puts the words back while the accepted ones stand unchanged', async () => {
    const { send, people, annotationId, annotation, words, join, block } = await withIssue();
    const before = block('en', 'lead');
    await send(people.ky, 'suggestion.accept', { annotationId });
    await send(people.ky, 'suggestion.revert', { annotationId });
    expect(block('en', 'lead')).toEqual(before);
    expect(annotation(annotationId)).toMatchObject({
      anchorState: 'attached',
      anchor: { exact: 'transfered' },
      suggestion: { status: 'pending', replaced: null, decidedBy: null },
    });
    expect(await refusal(send(people.ky, 'suggestion.revert', { annotationId }))).toBe('suggestion-not-revertible');
    await send(people.ky, 'suggestion.accept', { annotationId });
    const editor = join(people.editor);
    editor.text('en', 'lead').insert(33, 'y');
    editor.sync();
    expect(await refusal(send(people.ky, 'suggestion.revert', { annotationId }))).toBe('suggestion-not-revertible');
    expect(words('en', 'lead')).toContain('traynsferred');
  });

  it('CMD-15 brings back words that were taken out altogether', async () => {
    const { send, people, annotationId, annotation, words } = await withIssue({
      exact: ' in the nearest time',
      suggestion: '',
    });
    const before = words('en', 'lead');
    await send(people.ky, 'suggestion.accept', { annotationId });
    expect(words('en', 'lead')).toBe('The office of liaison will be transfered to Bishkek, said the ministry.');
    expect(annotation(annotationId)).toMatchObject({
      anchorState: 'orphan',
      anchor: { exact: ' in the nearest time' },
    });
    await send(people.ky, 'suggestion.revert', { annotationId });
    expect(words('en', 'lead')).toBe(before);
    expect(annotation(annotationId)).toMatchObject({
      anchorState: 'attached',
      anchor: { exact: ' in the nearest time' },
    });
  });
});

describe('propose and reject', () => {
  it('CMD-16 takes a new suggestion in place of the last, and a rejected one changes nothing', async () => {
    const { send, people, annotationId, annotation, words } = await withIssue();
    await send(people.checker, 'suggestion.propose', { annotationId, text: 'moved' });
    expect(annotation(annotationId).suggestion).toMatchObject({
      text: 'moved',
      original: 'transfered',
      by: { id: 'checker' },
    });
    await send(people.ky, 'suggestion.reject', { annotationId });
    expect(annotation(annotationId).suggestion).toMatchObject({ status: 'rejected', decidedBy: { id: 'ky' } });
    expect(words('en', 'lead')).toContain('transfered');
    expect(await refusal(send(people.ky, 'suggestion.accept', { annotationId }))).toBe('suggestion-decided');
    expect(await refusal(send(people.ru, 'suggestion.propose', { annotationId, text: 'transfered' }))).toBe(
      'invalid-input',
    );
  });

  it('CMD-16 refuses what is no suggestion', async () => {
    const { send, people } = await withReactions();
    const comment = { kind: 'comment', language: 'en', blockId: 'title', exact: 'ratifies', body: '?' } as const;
    const { annotationId } = await send(people.ru, 'annotation.create', comment);
    expect(await refusal(send(people.ky, 'suggestion.accept', { annotationId }))).toBe('suggestion-missing');
    expect(await refusal(send(people.ky, 'suggestion.revert', { annotationId }))).toBe('suggestion-missing');
    expect(await refusal(send(people.ky, 'suggestion.propose', { annotationId, text: 'x' }))).toBe('invalid-input');
  });

  it('CMD-7 tells who suggested what was decided', async () => {
    const { send, people, annotationId, events } = await withIssue();
    await send(people.ky, 'suggestion.accept', { annotationId });
    expect(events.notified.map(([id, { kind }]) => [id, kind])).toEqual([['ru', 'suggestion-decided']]);
  });
});
