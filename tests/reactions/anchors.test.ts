// Annotations follow their words through what people do to a text, and say so when they cannot.
import { beforeEach, describe, expect, it } from 'vitest';
import { createReactions, type Reactions } from '../../server/reactions/reactions.ts';
import { resolveAnchors } from '../../shared/annotation/anchors.ts';
import { readAnnotations } from '../../shared/annotation/read.ts';
import { openText, spanText, toSpan } from '../../shared/annotation/textView.ts';
import { type Newsroom, newsroom, refusal } from '../commands/memory.ts';
import { openEditor, type ProseEditor } from './prose.ts';

let desk: Newsroom;
let reactions: Reactions;
let elena: ProseEditor;
let aigul: ProseEditor;

beforeEach(async () => {
  desk = await newsroom((storage, now) => {
    const quiet = { summaryChanged() {}, snapshotsChanged() {} };
    reactions = createReactions({ storage, now, ...quiet, failed: (error) => Promise.reject(error) });
    return reactions.reactions;
  });
  elena = openEditor(desk.room, desk.people.editor, 'en');
  aigul = openEditor(desk.room, desk.people.ky, 'en');
});

async function annotate(blockId: string, exact: string, change: object = {}): Promise<string> {
  const comment = { kind: 'comment', language: 'en', blockId, exact, body: '?', ...change } as const;
  const { annotationId } = await desk.send(desk.people.ru, 'annotation.create', comment);
  elena.sync();
  aigul.sync();
  return annotationId;
}

/** The words under an annotation, found by the positions that a client draws by. */
function wordsUnder(id: string): string | null {
  const { doc } = desk.room;
  const range = resolveAnchors(doc, 'en', readAnnotations(doc)).get(id);
  const view = openText(doc, 'en');
  const span = range && toSpan(view, range);
  return span ? spanText(view, span) : null;
}

/** Where words stand in a block of the English text, for an edit. */
function at(blockId: string, words: string): [string, number, number] {
  const from = desk.words('en', blockId)!.indexOf(words);
  if (from === -1) throw new Error(`no "${words}" in ${blockId}`);
  aigul.sync();
  return [blockId, from, from + words.length];
}

const state = (id: string) => desk.annotation(id).anchorState;

describe('typing', () => {
  it('ANCHOR-3 leaves words typed at an edge outside, and takes those typed inside', async () => {
    const id = await annotate('title', 'ratifies');
    elena.type('title', 19, 19, 'not ');
    expect(wordsUnder(id)).toBe('ratifies');
    elena.type('title', 31, 31, '!');
    expect(wordsUnder(id)).toBe('ratifies');
    aigul.sync();
    aigul.type('title', 25, 25, '-');
    expect(wordsUnder(id)).toBe('ra-tifies');
    expect(state(id)).toBe('attached');
  });

  it('ANCHOR-4 writes nothing per key, and brings quote and offsets up to date when the room falls idle', async () => {
    const id = await annotate('title', 'ratifies');
    const { anchor } = desk.annotation(id);
    for (const key of ['a', 'b', 'c']) elena.type('title', 22, 22, key);
    elena.type('title', 0, 0, 'So ');
    expect(desk.annotation(id).anchor).toBe(anchor);
    await reactions.settled(desk.room);
    expect(desk.annotation(id).anchor).toMatchObject({ exact: 'ratcbaifies', startOffset: 22, endOffset: 33 });
    const settled = desk.annotation(id).anchor;
    await reactions.settled(desk.room);
    expect(desk.annotation(id).anchor).toBe(settled);
  });

  it('ANCHOR-5 follows a word that is retyped in place', async () => {
    const id = await annotate('title', 'ratifies');
    elena.type('title', 19, 27, 'r');
    for (const [index, key] of [...'atified'].entries()) elena.type('title', 20 + index, 20 + index, key);
    expect(state(id)).toBe('attached');
    expect(wordsUnder(id)).toBe('ratified');
  });

  it('ANCHOR-5 follows a word whose end is typed anew', async () => {
    const id = await annotate('title', 'ratifies');
    elena.type(...at('title', 'fies'), '');
    for (const [index, key] of [...'fied'].entries()) elena.type('title', 23 + index, 23 + index, key);
    expect([state(id), wordsUnder(id)]).toEqual(['attached', 'ratified']);
    await reactions.settled(desk.room);
    expect(desk.annotation(id).anchor).toMatchObject({ exact: 'ratified', lostAt: null });
  });

  it('ANCHOR-6 marks as moved what is hardly the same any more, and takes it back when the words return', async () => {
    const id = await annotate('title', 'parliament has ratifies');
    elena.type('title', 5, 26, 'resident sign');
    expect(state(id)).toBe('moved');
    expect(desk.annotation(id).anchor.exact).toBe('parliament has ratifies');
    elena.undo();
    expect(state(id)).toBe('attached');
    expect(wordsUnder(id)).toBe('parliament has ratifies');
  });
});

