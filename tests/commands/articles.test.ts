// Making, changing and removing articles.
import { describe, expect, it } from 'vitest';
import { blockText, makeBlock, readBlocks } from '../../shared/article/blocks.ts';
import { readMeta } from '../../shared/article/meta.ts';
import { newsroom, refusal, SAMPLE_BLOCKS } from './memory.ts';

const draft = { title: 'New', sourceLanguage: 'en', targetLanguages: ['ky'], deadline: null, blocks: SAMPLE_BLOCKS };

describe('createArticle', () => {
  it('CMD-30 holds its whole content from the first moment; targets start empty', async () => {
    const { commands, people, rooms, storage } = await newsroom();
    const { id, created } = await commands.createArticle(draft, people.ru);
    expect(created).toBe(true);
    const { doc } = rooms.open(id);
    expect(readMeta(doc)).toEqual({ title: 'New', sourceLanguage: 'en', targetLanguages: ['ky'], deadline: null });
    expect(readBlocks(doc, 'en')).toEqual(SAMPLE_BLOCKS);
    expect(readBlocks(doc, 'ky')).toEqual([]);
    expect(await storage.articles.summary(id)).toMatchObject({
      title: 'New',
      createdBy: { id: 'ru', name: 'Roman' },
      words: 44,
      progress: [{ language: 'ky', total: 44, missing: 44 }],
    });
  });

  it('CMD-30 names blocks that have no id, or one that is taken, and finds a title', async () => {
    const { commands, people, rooms } = await newsroom();
    const blocks = [
      makeBlock('', 'By somebody'),
      makeBlock('a', 'A headline', { kind: 'heading' }),
      makeBlock('a', 'Words'),
    ];
    const { id } = await commands.createArticle({ ...draft, title: ' ', blocks }, people.ru);
    const { doc } = rooms.open(id);
    const read = readBlocks(doc, 'en');
    expect(read.map(blockText)).toEqual(['By somebody', 'A headline', 'Words']);
    expect(new Set(read.map((block) => block.id)).size).toBe(3);
    expect(read[1]!.id).toBe('a');
    expect(readMeta(doc).title).toBe('A headline');
  });

  it('CMD-31 makes one article of one id, and gives nobody the article of another', async () => {
    const { commands, people } = await newsroom();
    const once = await commands.createArticle({ ...draft, id: 'same' }, people.ru);
    expect(once).toEqual({ id: 'same', created: true });
    expect(await commands.createArticle({ ...draft, id: 'same' }, people.ru)).toEqual({ id: 'same', created: false });
    expect(await refusal(commands.createArticle({ ...draft, id: 'same' }, people.ky))).toBe('invalid-input');
  });

  it('CMD-34 leaves nothing behind when it is given up, before it is stored or after', async () => {
    const { commands, people, storage } = await newsroom();
    for (const answers of [[false], [true, false]]) {
      const id = `given-up-${answers.length}`;
      const stillWanted = () => answers.shift() ?? true;
      expect(await refusal(commands.createArticle({ ...draft, id }, people.ru, stillWanted))).toBe('invalid-input');
      expect(answers).toEqual([]);
      expect(await storage.articles.summary(id)).toBeNull();
      expect(await commands.createArticle({ ...draft, id }, people.ru)).toEqual({ id, created: true });
    }
  });

  it('ACCESS-5 is for editors and translators; removing for editors', async () => {
    const { commands, people, articleId, events, send } = await newsroom();
    expect(await refusal(commands.createArticle(draft, people.checker))).toBe('not-allowed');
    expect(await refusal(commands.createArticle(draft, people.reader))).toBe('not-allowed');
    expect(await refusal(commands.createArticle({ ...draft, targetLanguages: ['en'] }, people.ru))).toBe(
      'invalid-input',
    );
    expect(await refusal(commands.removeArticle(articleId, people.ru))).toBe('not-allowed');
    await commands.removeArticle(articleId, people.editor);
    expect(events.removed).toEqual([articleId]);
    expect(await refusal(commands.removeArticle(articleId, people.editor))).toBe('article-not-found');
    expect(await refusal(send(people.editor, 'article.change', { title: 'x' }))).toBe('article-not-found');
    expect(await refusal(commands.standingIn(articleId, people.editor))).toBe('article-not-found');
  });
});

describe('article commands', () => {
  it('CMD-32 change the facts that are given and no others', async () => {
    const { send, people, room } = await newsroom();
    await send(people.editor, 'article.change', { deadline: 5 });
    await send(people.editor, 'article.addLanguage', { language: 'uz' });
    await send(people.editor, 'article.addLanguage', { language: 'uz' });
    expect(readMeta(room.doc)).toEqual({
      title: 'The agreement',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky', 'uz'],
      deadline: 5,
    });
  });

  it('CMD-33 take leftovers out of the source, and of the targets only what is empty', async () => {
    const { send, people, room } = await newsroom();
    await send(people.editor, 'article.removeBlocks', { blockIds: ['title', 'body'] });
    expect(readBlocks(room.doc, 'en').map(({ id }) => id)).toEqual(['lead', 'quote']);
    expect(readBlocks(room.doc, 'ru').map(({ id }) => id)).toEqual(['title', 'lead']);
    expect(await refusal(send(people.editor, 'article.removeBlocks', { blockIds: ['lead', 'body'] }))).toBe(
      'block-not-found',
    );
    expect(readBlocks(room.doc, 'en')).toHaveLength(2);
  });
});
