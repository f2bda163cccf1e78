// After a refusal: nobody loses a word that is still allowed, and the others come back as a copy.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { reenter } from '../../../client/article/own-words.ts';
import {
  type Block,
  blockText,
  createBlockElement,
  findBlockElement,
  makeBlock,
  readBlocks,
} from '../../../shared/article/blocks.ts';
import { textRoot } from '../../../shared/article/roots.ts';

const LANGUAGES = ['en', 'ru', 'ky'];

function insert(doc: Y.Doc, language: string, blocks: Block[]): void {
  doc.getXmlFragment(textRoot(language)).push(blocks.map(createBlockElement));
}

function type(doc: Y.Doc, language: string, id: string, at: number, words: string): void {
  (findBlockElement(doc, language, id)!.get(0) as Y.XmlText).insert(at, words);
}

const texts = (doc: Y.Doc, language: string) =>
  readBlocks(doc, language).map((block) => `${block.id}:${blockText(block)}`);

/** A server's document, a client's copy that goes its own way, and what takes the client's place after a refusal. */
function stage() {
  const server = new Y.Doc();
  insert(server, 'en', [makeBlock('a', 'source')]);
  insert(server, 'ru', [makeBlock('a', 'один'), makeBlock('b', 'два')]);
  insert(server, 'ky', [makeBlock('a', 'бир')]);
  const client = new Y.Doc();
  Y.applyUpdate(client, Y.encodeStateAsUpdate(server));
  const fresh = new Y.Doc();
  const renew = (mayEdit: (language: string) => boolean = () => true) => {
    Y.applyUpdate(fresh, Y.encodeStateAsUpdate(server));
    const clientIds = new Set([client.clientID]);
    return reenter({ from: client, to: fresh, languages: LANGUAGES, clientIds, mayEdit }, 'test');
  };
  return { server, client, fresh, renew };
}