describe('deleting', () => {
  it('ANCHOR-7 keeps an annotation whose words are gone as an orphan with its quote', async () => {
    const id = await annotate('lead', 'in the nearest time');
    elena.type(...at('lead', 'in the nearest time'), '');
    expect(desk.annotation(id)).toMatchObject({ anchorState: 'orphan', anchor: { exact: 'in the nearest time' } });
    expect(wordsUnder(id)).toBeNull();
  });

  it('ANCHOR-7 does so for a block that is deleted, and for a reply to it too', async () => {
    const id = await annotate('quote', 'very glad');
    elena.edit((s) => s.tr.delete(s.doc.content.size - s.doc.lastChild!.nodeSize, s.doc.content.size));
    expect(desk.words('en', 'quote')).toBeNull();
    expect(state(id)).toBe('orphan');
    const reply = desk.send(desk.people.ru, 'annotation.reply', { annotationId: id, body: 'where?' });
    expect(await refusal(reply)).toBe('accepted');
  });

  it('ANCHOR-8 re-attaches when whoever deleted the words presses undo, for everybody', async () => {
    const word = await annotate('title', 'ratifies');
    const phrase = await annotate('lead', 'to Bishkek in the nearest time');
    const block = await annotate('quote', 'glad');
    elena.type('title', 19, 27, '');
    elena.type(...at('lead', ' to Bishkek in the nearest time, s'), '');
    elena.edit((s) => s.tr.delete(s.doc.content.size - s.doc.lastChild!.nodeSize, s.doc.content.size));
    expect([word, phrase, block].map(state)).toEqual(['orphan', 'orphan', 'orphan']);
    aigul.sync();
    elena.undo();
    elena.undo();
    elena.undo();
    expect([word, phrase, block].map(state)).toEqual(['attached', 'attached', 'attached']);
    expect([word, phrase, block].map(wordsUnder)).toEqual(['ratifies', 'to Bishkek in the nearest time', 'glad']);
    elena.redo();
    expect([word, phrase, block].map(state)).toContain('orphan');
    elena.undo();
    expect([word, phrase, block].map(state)).toEqual(['attached', 'attached', 'attached']);
  });

  it('ANCHOR-8 re-attaches to words that are typed anew in their old place', async () => {
    const id = await annotate('title', 'ratifies');
    elena.type('title', 19, 27, '');
    for (const [index, key] of [...'ratifies'].entries()) aigul.type('title', 19 + index, 19 + index, key);
    expect(state(id)).toBe('attached');
    expect(wordsUnder(id)).toBe('ratifies');
  });

  it('ANCHOR-9 never takes equal words that stood elsewhere all along', async () => {
    const id = await annotate('body', 'The agreement', { position: { start: 0, end: 13 } });
    elena.type('body', 0, 14, '');
    expect(desk.words('en', 'body')).toBe('was signed in May. The agreement has to be valid for five years.');
    expect(state(id)).toBe('orphan');
    elena.type('body', 0, 0, 'It ');
    expect(state(id)).toBe('orphan');
  });

  it('ANCHOR-9 never takes equal words that somebody types elsewhere', async () => {
    const id = await annotate('title', 'parliament');
    elena.type(...at('title', 'parliament'), '');
    aigul.sync();
    for (const [index, key] of [...'The parliament '].entries()) aigul.type('quote', index, index, key);
    expect(state(id)).toBe('orphan');
  });
});

