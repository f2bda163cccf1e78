// A stored state cut into pieces: bounded, each whole by itself in its turn, together the same document. Random documents of
// several clients; a failure prints the seed.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { breathe, cut, cutHere, cutIntoPieces } from '../../server/updates/pieces.ts';
import { deletesOf, piecesAt, placesOf } from '../../server/updates/places.ts';
import { Malformed } from '../../server/updates/reader.ts';
import { randomSource } from '../bench/article.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);
const DOCUMENTS = 60;

interface History {
  state: Uint8Array | null;
  tail: Uint8Array[];
  doc: Y.Doc;
}

/** Four people write, format, delete, restructure and sync now and then; a state is stored somewhere on the way. */
function makeHistory(seed: number): History {
  const random = randomSource(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const server = new Y.Doc();
  const people = [0, 1, 2, 3].map(() => new Y.Doc());
  const tail: Uint8Array[] = [];
  let state: Uint8Array | null = null;
  server.on('update', (update: Uint8Array) => tail.push(update));
  const steps = 20 + below(200);
  const storedAt = below(2) === 0 ? below(steps) : -1;
  for (let step = 0; step < steps; step += 1) {
    const doc = people[below(people.length)]!;
    change(doc, below);
    if (below(3) > 0) Y.applyUpdate(server, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(server)));
    if (below(3) > 0) Y.applyUpdate(doc, Y.encodeStateAsUpdate(server, Y.encodeStateVector(doc)));
    if (step === storedAt) {
      state = Y.encodeStateAsUpdate(server);
      tail.length = 0;
    }
  }
  return { state, tail, doc: server };
}

function change(doc: Y.Doc, below: (limit: number) => number): void {
  const fragment = doc.getXmlFragment(`text/${['en', 'ru'][below(2)]}`);
  const block = fragment.length > 0 ? (fragment.get(below(fragment.length)) as Y.XmlElement) : null;
  const text = (block?.get(0) ?? null) as Y.XmlText | null;
  switch (below(7)) {
    case 0: {
      const made = new Y.XmlElement('block');
      made.setAttribute('id', `b${below(1000)}`);
      made.insert(0, [new Y.XmlText('Мост '.repeat(1 + below(8)))]);
      fragment.insert(below(fragment.length + 1), [made]);
      return;
    }
    case 1:
    case 2:
      text?.insert(below(text.length + 1), ['a', 'жу', '🌉', 'длинные слова'][below(4)]!);
      return;
    case 3:
      if (text && text.length > 0) text.delete(below(text.length), 1);
      return;
    case 4:
      if (text && text.length > 1) text.format(0, 1 + below(text.length - 1), { bold: below(2) === 0 ? {} : null });
      return;
    case 5:
      block?.setAttribute('kind', ['quote', 'heading'][below(2)]!);
      return;
    default:
      if (fragment.length > 2) fragment.delete(below(fragment.length), 1);
      else doc.getMap('meta').set(`k${below(5)}`, { list: [1, 'два', null] });
  }
}

async function cutHistory({ state, tail }: History, maxBytes: number): Promise<Uint8Array[]> {
  return cutIntoPieces(state ? [state, ...tail] : tail, maxBytes, breathe);
}

/** As a client of ours and the server apply them; nothing may wait for a later piece. */
function assemble(pieces: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const piece of pieces) {
    doc.transact(() => Y.applyUpdate(doc, piece));
    expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
  }
  return doc;
}

function contents(doc: Y.Doc) {
  return {
    texts: ['en', 'ru'].map((language) =>
      doc
        .getXmlFragment(`text/${language}`)
        .toArray()
        .map((block) => [(block as Y.XmlElement).getAttributes(), delta(block as Y.XmlElement)]),
    ),
    meta: doc.getMap('meta').toJSON(),
    stateVector: Y.decodeStateVector(Y.encodeStateVector(doc)),
  };
}

function delta(block: Y.XmlElement): unknown[] {
  return block.toArray().map((text) => (text as Y.XmlText).toDelta() as unknown);
}

