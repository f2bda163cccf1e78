// The guard alone: each way in which it refuses what is damaged or made up.
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  client,
  handmade,
  MY_CLIENT,
  numbers,
  oneStruct,
  refusal,
  server,
  updateOf,
  updatesOf,
} from './guardHarness.ts';
import { firstText, words } from './harness.ts';

describe('what no honest client sends', () => {
  it('GUARD-16 refuses an update that was merged without one in its middle', () => {
    const { doc, judge } = server();
    const mine = client(doc);
    const [first, , third] = updatesOf(mine, () => {
      for (const word of ['a', 'b', 'c']) firstText(mine, 'ru').insert(0, word);
    });
    // Yjs fills the place of the second with a Skip.
    expect(refusal(judge(Y.mergeUpdates([first!, third!]))).message).toBe('gap');
  });

  it('GUARD-13 refuses an update that is cut off, at every length, and one with bytes after its end', () => {
    const { doc, judge } = server({ writable: ['text/ru', 'text/en'] });
    const mine = client(doc);
    const update = updateOf(mine, () => {
      firstText(mine, 'ru').insert(2, 'слово');
      firstText(mine, 'ru').format(0, 3, { link: { href: 'https://example.org' } });
      firstText(mine, 'en').delete(0, 4);
      mine.getXmlFragment('text/ru').insert(0, [new Y.XmlElement('block')]);
    });
    expect(judge(update).kind).toBe('accept');
    for (let length = 0; length < update.length; length += 1) {
      expect(refusal(judge(update.subarray(0, length))).code, `cut at ${length}`).toBe('malformed');
    }
    expect(refusal(judge(new Uint8Array([...update, 0]))).code).toBe('malformed');
  });

  it('GUARD-14 refuses the same client id twice, among structs and among deletions', () => {
    const { judge } = server();
    const struct = (encoder: encoding.Encoder, clock: number) => {
      numbers(encoder, 1, MY_CLIENT, clock, 0, 1); // collected, of length 1
    };
    expect(
      refusal(
        judge(
          handmade((encoder) => {
            numbers(encoder, 2);
            struct(encoder, 0);
            struct(encoder, 1);
            numbers(encoder, 0);
          }),
        ),
      ),
    ).toMatchObject({ code: 'malformed', message: 'the same client id twice' });
    expect(refusal(judge(handmade((encoder) => numbers(encoder, 0, 2, 7, 1, 0, 1, 7, 1, 0, 1)))).message).toBe(
      'the same client id twice',
    );
  });

  it('GUARD-15 refuses structs that refer to themselves, forwards or in a circle', () => {
    const { judge } = server();
    const afterOrigin = (client: number, clock: number) => (encoder: encoding.Encoder) => {
      encoding.writeUint8(encoder, 0b1000_0100);
      numbers(encoder, client, clock);
      encoding.writeVarString(encoder, 'x');
    };
    expect(refusal(judge(oneStruct(MY_CLIENT, 0, afterOrigin(MY_CLIENT, 0)))).code).toBe('malformed');
    expect(refusal(judge(oneStruct(MY_CLIENT, 0, afterOrigin(MY_CLIENT, 5)))).code).toBe('malformed');
    const circle = handmade((encoder) => {
      numbers(encoder, 2, 1, 101, 0);
      afterOrigin(102, 0)(encoder);
      numbers(encoder, 1, 102, 0);
      afterOrigin(101, 0)(encoder);
      numbers(encoder, 0);
    });
    expect(refusal(judge(circle))).toMatchObject({ code: 'malformed', message: 'structs that wait for each other' });
  });

  it('GUARD-16 refuses gaps, subdocuments, unknown structs, and content of no length', () => {
    const { doc, judge } = server();
    const onRoot = (kind: number, write: (encoder: encoding.Encoder) => void) =>
      oneStruct(MY_CLIENT, 0, (encoder) => {
        numbers(encoder, kind, 1);
        encoding.writeVarString(encoder, 'text/ru');
        write(encoder);
      });
    const message = (update: Uint8Array) => refusal(judge(update)).message;
    expect(message(oneStruct(MY_CLIENT, 0, (encoder) => numbers(encoder, 10, 3)))).not.toBe('');
    expect(message(onRoot(11, () => {}))).toBe('unknown kind of struct');
    expect(message(onRoot(4, (encoder) => encoding.writeVarString(encoder, '')))).toBe('content of no length');
    expect(message(onRoot(8, (encoder) => numbers(encoder, 0)))).toBe('content of no length');
    expect(message(onRoot(1, (encoder) => numbers(encoder, 0)))).toBe('content of no length');
    expect(message(oneStruct(MY_CLIENT, 0, (encoder) => numbers(encoder, 0, 0)))).toBe('content of no length');
    expect(message(handmade((encoder) => numbers(encoder, 0, 1, 7, 1, 0, 0)))).toMatch('no length');
    const mine = client(doc);
    expect(message(updateOf(mine, () => mine.getMap('text/ru').set('sub', new Y.Doc())))).toBe('subdocument');
  });

  it('GUARD-17 refuses text that is not UTF-8, JSON that is none, values and types nested too deeply', () => {
    const { doc, judge } = server();
    const characters = (...bytes: number[]) =>
      oneStruct(MY_CLIENT, 0, (encoder) => {
        numbers(encoder, 4, 1);
        encoding.writeVarString(encoder, 'text/ru');
        encoding.writeVarUint8Array(encoder, new Uint8Array(bytes));
      });
    expect(judge(characters(0x41, 0xd0, 0x96, 0xf0, 0x9f, 0x91, 0x8d)).kind).toBe('accept');
    for (const bytes of [
      [0x80],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xd0],
      [0xe0, 0x80, 0x80],
      [0xff],
    ]) {
      expect(refusal(judge(characters(...bytes))).message).toBe('not UTF-8');
    }
    const format = (json: string) =>
      oneStruct(MY_CLIENT, 0, (encoder) => {
        numbers(encoder, 6, 1);
        encoding.writeVarString(encoder, 'text/ru');
        encoding.writeVarString(encoder, 'bold');
        encoding.writeVarString(encoder, json);
      });
    expect(judge(format('{"a":[1,"[[[[{"]}')).kind).toBe('accept');
    expect(refusal(judge(format('{'))).message).toBe('not JSON');
    expect(refusal(judge(format('['.repeat(40) + ']'.repeat(40)))).message).toBe('JSON nested too deeply');
    const deep = client(doc);
    const update = updateOf(deep, () => {
      deep.transact(() => {
        let parent: Y.XmlFragment = deep.getXmlFragment('text/ru');
        for (let depth = 0; depth < 40; depth += 1) {
          const child = new Y.XmlElement('block');
          parent.insert(0, [child]);
          parent = child;
        }
      });
    });
    expect(refusal(judge(update)).message).toMatch('nested too deeply');
    let value: unknown = 1;
    for (let depth = 0; depth < 40; depth += 1) value = [value];
    const plain = new Y.Doc();
    const nested = updateOf(plain, () => plain.getArray('text/ru').insert(0, [value as never]));
    expect(refusal(judge(nested)).message).toBe('value nested too deeply');
  });

  it('GUARD-17 refuses values, JSON and types nested 20,000 deep, without trouble of its own', () => {
    const { judge } = server();
    const depth = 20_000;
    const onRoot = (kind: number, write: (encoder: encoding.Encoder) => void) =>
      oneStruct(MY_CLIENT, 0, (encoder) => {
        numbers(encoder, kind, 1);
        encoding.writeVarString(encoder, 'text/ru');
        write(encoder);
      });
    const values = onRoot(8, (encoder) => {
      numbers(encoder, 1);
      for (let level = 0; level < depth; level += 1) encoding.writeUint8Array(encoder, new Uint8Array([117, 1]));
      encoding.writeUint8(encoder, 126);
    });
    expect(refusal(judge(values)).message).toBe('value nested too deeply');
    const json = onRoot(5, (encoder) => encoding.writeVarString(encoder, '['.repeat(depth) + ']'.repeat(depth)));
    expect(refusal(judge(json)).message).toBe('JSON nested too deeply');
    const types = handmade((encoder) => {
      numbers(encoder, 1, depth, MY_CLIENT, 0, 7, 1);
      encoding.writeVarString(encoder, 'text/ru');
      numbers(encoder, 0);
      for (let clock = 1; clock < depth; clock += 1) numbers(encoder, 7, 0, MY_CLIENT, clock - 1, 0);
      numbers(encoder, 0);
    });
    expect(refusal(judge(types)).message).toBe('nested too deeply');
  });

  it.each([2 ** 40, 2 ** 52, 2 ** 60])('GUARD-18 refuses numbers past what a document can hold: %d', (huge) => {
    const { judge } = server();
    const deleted = oneStruct(MY_CLIENT, 0, (encoder) => {
      numbers(encoder, 1, 1);
      encoding.writeVarString(encoder, 'text/ru');
      numbers(encoder, huge);
    });
    expect(refusal(judge(deleted)).code).toBe('malformed');
    const integer = oneStruct(MY_CLIENT, 0, (encoder) => {
      numbers(encoder, 8, 1);
      encoding.writeVarString(encoder, 'text/ru');
      numbers(encoder, 1, 125);
      encoding.writeVarInt(encoder, huge);
    });
    expect(judge(integer).kind).toBe(huge <= Number.MAX_SAFE_INTEGER ? 'accept' : 'refuse');
    expect(refusal(judge(oneStruct(huge, 0, (encoder) => numbers(encoder, 0, 1)))).code).toBe('malformed');
    expect(refusal(judge(oneStruct(MY_CLIENT, huge, (encoder) => numbers(encoder, 0, 1)))).code).toBe('malformed');
    expect(refusal(judge(oneStruct(MY_CLIENT, 0, (encoder) => numbers(encoder, 0, huge)))).code).toBe('malformed');
    expect(refusal(judge(handmade((encoder) => numbers(encoder, 0, 1, 5, 1, 0, huge)))).code).toBe('malformed');
    expect(refusal(judge(new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255, 255, 1]))).code).toBe('malformed');
  });

  it('GUARD-19 refuses a struct between two roots, and one that pretends to be another that is here', () => {
    const { doc, judge, take } = server({ writable: ['text/ru', 'text/en'] });
    const lastOf = (language: string) => firstText(doc, language)._start!.id;
    const between = oneStruct(MY_CLIENT, 0, (encoder) => {
      const left = lastOf('ru');
      const right = lastOf('en');
      encoding.writeUint8(encoder, 0b1100_0100);
      numbers(encoder, left.client, left.clock, right.client, right.clock);
      encoding.writeVarString(encoder, 'x');
    });
    expect(refusal(judge(between)).message).toBe('a struct between two lists');
    const mine = client(doc);
    take(updateOf(mine, () => firstText(mine, 'ru').insert(0, 'ab')));
    const pretender = oneStruct(MY_CLIENT, 0, (encoder) => {
      const origin = lastOf('en');
      encoding.writeUint8(encoder, 0b1000_0100);
      numbers(encoder, origin.client, origin.clock);
      encoding.writeVarString(encoder, 'abc');
    });
    expect(refusal(judge(pretender)).message).toBe('a struct that is another one here');
  });

  it('GUARD-19 refuses a struct between two lists of one root, and one that goes on where another list is', () => {
    const { doc, judge, take } = server();
    const block = doc.getXmlFragment('text/ru').get(0) as Y.XmlElement;
    const text = firstText(doc, 'ru')._start!;
    const kind = block._map.get('kind')!;
    const characters = (left: Y.ID, right: Y.ID) =>
      oneStruct(MY_CLIENT, 0, (encoder) => {
        encoding.writeUint8(encoder, 0b1100_0100);
        numbers(encoder, left.client, left.clock, right.client, right.clock);
        encoding.writeVarString(encoder, 'x');
      });
    expect(refusal(judge(characters(kind.id, text.id))).message).toBe('a struct between two lists');
    expect(refusal(judge(characters(kind.id, block._map.get('level')!.id))).message).toBe('a struct between two lists');
    // Words that are here, then an attribute; sent again as if all of it had been words.
    const mine = client(doc);
    take(
      updateOf(mine, () => {
        firstText(mine, 'ru').insert(2, 'ab');
        (mine.getXmlFragment('text/ru').get(0) as Y.XmlElement).setAttribute('kind', 'quote');
      }),
    );
    const { origin, rightOrigin } = doc.store.clients.get(MY_CLIENT)![0] as Y.Item;
    const longer = oneStruct(MY_CLIENT, 0, (encoder) => {
      encoding.writeUint8(encoder, 0b1100_0001);
      numbers(encoder, origin!.client, origin!.clock, rightOrigin!.client, rightOrigin!.clock, 9);
    });
    expect(refusal(judge(longer)).message).toBe('a struct that is another one here');
  });

  it('GUARD-19 refuses a neighbour in another root, where it would split a character in two', () => {
    const { doc, take } = server();
    firstText(doc, 'en').insert(0, 'a👍b');
    const left = firstText(doc, 'ru')._start!.id;
    const { id: right } = firstText(doc, 'en')._start!;
    const between = oneStruct(MY_CLIENT, 0, (encoder) => {
      encoding.writeUint8(encoder, 0b1100_0100);
      numbers(encoder, left.client, left.clock, right.client, right.clock + 2);
      encoding.writeVarString(encoder, 'x');
    });
    expect(refusal(take(between)).message).toBe('a struct between two lists');
    expect(words(doc, 'en')).toBe('a👍bWords in en');
  });

  it('GUARD-19 refuses a struct between something that was collected and something that was not', () => {
    const { doc, judge } = server();
    const collected = firstText(doc, 'ru')._start!.id;
    doc.getXmlFragment('text/ru').insert(1, [new Y.XmlElement('block'), new Y.XmlElement('block')]);
    const alive = (doc.getXmlFragment('text/ru').get(1) as Y.XmlElement)._item!.id;
    doc.getXmlFragment('text/ru').delete(0, 1);
    for (const [left, right] of [
      [collected, alive],
      [alive, collected],
    ] as const) {
      const between = oneStruct(MY_CLIENT, 0, (encoder) => {
        encoding.writeUint8(encoder, 0b1100_0100);
        numbers(encoder, left.client, left.clock, right.client, right.clock);
        encoding.writeVarString(encoder, 'x');
      });
      expect(refusal(judge(between)).message).toBe('a struct between two lists');
    }
  });

  it('GUARD-19 refuses a longer struct that claims other neighbours for the beginning that is here', () => {
    const { doc, judge, take } = server();
    const mine = client(doc);
    take(updateOf(mine, () => firstText(mine, 'ru').insert(2, 'ab')));
    const { origin, rightOrigin } = doc.store.clients.get(MY_CLIENT)![0] as Y.Item;
    const other = client(doc, 5_001);
    take(updateOf(other, () => firstText(other, 'ru').insert(2, 'z')));
    const longer = (left: Y.ID | null, right: Y.ID | null) =>
      judge(
        oneStruct(MY_CLIENT, 0, (encoder) => {
          encoding.writeUint8(encoder, 4 | (left ? 0x80 : 0) | (right ? 0x40 : 0));
          for (const id of [left, right]) if (id) numbers(encoder, id.client, id.clock);
          encoding.writeVarString(encoder, 'abc');
        }),
      );
    expect(longer(origin, rightOrigin).kind).toBe('accept');
    const z = (doc.store.clients.get(5_001)![0] as Y.Item).id;
    for (const [left, right] of [
      [origin, null],
      [z, rightOrigin],
    ] as const) {
      expect(refusal(longer(left, right)).message).toBe('a struct that is another one here');
    }
  });

  it('GUARD-19 refuses to let a repeated struct begin in the middle of a character', () => {
    const { doc, judge, take } = server();
    const mine = client(doc);
    take(updateOf(mine, () => firstText(mine, 'ru').insert(0, 'a👍b')));
    const { rightOrigin } = doc.store.clients.get(MY_CLIENT)![0] as Y.Item;
    const from = (clock: number) =>
      oneStruct(MY_CLIENT, clock, (encoder) => {
        encoding.writeUint8(encoder, 0b1100_0100);
        numbers(encoder, MY_CLIENT, clock - 1, rightOrigin!.client, rightOrigin!.clock);
        encoding.writeVarString(encoder, 'xyz+'.slice(0, 5 - clock));
      });
    expect(judge(from(3)).kind).toBe('accept');
    expect(refusal(judge(from(2))).message).toBe('a struct that is another one here');
  });

  it('GUARD-23 refuses a struct between two that cannot have been neighbours', () => {
    const { doc, judge } = server();
    const { id, length } = firstText(doc, 'ru')._start!; // one run: each character was put after the one before
    const between = (left: number | null, right: number | null) =>
      judge(
        oneStruct(MY_CLIENT, 0, (encoder) => {
          encoding.writeUint8(encoder, 4 | (left === null ? 0 : 0x80) | (right === null ? 0 : 0x40));
          for (const at of [left, right]) if (at !== null) numbers(encoder, id.client, id.clock + at);
          encoding.writeVarString(encoder, 'x');
        }),
      );
    for (const [left, right] of [
      [null, 0],
      [0, 1],
      [length - 1, null],
      [0, null],
    ] as const) {
      expect(between(left, right).kind, `${left} ${right}`).toBe('accept');
    }
    for (const [left, right] of [
      [null, 1],
      [0, 2],
      [1, 1],
      [2, 1],
      [length - 1, 0],
    ] as const) {
      expect(refusal(between(left, right)).message, `${left} ${right}`).toMatch('never were neighbours');
    }
  });

  it('GUARD-23 takes words put between two that others typed there at the same time', () => {
    const { doc, take } = server();
    const writers = [7_001, 7_002].map((id) => client(doc, id));
    for (const writer of writers) {
      expect(take(updateOf(writer, () => firstText(writer, 'ru').insert(3, 'xx'))).kind).toBe('accept');
    }
    const mine = client(doc);
    expect(take(updateOf(mine, () => firstText(mine, 'ru').insert(5, 'между'))).kind).toBe('accept');
    expect(words(doc, 'ru')).toBe('Worxxмеждуxxds in ru');
  });

  it('GUARD-24 refuses deletions that are out of order or over one another', () => {
    const { doc, judge } = server();
    const { id } = firstText(doc, 'ru')._start!;
    const deleting = (...ranges: [number, number][]) =>
      judge(
        handmade((encoder) => {
          numbers(encoder, 0, 1, id.client, ranges.length);
          for (const [at, length] of ranges) numbers(encoder, id.clock + at, length);
        }),
      );
    expect(deleting([0, 2], [2, 1], [5, 1]).kind).toBe('accept');
    expect(refusal(deleting([2, 1], [0, 2])).message).toBe('deletions out of order');
    expect(refusal(deleting([0, 2], [1, 2])).message).toBe('deletions out of order');
  });

  it('GUARD-22 takes several deleted values under one key, which a client keeps that does not collect', () => {
    const { doc, take } = server();
    const mine = new Y.Doc({ gc: false });
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc));
    mine.clientID = MY_CLIENT;
    const block = mine.getXmlFragment('text/ru').get(0) as Y.XmlElement;
    for (const kind of ['heading', 'quote', 'caption']) block.setAttribute('kind', kind);
    const row = mine.store.clients.get(MY_CLIENT)![0]! as Y.Item;
    expect([row.length, row.content.constructor]).toEqual([2, Y.ContentAny]);
    expect(take(Y.encodeStateAsUpdate(mine)).kind).toBe('accept');
    expect((doc.getXmlFragment('text/ru').get(0) as Y.XmlElement).getAttribute('kind')).toBe('caption');
  });

  it('GUARD-22 refuses a value under a key that is not put at its end', () => {
    const { doc, judge } = server();
    const block = doc.getXmlFragment('text/ru').get(0) as Y.XmlElement;
    const { id } = block._map.get('kind')!;
    const before = oneStruct(MY_CLIENT, 0, (encoder) => {
      encoding.writeUint8(encoder, 0b0110_1000);
      numbers(encoder, id.client, id.clock, 1);
      encoding.writeAny(encoder, 'quote');
    });
    expect(refusal(judge(before)).message).toBe('a value under a key that is not put at its end');
  });

  it('GUARD-22 refuses several values under one key, which Yjs could not delete whole', () => {
    const { judge } = server();
    const values = oneStruct(MY_CLIENT, 0, (encoder) => {
      numbers(encoder, 0b0010_0100, 1);
      encoding.writeVarString(encoder, 'text/ru');
      encoding.writeVarString(encoder, 'key');
      encoding.writeVarString(encoder, 'ab');
    });
    expect(refusal(judge(values)).message).toBe('several values under one key');
  });
});
