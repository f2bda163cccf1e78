// Block ids stay unique whatever happens at the same time, and every server repairs them alike.
import { describe, expect, it } from 'vitest';
import { repairsOf } from '../../server/reactions/blockIds.ts';
import { createReactions, type Reactions } from '../../server/reactions/reactions.ts';
import { blockText, createBlockElement, makeBlock, readBlocks } from '../../shared/article/blocks.ts';
import { ID_PATTERN } from '../../shared/article/ids.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { newsroom } from '../commands/memory.ts';

async function desk() {
  let reactions: Reactions | null = null;
  const desk = await newsroom((storage, now) => {
    const quiet = { summaryChanged() {}, snapshotsChanged() {} };
    reactions = createReactions({ storage, now, ...quiet, failed: (error) => Promise.reject(error) });
    return reactions.reactions;
  });
  return { ...desk, comeToRest: () => reactions!.settled(desk.room) };
}

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

  it.each([
    ['both empty', '', '', ['quote:']],
    ['the first empty', '', 'слова', ['quote:слова']],
    ['the second empty', 'слова', ' ', ['quote:слова']],
    ['the same words', 'слова', 'слова', ['quote:слова']],
    ['words in both', 'одни', 'другие', ['quote:одни', 'b?:другие']],
  ])('ANCHOR-17 one of two blocks for one missing paragraph stays: %s', async (_, first, second, expected) => {
    const { join, people, room, comeToRest } = await desk();
    const editors = [join(people.ru), join(people.editor)];
    for (const { doc } of editors) {
      doc.getXmlFragment(textRoot('ru')).insert(3, [createBlockElement(makeBlock('quote', ''))]);
    }
    for (const { sync } of [...editors, ...editors]) sync();
    const made = () => readBlocks(room.doc, 'ru').slice(3);
    const [kept, extra] = made().map(({ id }) => id);
    expect(kept).toBe('quote');
    for (const [id, words] of [
      [kept!, first],
      [extra!, second],
    ] as const) {
      editors[0]!.text('ru', id).insert(0, words);
    }
    editors[0]!.sync();
    expect(made()).toHaveLength(2);
    await comeToRest();
    expect(made().map((block) => `${block.id === extra ? 'b?' : block.id}:${blockText(block)}`)).toEqual(expected);
    await comeToRest();
    expect(made()).toHaveLength(expected.length);
  });

  it('ANCHOR-17 a block that is annotated stays, and so does what is not in the source', async () => {
    const { join, people, room, send, annotation, comeToRest } = await desk();
    const editors = [join(people.ru), join(people.editor)];
    for (const { doc } of editors) {
      const russian = doc.getXmlFragment(textRoot('ru'));
      russian.insert(3, [createBlockElement(makeBlock('quote', 'Одинаковые слова'))]);
      russian.insert(4, [createBlockElement(makeBlock('only-here', ''))]);
    }
    for (const { sync } of [...editors, ...editors]) sync();
    const blocks = readBlocks(room.doc, 'ru');
    expect(blocks).toHaveLength(7);
    const extra = blocks.findLast((block) => blockText(block) === 'Одинаковые слова')!;
    const comment = { kind: 'comment', language: 'ru', blockId: extra.id, exact: 'слова', body: '?' } as const;
    const { annotationId } = await send(people.ru, 'annotation.create', comment);
    await comeToRest();
    expect(readBlocks(room.doc, 'ru')).toEqual(blocks);
    expect(annotation(annotationId).anchorState).toBe('attached');
  });
});
