// After a refusal: nobody loses a word that is still allowed, and the others come back as a copy.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { reenter, unsavedBlocks } from '../../../client/article/own-words.ts';
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

/** A server's document, a client's copy with words that the server has not, and a fresh copy. */
function stage() {
  const server = new Y.Doc();
  insert(server, 'en', [makeBlock('a', 'source')]);
  insert(server, 'ru', [makeBlock('a', 'один'), makeBlock('b', 'два')]);
  insert(server, 'ky', [makeBlock('a', 'бир')]);
  const client = new Y.Doc();
  Y.applyUpdate(client, Y.encodeStateAsUpdate(server));
  const fresh = new Y.Doc();
  const renew = () => {
    Y.applyUpdate(fresh, Y.encodeStateAsUpdate(server));
    const vector = Y.decodeStateVector(Y.encodeStateVector(fresh));
    return unsavedBlocks(client, LANGUAGES, vector, new Set([client.clientID]));
  };
  return { server, client, fresh, renew };
}

describe('words after a refusal', () => {
  it('OFFLINE-5 puts back what may still be edited and keeps the rest as a copy', () => {
    const { client, fresh, renew } = stage();
    type(client, 'ru', 'a', 4, ' и ещё');
    type(client, 'ky', 'a', 3, ' жана дагы');
    const kept = reenter(fresh, renew(), (language) => language === 'ky', 'test');
    expect(texts(fresh, 'ky')).toEqual(['a:бир жана дагы']);
    expect(texts(fresh, 'ru')).toEqual(['a:один', 'b:два']);
    expect(kept).toEqual([{ language: 'ru', blockId: 'a', text: 'один и ещё' }]);
  });

  it('OFFLINE-5 puts a new block back in its place, with its marks', () => {
    const { client, fresh, renew } = stage();
    const block = makeBlock('n', [{ text: 'новый ' }, { text: 'абзац', bold: true }], { kind: 'quote' });
    client.getXmlFragment(textRoot('ru')).insert(1, [createBlockElement(block)]);
    reenter(fresh, renew(), () => true, 'test');
    expect(readBlocks(fresh, 'ru').map(({ id }) => id)).toEqual(['a', 'n', 'b']);
    expect(readBlocks(fresh, 'ru')[1]).toEqual(block);
  });

  it('OFFLINE-5 touches only the stretch that differs', () => {
    const { client, fresh, renew } = stage();
    type(client, 'ru', 'b', 1, 'ХХ');
    const blocks = renew();
    const deltas: unknown[] = [];
    (findBlockElement(fresh, 'ru', 'b')!.get(0) as Y.XmlText).observe((event) => deltas.push(event.delta));
    reenter(fresh, blocks, () => true, 'test');
    expect(deltas).toEqual([[{ retain: 1 }, { insert: 'ХХ' }]]);
  });

  it('OFFLINE-5 takes neither the words of others nor what the server has for unsaved', () => {
    const { server, client, renew } = stage();
    type(server, 'ru', 'a', 0, 'чужое ');
    Y.applyUpdate(client, Y.encodeStateAsUpdate(server));
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(client));
    type(other, 'ru', 'b', 0, 'ещё чужое ');
    Y.applyUpdate(client, Y.encodeStateAsUpdate(other));
    expect(renew()).toEqual([]);
  });
});