describe('words after a refusal', () => {
  it('OFFLINE-5 puts back what may still be edited and keeps the rest as a copy', () => {
    const { client, fresh, renew } = stage();
    type(client, 'ru', 'a', 4, ' и ещё');
    type(client, 'ky', 'a', 3, ' жана дагы');
    const kept = renew((language) => language === 'ky');
    expect(texts(fresh, 'ky')).toEqual(['a:бир жана дагы']);
    expect(texts(fresh, 'ru')).toEqual(['a:один', 'b:два']);
    expect(kept).toEqual([{ language: 'ru', blockId: 'a', text: 'один и ещё' }]);
  });

  it('OFFLINE-5 puts a new block back in its place, with its marks', () => {
    const { client, fresh, renew } = stage();
    const block = makeBlock('n', [{ text: 'новый ' }, { text: 'абзац', bold: true }], { kind: 'quote' });
    client.getXmlFragment(textRoot('ru')).insert(1, [createBlockElement(block)]);
    renew();
    expect(readBlocks(fresh, 'ru').map(({ id }) => id)).toEqual(['a', 'n', 'b']);
    expect(readBlocks(fresh, 'ru')[1]).toEqual(block);
  });

  it('OFFLINE-5 touches only the stretch that differs', () => {
    const { client, fresh, renew } = stage();
    type(client, 'ru', 'b', 1, 'ХХ');
    const deltas: unknown[] = [];
    fresh.getXmlFragment(textRoot('ru')).observeDeep((events, transaction) => {
      if (transaction.origin === 'test') deltas.push(...events.map((event) => event.delta));
    });
    renew();
    expect(deltas).toEqual([[{ retain: 1 }, { insert: 'ХХ' }]]);
  });

  it('OFFLINE-5 takes neither the words of others nor what the server has for unsaved', () => {
    const { server, client, fresh, renew } = stage();
    type(server, 'ru', 'a', 0, 'чужое ');
    Y.applyUpdate(client, Y.encodeStateAsUpdate(server));
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(client));
    type(other, 'ru', 'b', 0, 'ещё чужое ');
    Y.applyUpdate(client, Y.encodeStateAsUpdate(other));
    expect(renew()).toEqual([]);
    expect(texts(fresh, 'ru')).toEqual(['a:чужое один', 'b:два']);
  });

  it('OFFLINE-5 leaves what others changed meanwhile in the same paragraph as they left it', () => {
    const { server, client, fresh, renew } = stage();
    type(client, 'ru', 'a', 4, ' и ещё');
    type(client, 'ru', 'a', 0, '«');
    type(server, 'ru', 'a', 2, 'ЧУЖОЕ');
    (findBlockElement(server, 'ru', 'a')!.get(0) as Y.XmlText).delete(0, 1);
    expect(renew()).toEqual([]);
    expect(texts(fresh, 'ru')[0]).toBe('a:«дЧУЖОЕин и ещё');
  });

  it('OFFLINE-7 takes out again what was taken out: letters, whole blocks, and nothing that others wrote since', () => {
    const { server, client, fresh, renew } = stage();
    const text = (doc: Y.Doc, id: string) => findBlockElement(doc, 'ru', id)!.get(0) as Y.XmlText;
    text(client, 'a').delete(1, 2);
    type(server, 'ru', 'a', 2, 'Ж');
    client.getXmlFragment(textRoot('ru')).delete(1, 1);
    client.getXmlFragment(textRoot('ky')).delete(0, 1);
    type(server, 'ky', 'a', 3, ' жаңы');
    expect(renew()).toEqual([]);
    expect(texts(fresh, 'ru')).toEqual(['a:оЖн']);
    expect(texts(fresh, 'ky')).toEqual(['a: жаңы']);
    expect(texts(fresh, 'en')).toEqual(['a:source']);
  });

  it('OFFLINE-7 takes out nothing where that is no longer allowed', () => {
    const { client, fresh, renew } = stage();
    client.getXmlFragment(textRoot('ru')).delete(0, 2);
    renew((language) => language !== 'ru');
    expect(texts(fresh, 'ru')).toEqual(['a:один', 'b:два']);
  });

  it('OFFLINE-7 puts a split and a join back, and changed kinds and formatting', () => {
    const { server, client, fresh, renew } = stage();
    const a = findBlockElement(client, 'ru', 'a')!;
    (a.get(0) as Y.XmlText).delete(2, 2);
    const tail = makeBlock('t', [{ text: 'ин', italic: true }]);
    client.getXmlFragment(textRoot('ru')).insert(1, [createBlockElement(tail)]);
    (a as Y.XmlElement<Record<string, never>>).setAttribute('kind', 'heading' as never);
    (findBlockElement(client, 'ru', 'b')!.get(0) as Y.XmlText).format(0, 2, { bold: {} });
    const indented = findBlockElement(server, 'ru', 'a') as Y.XmlElement<Record<string, never>>;
    indented.setAttribute('indent', 2 as never);
    expect(renew()).toEqual([]);
    const [first, ...others] = readBlocks(fresh, 'ru');
    expect(first).toEqual(makeBlock('a', 'од', { kind: 'heading', indent: 2 }));
    expect(others).toEqual([tail, makeBlock('b', [{ text: 'дв', bold: true }, { text: 'а' }])]);
  });

  it('OFFLINE-5 gives words back to their author whose paragraph others removed meanwhile', () => {
    const { server, client, fresh, renew } = stage();
    type(client, 'ru', 'a', 4, ' и ещё');
    server.getXmlFragment(textRoot('ru')).delete(0, 1);
    expect(renew()).toEqual([{ language: 'ru', blockId: 'a', text: 'один и ещё' }]);
    expect(texts(fresh, 'ru')).toEqual(['b:два']);
  });

  it('OFFLINE-5 puts a block that was made anew back where nobody else wrote in the old one, and else keeps it', () => {
    for (const meanwhile of ['', 'чужое ']) {
      const { server, client, fresh, renew } = stage();
      const russian = client.getXmlFragment(textRoot('ru'));
      russian.delete(0, 1);
      russian.insert(0, [createBlockElement(makeBlock('a', 'один, два'))]);
      type(server, 'ru', 'a', 0, meanwhile);
      const kept = renew();
      expect(texts(fresh, 'ru')[0]).toBe(meanwhile === '' ? 'a:один, два' : 'a:чужое один');
      expect(kept).toEqual(meanwhile === '' ? [] : [{ language: 'ru', blockId: 'a', text: 'один, два' }]);
    }
  });
});
