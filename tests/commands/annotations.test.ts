// Annotations and their threads through commands: what is taken, what is refused and why.
import { toBase64 } from 'lib0/buffer';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readAnnotations } from '../../shared/annotation/read.ts';
import { type Newsroom, newsroom, refusal } from './memory.ts';

const comment = { kind: 'comment', language: 'en', blockId: 'title', exact: 'ratifies', body: 'Wrong tense' } as const;

describe('annotation.create', () => {
  it('ANCHOR-1 anchors an annotation on its quoted words, with context and offsets', async () => {
    const { send, people, annotation } = await newsroom();
    const { annotationId } = await send(people.checker, 'annotation.create', comment);
    expect(annotation(annotationId)).toMatchObject({
      kind: 'comment',
      language: 'en',
      anchorState: 'attached',
      status: 'open',
      createdBy: { id: 'checker', name: 'Farid', role: 'fact-checker' },
      anchor: {
        exact: 'ratifies',
        startBlock: 'title',
        endBlock: 'title',
        startOffset: 19,
        endOffset: 27,
        prefix: 'The parliament has ',
        lostAt: null,
      },
      thread: [{ body: 'Wrong tense', by: { id: 'checker' }, editedAt: null, deletedAt: null }],
    });
  });

  it('ANCHOR-2 refuses words that are not there, that fit several places, and blocks that are gone', async () => {
    const { send, people } = await newsroom();
    const create = (change: object) => refusal(send(people.ru, 'annotation.create', { ...comment, ...change }));
    expect(await create({ exact: 'ratified' })).toBe('quote-not-found');
    expect(await create({ blockId: 'nowhere' })).toBe('block-not-found');
    expect(await create({ blockId: 'body', exact: 'The agreement' })).toBe('quote-ambiguous');
    expect(await create({ language: 'de' })).toBe('language-not-in-article');
  });

  it('ANCHOR-2 tells equal words apart by context, else by position', async () => {
    const { send, people, annotation } = await newsroom();
    const target = { ...comment, blockId: 'body', exact: 'The agreement' };
    const byContext = await send(people.ru, 'annotation.create', { ...target, suffix: ' has to be' });
    expect(annotation(byContext.annotationId).anchor.startOffset).toBe(33);
    const byPosition = await send(people.ru, 'annotation.create', { ...target, position: { start: 33, end: 46 } });
    expect(annotation(byPosition.annotationId).anchor.startOffset).toBe(33);
    const nearest = await send(people.ru, 'annotation.create', { ...target, position: { start: 2, end: 15 } });
    expect(annotation(nearest.annotationId).anchor.startOffset).toBe(0);
  });

  it('ANCHOR-1 anchors a range over several blocks', async () => {
    const { send, people, annotation } = await newsroom();
    const exact = 'valid for five years.\nWe are very glad';
    const { annotationId } = await send(people.ru, 'annotation.create', {
      ...comment,
      blockId: 'body',
      endBlockId: 'quote',
      exact,
    });
    expect(annotation(annotationId).anchor).toMatchObject({
      startBlock: 'body',
      endBlock: 'quote',
      endOffset: 16,
      exact,
    });
  });

  it('CMD-1 names the field that is wrong', async () => {
    const { send, people } = await newsroom();
    const details = async (change: object) => {
      try {
        await send(people.ru, 'annotation.create', { ...comment, ...change });
      } catch (error) {
        return (error as { code: string; details: { field: string } }).details?.field;
      }
      return 'accepted';
    };
    expect(await details({ exact: '' })).toBe('exact');
    expect(await details({ body: '' })).toBe('body');
    expect(await details({ body: 'a\u0000b' })).toBe('body');
    expect(await details({ body: 'a\ud800b' })).toBe('body');
    expect(await details({ body: 'a\u202eb' })).toBe('body');
    expect(await details({ suggestion: 'x' })).toBe('suggestion');
    expect(await details({ kind: 'language', suggestion: 'a\nb' })).toBe('suggestion');
    expect(await details({ kind: 'language', suggestion: 'ratifies' })).toBe('suggestion');
    expect(await details({ statement: 'x' })).toBe('statement');
    expect(await details({ kind: 'gossip' })).toBe('kind');
    expect(await details({ kind: 'language', severity: 'deadly' })).toBe('severity');
  });

  it('CMD-2 waits for the words that the sender has written, and says so if they do not come', async () => {
    const { commands, articleId, people, room } = await newsroom();
    const ahead = new Y.Doc();
    ahead.getText('x').insert(0, 'y');
    const stateVector = toBase64(Y.encodeStateVector(ahead));
    const run = commands.run(
      { id: 'c', articleId, type: 'annotation.create', payload: comment, stateVector },
      people.ru,
    );
    expect(await refusal(run)).toBe('behind-client');
    expect(readAnnotations(room.doc)).toEqual([]);
    const own = toBase64(Y.encodeStateVector(room.doc));
    await commands.run(
      { id: 'd', articleId, type: 'annotation.create', payload: comment, stateVector: own },
      people.ru,
    );
    expect(readAnnotations(room.doc)).toHaveLength(1);
  });
});

