// What the guard costs beside what Yjs costs for the same update: `npm run bench:guard`. Each update is judged on
// one copy of a document and applied to another in the same moment, in turns; medians, so that neighbours on the machine do not count.
import * as Y from 'yjs';
import { judgeUpdate } from '../../server/sync/guard/guard.ts';
import { RootNames } from '../../server/sync/guard/store.ts';
import type { GuardParts } from '../../server/sync/guard/verdict.ts';
import { createBlockElement, makeBlock } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';

const BLOCKS = 300;
const WORDS =
  'The translators write its Russian and Kyrgyz versions beside it, and copy-editors reword the awkward English. ';
const ROUNDS = 3_000;
const AIM = 0.5;

type Change = (doc: Y.Doc, round: number) => void;

const fragment = (doc: Y.Doc) => doc.getXmlFragment(textRoot('ru'));
const textAt = (doc: Y.Doc, round: number) =>
  (fragment(doc).get((round * 7) % BLOCKS) as Y.XmlElement).get(0) as Y.XmlText;

const KINDS: Record<string, Change> = {
  'a key at the end of a text': (doc) => {
    const text = textAt(doc, 0);
    text.insert(text.length, 'a');
  },
  'a key inside of a text': (doc, round) => textAt(doc, round).insert((round * 13) % 100, 'я'),
  'a sentence pasted': (doc, round) => textAt(doc, round).insert((round * 13) % 100, WORDS),
  'a paragraph pasted': (doc, round) =>
    fragment(doc).insert(round % BLOCKS, [createBlockElement(makeBlock(`n${round}`, WORDS))]),
  'three words made bold': (doc, round) =>
    textAt(doc, round).format((round * 13) % 80, 15, {
      bold: round % 2 === 0 ? {} : null,
      italic: round % 2 === 1 ? {} : null,
    }),
  'a character deleted': (doc, round) => {
    const text = textAt(doc, round);
    if (text.length > 0) text.delete(Math.floor(text.length / 2), 1);
  },
  'an attribute': (doc, round) =>
    (fragment(doc).get((round * 7) % BLOCKS) as Y.XmlElement).setAttribute('level', String(round % 6)),
  'two hundred keys typed offline': (doc, round) => {
    for (let key = 0; key < 200; key += 1) {
      const text = textAt(doc, round + Math.floor(key / 40));
      text.insert((round * 13) % 100, 'b');
      if (key % 10 === 9) text.delete((round * 13) % 100, 2);
    }
  },
};

function article(): Uint8Array {
  const doc = new Y.Doc();
  fragment(doc).insert(
    0,
    Array.from({ length: BLOCKS }, (_, index) => createBlockElement(makeBlock(`b${index}`, WORDS.repeat(3)))),
  );
  return Y.encodeStateAsUpdate(doc);
}

/** One copy of the document, to judge and to apply on. */
class Copy {
  readonly #parts: GuardParts;
  readonly #doc = new Y.Doc();

  constructor(initial: Uint8Array) {
    Y.applyUpdate(this.#doc, initial);
    fragment(this.#doc);
    this.#parts = {
      doc: this.#doc,
      roots: new RootNames(this.#doc),
      personId: 'ann',
      ownerOf: () => 'ann',
      access: () => 'yes',
      mayWriteSomething: true,
    };
  }

  /** Microseconds. */
  judge(update: Uint8Array): number {
    const start = process.hrtime.bigint();
    const verdict = judgeUpdate(update, this.#parts);
    const end = process.hrtime.bigint();
    if (verdict.kind !== 'accept') throw new Error(`an honest update was not accepted: ${verdict.kind}`);
    return Number(end - start) / 1_000;
  }

  apply(update: Uint8Array): number {
    const start = process.hrtime.bigint();
    Y.applyUpdate(this.#doc, update);
    return Number(process.hrtime.bigint() - start) / 1_000;
  }
}

/** Microseconds: medians of judging and of applying, each on a copy that the other has not touched for this update. */
function measure(change: Change, rounds: number): { judging: number; applying: number; bytes: number } {
  const initial = article();
  const client = new Y.Doc();
  Y.applyUpdate(client, initial);
  const updates: Uint8Array[] = [];
  client.on('update', (update: Uint8Array) => updates.push(update));
  let judged = new Copy(initial);
  let applied = new Copy(initial);
  const judging: number[] = [];
  const applying: number[] = [];
  const sizes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    updates.length = 0;
    client.transact(() => change(client, round));
    const update = updates[0];
    if (update === undefined) continue; // it was so already
    const judgingTook = judged.judge(update);
    const applyingTook = applied.apply(update);
    judged.apply(update);
    [judged, applied] = [applied, judged];
    if (round < rounds / 3) continue; // for the compiler
    judging.push(judgingTook);
    applying.push(applyingTook);
    sizes.push(update.length);
  }
  return { judging: median(judging), applying: median(applying), bytes: median(sizes) };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

console.info('| an update | bytes | judged, µs | applied, µs | ratio |');
console.info('| --- | --- | --- | --- | --- |');
let missed = 0;
for (const [name, change] of Object.entries(KINDS)) {
  const { judging, applying, bytes } = measure(change, ROUNDS);
  const ratio = judging / applying;
  if (ratio > AIM) missed += 1;
  console.info(`| ${name} | ${bytes} | ${judging.toFixed(1)} | ${applying.toFixed(1)} | ${ratio.toFixed(2)} |`);
}
console.info(missed === 0 ? `All within ${AIM}.` : `${missed} past ${AIM}.`);