describe('cutIntoPieces', () => {
  it('SYNC-40 cuts any state and tail into bounded pieces that build only upon earlier ones and are together the same document', async () => {
    const maxBytes = 700;
    let pieced = 0;
    for (let index = 0; index < DOCUMENTS; index += 1) {
      const seed = SEED + index;
      const history = makeHistory(seed);
      const pieces = await cutHistory(history, maxBytes);
      pieced += pieces.length;
      for (const piece of pieces) expect(piece.length, `seed ${seed}`).toBeLessThanOrEqual(maxBytes);
      expect(contents(assemble(pieces)), `seed ${seed}`).toEqual(contents(history.doc));
    }
    expect(pieced).toBeGreaterThan(DOCUMENTS * 3);
  });

  it('SYNC-40 joins all of it into one update where no bound is given', async () => {
    for (let index = 0; index < 10; index += 1) {
      const history = makeHistory(SEED + 1000 + index);
      const pieces = await cutHistory(history, Number.POSITIVE_INFINITY);
      expect(pieces, `seed ${SEED + 1000 + index}`).toHaveLength(1);
      expect(contents(assemble(pieces)), `seed ${SEED + 1000 + index}`).toEqual(contents(history.doc));
    }
  });

  it('SYNC-40 cuts at places found out before, without reading the state, into the same pieces', async () => {
    const maxBytes = 700;
    let cutStates = 0;
    for (let index = 0; index < DOCUMENTS; index += 1) {
      const seed = SEED + 4000 + index;
      const { doc } = makeHistory(seed);
      const state = Y.encodeStateAsUpdate(doc);
      const places = placesOf(state, maxBytes);
      if (places === null) continue;
      cutStates += 1;
      const { pieces, deletions } = piecesAt(state, places, maxBytes);
      for (const piece of pieces) expect(piece.length, `seed ${seed}`).toBeLessThanOrEqual(maxBytes);
      expect(contents(assemble(pieces)), `seed ${seed}`).toEqual(contents(doc));
      expect(pieces.slice(pieces.length - deletions.length)).toEqual(deletions);
      const deleted = deletesOf(deletions).reduce((sum, { length }) => sum + length, 0);
      expect(deleted, `seed ${seed}`).toBe(deletesOf([state]).reduce((sum, { length }) => sum + length, 0));
      expect(() => piecesAt(state.subarray(0, 100), places, maxBytes)).toThrow(Malformed);
    }
    expect(cutStates).toBeGreaterThan(DOCUMENTS / 4);
  });

  it('SYNC-40 cuts what comes after a state, told how far that goes', async () => {
    for (let index = 0; index < DOCUMENTS; index += 1) {
      const seed = SEED + 5000 + index;
      const { state, tail, doc } = makeHistory(seed);
      if (state === null || tail.length === 0) continue;
      const base = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(state));
      const { pieces, clocks } = await cut(tail, 700, breathe, base);
      expect(contents(assemble([state, ...pieces])), `seed ${seed}`).toEqual(contents(doc));
      expect(clocks, `seed ${seed}`).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)));
      const difference = Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(state));
      expect(contents(assemble([state, ...cutHere(difference, 700, base)])), `seed ${seed}`).toEqual(contents(doc));
      if (clocks.size > base.size) await expect(cut(tail, 700, breathe, clocks)).rejects.toThrow(Malformed);
    }
  });

  it('SYNC-40 puts updates in order that are stored out of order', async () => {
    for (let index = 0; index < 10; index += 1) {
      const { doc, state, tail } = makeHistory(SEED + 2000 + index);
      const all = [...tail, ...(state ? [state] : [])].reverse();
      const pieces = await cutIntoPieces(all, 700, breathe);
      expect(contents(assemble(pieces)), `seed ${SEED + 2000 + index}`).toEqual(contents(doc));
    }
  });

  it('SYNC-40 gives back as it is what cannot be cut, so that whoever applies it finds the fault', async () => {
    const doc = new Y.Doc();
    doc.getText('x').insert(0, 'one');
    const before = Y.encodeStateVector(doc);
    doc.getText('x').insert(3, 'two');
    const gap = Y.encodeStateAsUpdate(doc, before);
    const rubbish = new Uint8Array([1, 1, 1]);
    expect(await cutIntoPieces([gap], 700, breathe)).toEqual([gap]);
    expect(await cutIntoPieces([rubbish], 700, breathe)).toEqual([rubbish]);
    expect(await cutIntoPieces([], 700, breathe)).toHaveLength(1);
  });
});