describe('moving', () => {
  it('ANCHOR-10 keeps annotations on their words when a block is split in, before or after them', async () => {
    for (const [offset, words] of [
      [21, 'ra\ntifies'],
      [19, 'ratifies'],
      [27, 'ratifies'],
      [4, 'ratifies'],
      [0, 'ratifies'],
      [41, 'ratifies'],
    ] as const) {
      const id = await annotate('title', 'ratifies');
      elena.enter('title', offset);
      expect([offset, state(id), wordsUnder(id)]).toEqual([offset, 'attached', words]);
      elena.undo();
      expect([offset, state(id), wordsUnder(id)]).toEqual([offset, 'attached', 'ratifies']);
      aigul.sync();
    }
  });

  it('ANCHOR-10 keeps annotations on their words when two blocks are joined', async () => {
    const before = await annotate('lead', 'said the ministry');
    const inside = await annotate('body', 'signed in May');
    const start = await annotate('body', 'The agreement was');
    const across = await annotate('lead', 'ministry.\nThe agreement was', { endBlockId: 'body' });
    const all = [before, inside, start, across];
    elena.backspace('body');
    expect(desk.words('en', 'body')).toBeNull();
    expect(all.map(state)).toEqual(['attached', 'attached', 'attached', 'attached']);
    expect(all.map(wordsUnder)).toEqual([
      'said the ministry',
      'signed in May',
      'The agreement was',
      'ministry.The agreement was',
    ]);
    expect(desk.annotation(inside).anchor).toMatchObject({ startBlock: 'lead', endBlock: 'lead' });
    elena.undo();
    expect(all.map(state)).toEqual(['attached', 'attached', 'attached', 'attached']);
    expect(all.map(wordsUnder)).toEqual([
      'said the ministry',
      'signed in May',
      'The agreement was',
      'ministry.\nThe agreement was',
    ]);
  });

  it('ANCHOR-11 follows words that are cut and pasted elsewhere, long ones by themselves, short ones to be confirmed', async () => {
    const long = await annotate('lead', 'to Bishkek in the nearest time');
    elena.move(...at('lead', ' to Bishkek in the nearest time'), 'quote', 30);
    expect(desk.words('en', 'quote')).toBe('We are very glad about this fa to Bishkek in the nearest timect.');
    expect([state(long), wordsUnder(long)]).toEqual(['attached', 'to Bishkek in the nearest time']);
    const short = await annotate('title', 'ratifies');
    elena.move('title', 19, 27, 'quote', 0);
    expect(state(short)).toBe('moved');
    expect(wordsUnder(short)).toBe('ratifies');
    elena.type('quote', 8, 8, ' ');
    expect(state(short)).toBe('moved');
    await desk.send(desk.people.ru, 'annotation.reattach', { annotationId: short });
    expect(desk.annotation(short)).toMatchObject({ anchorState: 'attached', anchor: { startBlock: 'quote' } });
  });

  it('ANCHOR-11 goes back where it was when the move is undone', async () => {
    const id = await annotate('title', 'ratifies');
    elena.move('title', 19, 27, 'quote', 0);
    elena.undo();
    elena.undo();
    expect([state(id), wordsUnder(id)]).toEqual(['attached', 'ratifies']);
    expect(desk.annotation(id).anchor.startBlock).toBe('title');
  });

  it('ANCHOR-12 lets a person put an annotation elsewhere, or learn that its words are gone', async () => {
    const id = await annotate('title', 'ratifies');
    elena.type('title', 19, 27, '');
    const reattach = (target?: object) =>
      desk.send(desk.people.ru, 'annotation.reattach', { annotationId: id, ...(target ? { target } : {}) } as never);
    expect(await refusal(reattach())).toBe('anchor-lost');
    expect(await refusal(reattach({ language: 'en', blockId: 'title', exact: 'absent' }))).toBe('quote-not-found');
    expect(await refusal(reattach({ language: 'ru', blockId: 'lead', exact: 'Бюро' }))).toBe('invalid-input');
    await reattach({ language: 'en', blockId: 'title', exact: 'agreement' });
    expect(desk.annotation(id)).toMatchObject({
      anchorState: 'attached',
      anchor: { exact: 'agreement', lostAt: null },
    });
  });

  it('ANCHOR-13 takes a client’s proposal only where the quoted words are', async () => {
    const id = await annotate('title', 'ratifies');
    elena.move('title', 19, 27, 'quote', 0);
    const propose = (startOffset: number, endOffset: number, startBlock = 'quote') =>
      desk.send(desk.people.editor, 'anchors.propose', {
        anchors: [{ annotationId: id, startBlock, startOffset, endBlock: startBlock, endOffset }],
      });
    expect(await propose(1, 9)).toEqual({ accepted: [] });
    expect(await propose(0, 8, 'gone')).toEqual({ accepted: [] });
    expect(await propose(0, 800)).toEqual({ accepted: [] });
    expect(await propose(0, 8)).toEqual({ accepted: [id] });
    expect(state(id)).toBe('attached');
    elena.type('quote', 8, 8, ' ratifies');
    expect(await propose(9, 17)).toEqual({ accepted: [] });
    expect(await propose(0, 8)).toEqual({ accepted: [id] });
  });
});
