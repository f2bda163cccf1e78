// Highlights in a text: how they follow its changes. Without a DOM: the plugin's state and what places it.
import { EditorState, type Transaction } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { ySyncPluginKey } from 'y-prosemirror';
import { createValue } from '../../../client/article/observable.ts';
import { followAnnotations } from '../../../client/margin/annotations.ts';
import { annotationRange, type Highlight, highlightsKey } from '../../../client/margin/drawn.ts';
import { annotationHighlights } from '../../../client/margin/highlights.ts';
import { changeBetween } from '../../../client/margin/mapping.ts';
import { placeAnnotations, rangeToBlocks, wordsBetween } from '../../../client/margin/places.ts';
import { targetOfRange } from '../../../client/margin/target.ts';
import type { AnnotationItem, Draft, HighlightSource } from '../../../client/margin/types.ts';
import { updateAnnotation } from '../../../shared/annotation/read.ts';
import type { Annotation } from '../../../shared/annotation/types.ts';
import { blockElements, blockTextNodes } from '../../../shared/article/blocks.ts';
import { articleSchema } from '../../../shared/article/schema.ts';
import { annotate, articleOf, nodeOf } from './values.ts';

const TEXTS = ['The parliament has ratifies it.', 'A second paragraph stands here.', 'And a third one.'];

function source(): HighlightSource {
  const { ydoc } = articleOf(TEXTS);
  return {
    doc: ydoc,
    items: createValue<readonly AnnotationItem[]>([]),
    active: createValue<string | null>(null),
    draft: createValue<Draft | null>(null),
    showResolved: createValue(false),
    describe: createValue<(annotation: Annotation) => string>(() => ''),
    activate: () => {},
    propose: () => {},
  };
}

const highlight = (id: string, from: number, to: number, look = 'hl'): Highlight => ({
  id,
  from,
  to,
  look,
  kind: 'comment',
  title: '',
  anchor: '',
});

/** A state with the words `ratifies` (1) and `second paragraph` (2) highlighted. */
function start(): EditorState {
  const state = EditorState.create({ doc: nodeOf(TEXTS), plugins: [annotationHighlights(source(), 'en')] });
  const highlights = ['ratifies', 'second paragraph'].map((words, index) => {
    const from = find(state, words);
    return highlight(String(index + 1), from, from + words.length);
  });
  return state.apply(draw(state.tr, highlights, null));
}

function draw(tr: Transaction, highlights: Highlight[], active: string | null): Transaction {
  return tr.setMeta(highlightsKey, { highlights, active });
}

function find(state: EditorState, words: string): number {
  let at = -1;
  state.doc.descendants((node, pos) => {
    if (at < 0 && node.isText && node.text!.includes(words)) at = pos + node.text!.indexOf(words);
  });
  return at;
}

function words(state: EditorState, id: string): string | null {
  const range = annotationRange(state, id);
  return range && wordsBetween(state.doc, range.from, range.to);
}

/** As y-prosemirror does it: the whole document is replaced. */
function remote(state: EditorState, texts: readonly string[], ids?: string): EditorState {
  const { tr } = state;
  tr.replaceWith(0, state.doc.content.size, nodeOf(texts, ids).content);
  return state.apply(tr.setMeta(ySyncPluginKey, { isChangeOrigin: true }));
}

describe('highlights', () => {
  it('MARGIN-8 follow typing before, inside and beside their words, which stay outside at the edges', () => {
    let state = start();
    state = state.apply(state.tr.insertText('Yesterday: ', 1));
    expect(words(state, '1')).toBe('ratifies');
    const { from, to } = annotationRange(state, '1')!;
    state = state.apply(state.tr.insertText('!', to).insertText('~', from));
    expect(words(state, '1')).toBe('ratifies');
    state = state.apply(state.tr.insertText('XX', find(state, 'ratifies') + 3));
    expect(words(state, '1')).toBe('ratXXifies');
    expect(words(state, '2')).toBe('second paragraph');
  });

  it('MARGIN-8 follow a split inside their words and the join after it', () => {
    let state = start();
    const at = find(state, 'second') + 'second'.length;
    state = state.apply(state.tr.split(at, 1, [{ type: articleSchema.nodes.block!, attrs: { id: 'new' } }]));
    expect(words(state, '2')).toBe('second\n paragraph');
    state = state.apply(state.tr.join(at + 1));
    expect(words(state, '2')).toBe('second paragraph');
  });

  it('MARGIN-9 follow somebody else’s change although the binding replaces the whole document', () => {
    let state = remote(start(), ['Today the parliament has ratifies it.', ...TEXTS.slice(1)]);
    expect(words(state, '1')).toBe('ratifies');
    expect(words(state, '2')).toBe('second paragraph');
    state = remote(state, ['Today the parliament has ratifies it.', 'A new block.', ...TEXTS.slice(1)], 'anbc');
    expect(words(state, '2')).toBe('second paragraph');
    state = remote(state, ['Today the parliament has ratified it.', 'A new block.', ...TEXTS.slice(1)], 'anbc');
    expect(words(state, '1')).toBe('ratified');
    state = remote(state, ['Today the parliament has it.', 'A new block.', ...TEXTS.slice(1)], 'anbc');
    expect(annotationRange(state, '1')).toBeNull();
    expect(words(state, '2')).toBe('second paragraph');
  });

  it('MARGIN-9 see the smallest change between two documents, with repeated letters too', () => {
    const change = changeBetween(nodeOf(['aaaa', 'b']), nodeOf(['aaaaa', 'b']));
    expect(change.map(7)).toBe(8);
    expect(changeBetween(nodeOf(['same']), nodeOf(['same'])).maps).toEqual([]);
  });

  it('MARGIN-10 may overlap, and the active one is lifted without the others being drawn anew', () => {
    let state = start();
    const from = find(state, 'has ratifies');
    const both = [highlight('1', from + 4, from + 12), highlight('3', from, from + 8), highlight('2', 40, 50)];
    state = state.apply(draw(state.tr, both, null));
    expect(words(state, '1')).toBe('ratifies');
    expect(words(state, '3')).toBe('has rati');
    const before = highlightsKey.getState(state)!.set.find();
    state = state.apply(state.tr.setMeta(highlightsKey, { active: '3' }));
    const after = highlightsKey.getState(state)!.set.find();
    expect(after.filter((one) => one.spec.lift).map(({ from: start, to }) => [start, to])).toEqual([[from, from + 8]]);
    expect(after.length).toBe(before.length + 1);
    state = state.apply(state.tr.setMeta(highlightsKey, { active: null }));
    expect(highlightsKey.getState(state)!.set.find().length).toBe(before.length);
  });
});

