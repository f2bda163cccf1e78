// Snapshots: named, automatic, restored under the hands of people who type.
import { describe, expect, it } from 'vitest';
import type * as Y from 'yjs';
import { openSnapshot } from '../../server/commands/snapshots.ts';
import { createReactions, type Reactions } from '../../server/reactions/reactions.ts';
import { blockElements, createBlockElement, makeBlock, readBlocks } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { type Newsroom, newsroom, refusal, SAMPLE_BLOCKS } from './memory.ts';

async function desk(): Promise<Newsroom & { reactions: Reactions; automatic: string[] }> {
  let reactions: Reactions | undefined;
  const automatic: string[] = [];
  const room = await newsroom((storage, now) => {
    reactions = createReactions({
      storage,
      now,
      summaryChanged() {},
      snapshotsChanged: (id) => automatic.push(id),
      failed: (error) => Promise.reject(error),
      snapshotEveryMs: 1_000,
    });
    return reactions.reactions;
  });
  return { ...room, reactions: reactions!, automatic };
}

describe('restore', () => {
  it('SNAP-1 brings every text back as it was: words, marks, kinds, order, deleted and added blocks', async () => {
    const { send, people, room, join, events, storage, articleId } = await desk();
    const { snapshotId } = await send(people.ru, 'snapshot.create', { name: 'Morning' });
    const before = { en: readBlocks(room.doc, 'en'), ru: readBlocks(room.doc, 'ru') };
    const editor = join(people.editor);
    const fragment = editor.doc.getXmlFragment(textRoot('en'));
    editor.text('en', 'lead').format(4, 6, { italic: {} });
    editor.text('en', 'lead').format(30, 10, { bold: null });
    editor.text('en', 'body').insert(10, ' whatever');
    fragment.delete(3, 1);
    fragment.insert(0, [createBlockElement(makeBlock('new', 'Something new'))]);
    (fragment.get(1) as Y.XmlElement).setAttribute('level', 3 as never);
    editor.doc.getXmlFragment(textRoot('ru')).delete(0, 3);
    editor.sync();
    expect(readBlocks(room.doc, 'ru')).toEqual([]);
    await send(people.editor, 'snapshot.restore', { snapshotId });
    expect({ en: readBlocks(room.doc, 'en'), ru: readBlocks(room.doc, 'ru') }).toEqual(before);
    expect(events.restored).toEqual([articleId]);
    const [kept] = await storage.snapshots.list(articleId);
    expect(kept).toMatchObject({ kind: 'before-restore', name: 'Morning', by: { id: 'editor', name: 'Elena' } });
    const { doc } = await openSnapshot(storage, articleId, kept!.id);
    expect(readBlocks(doc, 'en')[0]!.id).toBe('new');
  });

  it('SNAP-2 touches nothing that is as it was: elements, anchors and carets in it live on', async () => {
    const { send, people, room, join, annotation } = await desk();
    const comment = { kind: 'comment', language: 'en', blockId: 'title', exact: 'ratifies', body: '?' } as const;
    const { annotationId } = await send(people.ru, 'annotation.create', comment);
    const anchor = annotation(annotationId).anchor;
    const { snapshotId } = await send(people.ru, 'snapshot.create', { name: 'x' });
    const elements = blockElements(room.doc, 'en');
    const editor = join(people.editor);
    editor.text('en', 'body').insert(0, 'Then ');
    editor.sync();
    await send(people.editor, 'snapshot.restore', { snapshotId });
    expect(blockElements(room.doc, 'en')).toEqual(elements);
    expect(readBlocks(room.doc, 'en')).toEqual(SAMPLE_BLOCKS);
    expect(annotation(annotationId).anchor).toEqual(anchor);
  });

  it('SNAP-3 is a change among others: what somebody types meanwhile is merged, not lost', async () => {
    const { send, people, join, words, room } = await desk();
    const { snapshotId } = await send(people.ru, 'snapshot.create', { name: 'x' });
    const first = join(people.editor);
    first.text('en', 'title').insert(0, 'Yesterday ');
    first.sync();
    const typist = join(people.ky);
    typist.text('en', 'quote').insert(3, 'still ');
    typist.text('en', 'title').insert(14, 'old ');
    await send(people.editor, 'snapshot.restore', { snapshotId });
    typist.sync();
    first.sync();
    expect(words('en', 'quote')).toBe('We still are very glad about this fact.');
    expect(words('en', 'title')).toBe('The old parliament has ratifies the agreement');
    expect(readBlocks(first.doc, 'en')).toEqual(readBlocks(room.doc, 'en'));
    expect(readBlocks(typist.doc, 'en')).toEqual(readBlocks(room.doc, 'en'));
  });

  it('SNAP-4 brings orphaned annotations back onto their words', async () => {
    const { send, people, join, annotation } = await desk();
    const comment = { kind: 'comment', language: 'en', blockId: 'quote', exact: 'very glad', body: '?' } as const;
    const { annotationId } = await send(people.ru, 'annotation.create', comment);
    const { snapshotId } = await send(people.ru, 'snapshot.create', { name: 'x' });
    const editor = join(people.editor);
    editor.doc.getXmlFragment(textRoot('en')).delete(3, 1);
    editor.sync();
    expect(annotation(annotationId).anchorState).toBe('orphan');
    await send(people.editor, 'snapshot.restore', { snapshotId });
    expect(annotation(annotationId)).toMatchObject({ anchorState: 'attached', anchor: { exact: 'very glad' } });
  });

  it('SNAP-1 refuses a snapshot that is not this article’s', async () => {
    const { send, people } = await desk();
    expect(await refusal(send(people.editor, 'snapshot.restore', { snapshotId: 'x' }))).toBe('snapshot-not-found');
  });
});

describe('automatic snapshots', () => {
  it('SNAP-5 are taken when work pauses and nobody is left, never of an unchanged article', async () => {
    const { reactions, room, join, people, storage, articleId, automatic, clock } = await desk();
    await reactions.settled(room);
    expect(automatic).toEqual([]);
    const editor = join(people.editor);
    editor.text('en', 'title').insert(0, 'So ');
    editor.sync();
    clock.now += 10;
    await reactions.settled(room);
    clock.now += 5_000;
    await reactions.settled(room);
    expect(automatic).toEqual([articleId]);
    const [info] = await storage.snapshots.list(articleId);
    expect(info).toMatchObject({ kind: 'automatic', by: null });
  });

  it('SNAP-6 are taken from time to time while people go on working', async () => {
    const { room, join, people, automatic, articleId, clock, reactions } = await desk();
    room.present = () => [people.editor];
    const editor = join(people.editor);
    for (let step = 0; step < 5; step++) {
      editor.text('en', 'title').insert(0, 'x');
      editor.sync();
      clock.now += 300;
    }
    await reactions.close();
    expect(automatic).toEqual([articleId]);
    editor.text('en', 'title').insert(0, 'x');
    editor.sync();
    await reactions.settled(room);
    expect(automatic).toEqual([articleId]);
    clock.now += 2_000;
    await reactions.settled(room);
    expect(automatic).toEqual([articleId, articleId]);
  });
});
