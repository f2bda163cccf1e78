// What the tests of the archive share: people who write into one document at the same time, connected and not, and what the
// document was after each of their updates.
import * as Y from 'yjs';
import { fingerprint } from '../../server/storage/archive/content.ts';
import type { LogEntry } from '../../server/storage/types.ts';
import { createBlockElement, makeBlock } from '../../shared/article/blocks.ts';
import { writeMeta } from '../../shared/article/meta.ts';
import { ANNOTATIONS_ROOT, textRoot } from '../../shared/article/roots.ts';

export const LANGUAGES = ['en', 'ru', 'ky'] as const;

/** An article in three languages with two blocks each, as the first row of a log. */
export function firstUpdate(): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.transact(() => {
    writeMeta(doc, { title: 'Bridge', sourceLanguage: 'en', targetLanguages: ['ru', 'ky'], deadline: null });
    for (const language of LANGUAGES) {
      const blocks = ['one', 'two'].map((id) => createBlockElement(makeBlock(id, `Some words in ${language}`)));
      doc.getXmlFragment(textRoot(language)).insert(0, blocks);
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

/** A change of a copy of `doc`: so much is written that the state is sent in several pieces. */
export function longUpdate(doc: Y.Doc): Uint8Array {
  const copy = new Y.Doc();
  copy.clientID = 7;
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  const before = Y.encodeStateVector(copy);
  const blocks = Array.from({ length: 20 }, (_, index) =>
    createBlockElement(makeBlock(`long${index}`, `${index} ${'Many words. '.repeat(2_000)}`)),
  );
  copy.getXmlFragment(textRoot('en')).push(blocks);
  return Y.encodeStateAsUpdate(copy, before);
}

/** Mulberry32. */
export function randomness(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (limit: number) => Math.floor(next() * limit),
    chance: (probability: number) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!,
  };
}
export type Random = ReturnType<typeof randomness>;

/** Writers of one article. Each `step` is one update that the server accepts, in the order in which it accepts them. */
export class Writers {
  readonly updates: Uint8Array[] = [firstUpdate()];
  readonly entries: LogEntry[] = [];
  /** As a room has it: every update applied when it came. */
  readonly live = new Y.Doc();
  readonly #articleId: string;
  readonly #random: Random;
  readonly #writers: { personId: string | null; doc: Y.Doc; seen: number }[];
  #at = 1_000_000;

  constructor(articleId: string, random: Random, people: readonly (string | null)[] = ['ann', 'ben', 'eva', null]) {
    this.#articleId = articleId;
    this.#random = random;
    Y.applyUpdate(this.live, this.updates[0]!);
    this.#writers = people.map((personId, index) => {
      const doc = new Y.Doc();
      doc.clientID = 1_000 + index;
      return { personId, doc, seen: 0 };
    });
  }

  step(): LogEntry {
    const random = this.#random;
    const writer = random.pick(this.#writers);
    if (writer.seen === 0 || random.chance(0.6)) this.#catchUp(writer);
    const made: Uint8Array[] = [];
    const take = (update: Uint8Array, origin: unknown) => {
      if (origin !== 'others') made.push(update);
    };
    writer.doc.on('update', take);
    while (made.length === 0) edit(writer.doc, random);
    writer.doc.off('update', take);
    this.#at += random.pick([5, 200, 3_000, 40_000]);
    const entry: LogEntry = {
      articleId: this.#articleId,
      personId: writer.personId,
      at: this.#at,
      update: this.#accept(Y.mergeUpdates(made)),
    };
    this.updates.push(entry.update);
    this.entries.push(entry);
    return entry;
  }

  /** As a room does: what is logged is what its document emits, formats that it tidies away included. */
  #accept(update: Uint8Array): Uint8Array {
    const emitted: Uint8Array[] = [];
    const take = (bytes: Uint8Array) => emitted.push(bytes);
    this.live.on('update', take);
    Y.applyUpdate(this.live, update);
    this.live.off('update', take);
    return Y.mergeUpdates(emitted);
  }

  #catchUp(writer: { doc: Y.Doc; seen: number }): void {
    for (; writer.seen < this.updates.length; writer.seen += 1) {
      Y.applyUpdate(writer.doc, this.updates[writer.seen]!, 'others');
    }
  }

  /** What the document is after the first `count` updates. */
  after(count: number) {
    return fingerprintOf(this.updates.slice(0, count));
  }
}

export function fingerprintOf(updates: readonly Uint8Array[]) {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return fingerprint(doc);
}

function edit(doc: Y.Doc, random: Random): void {
  const text = doc.getXmlFragment(textRoot(random.pick(LANGUAGES)));
  const block = text.length === 0 ? null : (text.get(random.below(text.length)) as Y.XmlElement);
  const words = block?.get(0) as Y.XmlText | undefined;
  const kind = random.below(10);
  if (!words || kind === 0) {
    text.insert(random.below(text.length + 1), [createBlockElement(makeBlock(`b${random.below(1_000)}`, 'Новое'))]);
  } else if (kind === 1 && text.length > 1) text.delete(random.below(text.length), 1);
  else if (kind === 2) words.format(random.below(words.length + 1), 2, { bold: random.chance(0.7) ? {} : null });
  else if (kind === 3) doc.getMap(ANNOTATIONS_ROOT).set(`a${random.below(5)}`, new Y.Map([['body', random.below(99)]]));
  else if (kind === 4) doc.getMap(ANNOTATIONS_ROOT).delete(`a${random.below(5)}`);
  else if (kind < 7 && words.length > 3) words.delete(random.below(words.length - 2), 2);
  else words.insert(random.below(words.length + 1), random.pick(['мост ', 'bridge ', 'көпүрө ', '🌉']));
}
