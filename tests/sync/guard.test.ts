// The guard alone: what it lets through, and what it refuses because this person may not do it or the document lacks what it needs.
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  client,
  MY_CLIENT,
  numbers,
  OTHER_CLIENT,
  oneStruct,
  refusal,
  server,
  updateOf,
  updatesOf,
} from './guardHarness.ts';
import { firstText, words } from './harness.ts';

describe('what honest clients send', () => {
  it('GUARD-1 takes typing, deleting, formatting, splitting and new blocks in a text that the person may write', () => {
    const { doc, take } = server();
    const mine = client(doc);
    const text = firstText(mine, 'ru');
    for (const change of [
      () => text.insert(3, 'слово 👍🏽 '),
      () => text.delete(0, 2),
      () => text.format(1, 4, { bold: {} }),
      () => text.insertEmbed(1, { image: 'x' }),
      () => (mine.getXmlFragment('text/ru').get(0) as Y.XmlElement).setAttribute('kind', 'heading'),
      () => {
        const block = new Y.XmlElement('block');
        block.setAttribute('id', 'new');
        block.insert(0, [new Y.XmlText('новый абзац')]);
        mine.getXmlFragment('text/ru').insert(1, [block]);
      },
      () => mine.getXmlFragment('text/ru').delete(0, 1),
    ]) {
      for (const update of updatesOf(mine, change)) expect(take(update).kind).toBe('accept');
    }
    expect(words(doc, 'ru')).toBe(words(mine, 'ru'));
    expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(mine));
  });

  it('GUARD-2 takes undo and redo of one’s own changes', () => {
    const { doc, take } = server();
    const mine = client(doc);
    const text = firstText(mine, 'ru');
    const undo = new Y.UndoManager(mine.getXmlFragment('text/ru'), { captureTimeout: 0 });
    const changes = [
      () => text.insert(0, 'один '),
      () => text.delete(2, 6),
      () => text.format(0, 3, { bold: {} }),
      ...[1, 2, 3].map(() => () => undo.undo()),
      ...[1, 2, 3].map(() => () => undo.redo()),
      () => undo.undo(),
    ];
    for (const change of changes)
      for (const update of updatesOf(mine, change)) expect(take(update).kind).toBe('accept');
    expect(words(doc, 'ru')).toBe(words(mine, 'ru'));
    undo.destroy();
  });

  it('GUARD-3 takes nothing of a whole document that is here already, whoever sends it', () => {
    const { doc, judge } = server({ writable: [] });
    const reader = client(doc);
    firstText(doc, 'en').delete(0, 3); // the server is ahead
    expect(judge(Y.encodeStateAsUpdate(reader))).toEqual({ kind: 'nothing' });
    expect(judge(Y.encodeStateAsUpdate(client(doc)))).toEqual({ kind: 'nothing' });
    expect(judge(new Uint8Array([0, 0]))).toEqual({ kind: 'nothing' });
  });

  it('GUARD-4 takes the new part of an update that repeats what is here, and only that', () => {
    const { doc, take } = server();
    const mine = client(doc);
    const text = firstText(mine, 'ru');
    take(updateOf(mine, () => text.insert(0, 'аб')));
    updateOf(mine, () => {
      text.insert(2, 'вг'); // one struct now, of which the server has the first half
      text.insert(4, 'д');
    });
    const verdict = take(Y.encodeStateAsUpdate(mine));
    expect(verdict.kind).toBe('accept');
    if (verdict.kind === 'accept') expect(verdict.update.length).toBeLessThan(Y.encodeStateAsUpdate(mine).length / 2);
    expect(words(doc, 'ru')).toBe('абвгдWords in ru');
    expect(take(Y.encodeStateAsUpdate(mine))).toEqual({ kind: 'nothing' });
  });

  it('GUARD-5 leaves the tidying of formatting out without a word where the person may not write', () => {
    const { doc, judge, take } = server({ writable: ['text/ru'] });
    const english = firstText(doc, 'en');
    english.format(0, 5, { bold: {} });
    const reader = client(doc);
    const tidying = updateOf(reader, () => {
      let item = firstText(reader, 'en')._start;
      reader.transact((transaction) => {
        for (; item; item = item.right) if (item.content instanceof Y.ContentFormat) item.delete(transaction);
      });
    });
    expect(judge(tidying)).toEqual({ kind: 'nothing' });
    // Together with words of one's own, the words go through and the tidying stays out.
    const both = Y.mergeUpdates([tidying, updateOf(reader, () => firstText(reader, 'ru').insert(0, 'Да. '))]);
    expect(take(both).kind).toBe('accept');
    expect(words(doc, 'ru')).toBe('Да. Words in ru');
    expect(english.toDelta()[0]).toMatchObject({ attributes: { bold: {} } });
  });

  it('GUARD-6 takes words typed offline into a paragraph that was deleted and collected meanwhile', () => {
    const { doc, take } = server();
    const mine = client(doc);
    const offline = updateOf(mine, () => {
      firstText(mine, 'ru').insert(2, 'зря');
      firstText(mine, 'ru').delete(0, 1);
    });
    doc.getXmlFragment('text/ru').delete(0, 1);
    expect(take(offline).kind).toBe('accept');
    expect(doc.store.pendingStructs).toBeNull();
    expect(words(doc, 'ru')).toBe('');
    expect(take(updateOf(mine, () => firstText(mine, 'ru').insert(1, 'ещё'))).kind).toBe('accept');
  });

  it('GUARD-7 takes what a client collected itself before it sent it', () => {
    const { doc, take } = server();
    const mine = client(doc);
    mine.getXmlFragment('text/ru').insert(1, [new Y.XmlElement('block')]);
    (mine.getXmlFragment('text/ru').get(1) as Y.XmlElement).insert(0, [new Y.XmlText('прочь')]);
    mine.getXmlFragment('text/ru').delete(1, 1);
    expect(take(Y.encodeStateAsUpdate(mine)).kind).toBe('accept');
    expect(doc.store.pendingStructs).toBeNull();
  });
});