describe('places of annotations', () => {
  it('MARGIN-11 come from the anchors, and stay with drawn words that are still the quoted ones', () => {
    const { ydoc, doc } = articleOf(TEXTS);
    const ratifies = annotate(ydoc, '1', 0, 'ratifies');
    const third = annotate(ydoc, '2', 2, 'third one');
    const places = placeAnnotations(ydoc, 'en', doc, [ratifies, third], new Map());
    expect(places.map(({ from, to }) => wordsBetween(doc, from, to))).toEqual(['ratifies', 'third one']);

    // A split that the anchors do not know of yet: the drawn place counts.
    const split = nodeOf(['The parliament has rati', 'fies it.', ...TEXTS.slice(1)]);
    const from = 1 + 'The parliament has '.length;
    const drawn = new Map([['1', { from, to: from + 'ratifies'.length + 2 }]]);
    const [kept] = placeAnnotations(ydoc, 'en', split, [ratifies], drawn);
    expect(kept).toEqual({ id: '1', from, to: from + 10 });
  });

  it('MARGIN-11 of an unsent annotation are the nearest equal words of its block', () => {
    const { ydoc, doc } = articleOf(['one two one two one']);
    const unsent = annotate(ydoc, '1', 0, 'two');
    const anchor = { ...unsent.anchor, start: '', end: '', startOffset: 11 };
    const [place] = placeAnnotations(ydoc, 'en', doc, [{ ...unsent, anchor }], new Map());
    expect(place).toEqual({ id: '1', from: 13, to: 16 });
    const gone = { ...unsent, anchor: { ...anchor, exact: 'three' } };
    expect(placeAnnotations(ydoc, 'en', doc, [gone], new Map())).toEqual([]);
  });

  it('MARGIN-12 turn into the target of a command: trimmed words, blocks, offsets and context', () => {
    const doc = nodeOf(TEXTS);
    const from = 1 + 'The parliament'.length;
    expect(targetOfRange(doc, 'en', { from, to: from + ' has ratifies '.length })).toEqual({
      language: 'en',
      blockId: 'a',
      exact: 'has ratifies',
      prefix: 'The parliament ',
      suffix: ' it.\nA second paragraph stands h',
      position: { start: 15, end: 27 },
    });
    const across = targetOfRange(doc, 'en', { from: 28, to: 44 });
    expect(across).toMatchObject({ blockId: 'a', endBlockId: 'b', exact: 'it.\nA second p' });
    expect(targetOfRange(doc, 'en', { from, to: from + 1 })).toBeNull();
    expect(rangeToBlocks(doc, 28, 36)).toEqual({ startBlock: 'a', startOffset: 27, endBlock: 'b', endOffset: 2 });
  });
});

describe('annotations of a document', () => {
  it('MARGIN-13 are read piece by piece: what did not change keeps its object', () => {
    const { ydoc } = articleOf(TEXTS);
    annotate(ydoc, '1', 0, 'ratifies');
    annotate(ydoc, '2', 1, 'second');
    const store = followAnnotations(ydoc);
    const before = store.get();
    let told = 0;
    const stop = store.subscribe(() => told++);
    ydoc.transact(() => updateAnnotation(ydoc, '1', { status: 'resolved' }));
    expect(told).toBe(1);
    expect(store.get().get('1')).toMatchObject({ status: 'resolved' });
    expect(store.get().get('2')).toBe(before.get('2'));
    annotate(ydoc, '3', 2, 'third');
    ydoc.getMap('annotations').delete('2');
    expect([...store.get().keys()]).toEqual(['1', '3']);
    blockTextNodes(blockElements(ydoc, 'en')[0]!)[0]!.insert(0, 'typing is not its concern');
    expect(told).toBe(3);
    stop();
    store.destroy();
  });
});