describe('idempotency', () => {
  it('CMD-3 gives the same command the same answer and no second effect, also while the first is under way', async () => {
    const { send, people, room } = await newsroom();
    const first = send(people.ru, 'annotation.create', comment, 'once');
    const meanwhile = send(people.ru, 'annotation.create', comment, 'once');
    expect(await meanwhile).toEqual(await first);
    expect(await send(people.ru, 'annotation.create', comment, 'once')).toEqual(await first);
    expect(readAnnotations(room.doc)).toHaveLength(1);
  });

  it('CMD-3 refuses the id of another person’s command', async () => {
    const { send, people } = await newsroom();
    await send(people.ru, 'annotation.create', comment, 'mine');
    expect(await refusal(send(people.ky, 'annotation.create', comment, 'mine'))).toBe('not-allowed');
  });

  it('CMD-3 does not remember a refused command: it may succeed later', async () => {
    const { send, people, join } = await newsroom();
    const payload = { ...comment, exact: 'approves' };
    expect(await refusal(send(people.ru, 'annotation.create', payload, 'again'))).toBe('quote-not-found');
    const editor = join(people.editor);
    editor.text('en', 'title').insert(0, 'approves ');
    editor.sync();
    expect(await refusal(send(people.ru, 'annotation.create', payload, 'again'))).toBe('accepted');
  });
});

describe('threads', () => {
  async function withComment(): Promise<Newsroom & { annotationId: string; messageId: string }> {
    const room = await newsroom();
    const { annotationId } = await room.send(room.people.ru, 'annotation.create', comment);
    return { ...room, annotationId, messageId: room.annotation(annotationId).thread[0]!.id };
  }

  it('CMD-4 replies, edits and deletes one’s own messages only', async () => {
    const { send, people, annotation, annotationId, messageId } = await withComment();
    const answer = await send(people.checker, 'annotation.reply', { annotationId, body: 'I agree' });
    await send(people.checker, 'annotation.editMessage', { ...answer, body: 'I do not agree' });
    expect(annotation(annotationId).thread.map(({ body }) => body)).toEqual(['Wrong tense', 'I do not agree']);
    expect(annotation(annotationId).thread[1]!.editedAt).not.toBeNull();
    const others = { annotationId, messageId };
    expect(await refusal(send(people.editor, 'annotation.editMessage', { ...others, body: 'x' }))).toBe('not-allowed');
    expect(await refusal(send(people.editor, 'annotation.deleteMessage', others))).toBe('not-allowed');
    await send(people.checker, 'annotation.deleteMessage', answer);
    expect(annotation(annotationId).thread[1]).toMatchObject({ body: '', by: { id: 'checker' } });
    expect(await refusal(send(people.checker, 'annotation.editMessage', { ...answer, body: 'x' }))).toBe(
      'message-not-found',
    );
    const unknown = { annotationId, messageId: 'unknown' };
    expect(await refusal(send(people.ru, 'annotation.deleteMessage', unknown))).toBe('message-not-found');
  });

  it('CMD-4 resolves and reopens', async () => {
    const { send, people, annotation, annotationId } = await withComment();
    await send(people.ky, 'annotation.resolve', { annotationId });
    expect(annotation(annotationId)).toMatchObject({ status: 'resolved', resolvedBy: { id: 'ky' } });
    await send(people.ru, 'annotation.reopen', { annotationId });
    expect(annotation(annotationId)).toMatchObject({ status: 'open', resolvedBy: null, resolvedAt: null });
  });

  it('CMD-5 answers a reply to a deleted annotation differently from one to an unknown one, over a reload too', async () => {
    const { send, people, annotationId, room, storage, articleId, rooms, commands } = await withComment();
    await send(people.ru, 'annotation.delete', { annotationId });
    expect(await refusal(send(people.ky, 'annotation.reply', { annotationId, body: 'late' }))).toBe(
      'annotation-deleted',
    );
    const unknown = { annotationId: 'never', body: 'x' };
    expect(await refusal(send(people.ky, 'annotation.reply', unknown))).toBe('annotation-not-found');
    storage.updates.set(articleId, [Y.encodeStateAsUpdate(room.doc)]);
    await rooms.drop(articleId);
    const again = commands.run(
      { id: 'late', articleId, type: 'annotation.reply', payload: { annotationId, body: 'late' } },
      people.ky,
    );
    expect(await refusal(again)).toBe('annotation-deleted');
  });

  it('CMD-6 lets its author delete an annotation until somebody else has replied, and an editor always', async () => {
    const { send, people, annotationId } = await withComment();
    expect(await refusal(send(people.ky, 'annotation.delete', { annotationId }))).toBe('not-allowed');
    await send(people.ky, 'annotation.reply', { annotationId, body: 'wait' });
    expect(await refusal(send(people.ru, 'annotation.delete', { annotationId }))).toBe('not-allowed');
    expect(await refusal(send(people.editor, 'annotation.delete', { annotationId }))).toBe('accepted');
  });

  it('CMD-7 tells those who are mentioned and the author of the thread, each once, never oneself', async () => {
    const { send, people, annotationId, events, storage, failures, messageId } = await withComment();
    const body = 'Ask @[Farid](checker) and @[Farid](checker), @[Aigul](ky) or @[Nobody](nobody)';
    await send(people.ky, 'annotation.reply', { annotationId, body });
    expect(events.notified.map(([id, { kind }]) => [id, kind])).toEqual([
      ['checker', 'mention'],
      ['ru', 'reply'],
    ]);
    expect(storage.notified.get('checker')![0]).toMatchObject({
      articleTitle: 'The agreement',
      excerpt: 'Ask @Farid and @Farid, @Aigul or @Nobody',
      by: { id: 'ky', name: 'Aigul' },
      readAt: null,
    });
    await send(people.ru, 'annotation.editMessage', { annotationId, messageId, body: 'See @[Elena](editor)' });
    await send(people.ru, 'annotation.editMessage', { annotationId, messageId, body: 'See here, @[Elena](editor)' });
    expect(events.notified.filter(([id]) => id === 'editor')).toHaveLength(1);
    expect(failures).toEqual([]);
  });
});
