// Block ids stay unique whatever happens at the same time, and every server repairs them alike.
import { describe, expect, it } from 'vitest';
import { repairsOf } from '../../server/reactions/blockIds.ts';
import { createReactions } from '../../server/reactions/reactions.ts';
import { createBlockElement, makeBlock, readBlocks } from '../../shared/article/blocks.ts';
import { ID_PATTERN } from '../../shared/article/ids.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { newsroom } from '../commands/memory.ts';

const desk = () =>
  newsroom((storage, now) => {
    const quiet = { summaryChanged() {}, snapshotsChanged() {} };
    return createReactions({ storage, now, ...quiet, failed: (error) => Promise.reject(error) }).reactions;
  });

describe('block ids', () => {
  it('ANCHOR-14 the first of two equal ids stays, the other block gets a new one; words and annotations stay', async () => {
    const { join, people, room, send, annotation } = await desk();
    const first = join(people.ru);
    const second = join(people.editor);
    for (const [editor, text] of [
      [first, 'Первый перевод абзаца'],
      [second, 'Второй перевод абзаца'],
    ] as const) {
      editor.doc.getXmlFragment(textRoot('ru')).insert(3, [createBlockElement(makeBlock('quote', text))]);
    }
    first.sync();
    const comment = { kind: 'comment', language: 'ru', blockId: 'quote', exact: 'Первый перевод', body: '?' } as const;
    const { annotationId } = await send(people.ru, 'annotation.create', comment);
    second.sync();
    const blocks = readBlocks(room.doc, 'ru');
    expect(blocks).toHaveLength(5);
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(5);
    expect(blocks[3]!.id).toBe('quote');
    const { anchor } = annotation(annotationId);
    const under = blocks.find(({ id }) => id === anchor.startBlock)!;
    expect(under.content[0]!.text).toBe('Первый перевод абзаца');
  });

  it('ANCHOR-14 blocks without an id, or with one that cannot be told to others, are named', async () => {
    const { join, people, room } = await desk();
    const editor = join(people.editor);
    const unnamed = createBlockElement(makeBlock('', 'x'));
    unnamed.removeAttribute('id');
    const odd = createBlockElement(makeBlock('<a b>', 'y'));
    editor.doc.getXmlFragment(textRoot('en')).insert(1, [unnamed, odd]);
    expect(repairsOf(editor.doc, 'en')).toEqual(repairsOf(editor.doc, 'en'));
    editor.sync();
    const ids = readBlocks(room.doc, 'en').map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(ids.every((id) => ID_PATTERN.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(6);
  });
});