describe('what a person may not do', () => {
  it('GUARD-8 refuses new content, deletions and attributes in a root that the person may not write', () => {
    const { doc, judge } = server();
    for (const change of [
      (mine: Y.Doc) => firstText(mine, 'en').insert(0, 'x'),
      (mine: Y.Doc) => firstText(mine, 'en').delete(0, 1),
      (mine: Y.Doc) => (mine.getXmlFragment('text/en').get(0) as Y.XmlElement).setAttribute('kind', 'quote'),
      (mine: Y.Doc) => mine.getXmlFragment('text/en').delete(0, 1),
      (mine: Y.Doc) => mine.getXmlFragment('text/en').insert(0, [new Y.XmlElement('block')]),
      (mine: Y.Doc) => firstText(mine, 'en').format(0, 2, { bold: {} }),
    ]) {
      const mine = client(doc);
      expect(refusal(judge(updateOf(mine, () => change(mine))))).toMatchObject({
        code: 'root-forbidden',
        root: 'text/en',
      });
    }
  });

  it('GUARD-8 refuses a struct that names a forbidden root, or only a neighbour or parent in one', () => {
    const { doc, judge } = server();
    const block = doc.getXmlFragment('text/en').get(0) as Y.XmlElement;
    const neighbour = firstText(doc, 'en')._start!.id;
    const characters = (info: number, ...reference: (number | string)[]) =>
      oneStruct(MY_CLIENT, 0, (encoder) => {
        encoding.writeUint8(encoder, info | 4);
        for (const part of reference) {
          if (typeof part === 'string') encoding.writeVarString(encoder, part);
          else numbers(encoder, part);
        }
        encoding.writeVarString(encoder, 'x');
      });
    for (const update of [
      characters(0, 1, 'text/en'),
      characters(0b0010_0000, 1, 'text/en', 'key'),
      characters(0, 0, block._item!.id.client, block._item!.id.clock),
      characters(0b1000_0000, neighbour.client, neighbour.clock),
      characters(0b0100_0000, neighbour.client, neighbour.clock),
    ]) {
      expect(refusal(judge(update))).toMatchObject({ code: 'root-forbidden', root: 'text/en' });
    }
  });

  it('GUARD-9 refuses the whole of an update of which a part is forbidden', () => {
    const { doc, judge } = server();
    const mine = client(doc);
    const update = updateOf(mine, () => {
      firstText(mine, 'ru').insert(0, 'можно');
      firstText(mine, 'ky').insert(0, 'болбойт');
    });
    expect(refusal(judge(update))).toMatchObject({ code: 'root-forbidden', root: 'text/ky' });
  });

  it('GUARD-10 refuses an unknown root and does not make it', () => {
    const { doc, judge } = server();
    const mine = client(doc);
    expect(refusal(judge(updateOf(mine, () => mine.getMap('other').set('a', 1))))).toMatchObject({
      code: 'root-unknown',
      root: 'other',
    });
    expect(doc.share.has('other')).toBe(false);
  });

  it('GUARD-11 refuses a client id that is another person’s or the server’s', () => {
    const { doc, judge } = server();
    const other = client(doc, OTHER_CLIENT);
    const servers = client(doc, [...doc.store.clients.keys()][0]);
    for (const mine of [other, servers]) {
      expect(refusal(judge(updateOf(mine, () => firstText(mine, 'ru').insert(0, 'x')))).code).toBe('client-id-foreign');
    }
  });

  it('GUARD-12 asks for what is missing: earlier words, what was built upon, what was deleted', () => {
    const { doc, judge } = server();
    const mine = client(doc);
    const [, later] = updatesOf(mine, () => {
      firstText(mine, 'ru').insert(0, 'a');
      firstText(mine, 'ru').insert(0, 'b');
    });
    expect(judge(later!)).toEqual({ kind: 'behind' });
    const other = client(doc, 6_000);
    Y.applyUpdate(other, Y.encodeStateAsUpdate(mine));
    expect(judge(updateOf(other, () => firstText(other, 'ru').insert(1, 'c')))).toEqual({ kind: 'behind' });
    const deletion = updateOf(other, () => firstText(other, 'ru').delete(0, 1));
    expect(judge(deletion)).toEqual({ kind: 'behind' });
  });

  it('GUARD-20 refuses everything new from somebody who may write nothing, what was collected included', () => {
    const { judge } = server({ writable: [] });
    expect(refusal(judge(oneStruct(MY_CLIENT, 0, (encoder) => numbers(encoder, 0, 3)))).code).toBe('root-forbidden');
  });
});
