// Commands that change blocks, and the names of blocks.
import type { Node } from 'prosemirror-model';
import { type Command, EditorState, TextSelection } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { ySyncPluginKey } from 'y-prosemirror';
import { blockIdsPlugin } from '../../../client/workspace/editor/block-ids.ts';
import { toAddress } from '../../../client/workspace/editor/LinkDialog.tsx';
import { listNumbers } from '../../../client/workspace/editor/list-numbers.ts';
import { cleanSlice, cleanText, textToSlice } from '../../../client/workspace/editor/paste.ts';
import {
  fillMissing,
  indentBy,
  joinBackward,
  joinForward,
  splitBlock,
  toggleKind,
} from '../../../client/workspace/editor/structure.ts';
import { articleSchema, type BlockAttributes } from '../../../shared/article/schema.ts';

type Written = [id: string | null, words: string, extra?: Partial<BlockAttributes>];

const block = ([id, words, extra]: Written): Node =>
  articleSchema.node('block', { id, ...extra }, words === '' ? [] : [articleSchema.text(words)]);

/** A state with the caret (or a selection) at `|` in the words. */
function state(...blocks: Written[]): EditorState {
  const marks: number[] = [];
  let at = 0;
  const nodes = blocks.map(([id, words, extra]) => {
    let clean = words;
    for (let mark = clean.indexOf('|'); mark >= 0; mark = clean.indexOf('|')) {
      marks.push(at + 1 + mark);
      clean = clean.slice(0, mark) + clean.slice(mark + 1);
    }
    at += clean.length + 2;
    return block([id, clean, extra]);
  });
  const doc = articleSchema.node('doc', null, nodes);
  const selection = TextSelection.create(doc, marks[0] ?? 1, marks[1] ?? marks[0] ?? 1);
  return EditorState.create({ doc, selection, plugins: [blockIdsPlugin()] });
}

function run(command: Command, before: EditorState): EditorState {
  let after = before;
  command(before, (tr) => {
    after = before.apply(tr);
  });
  return after;
}

const show = ({ doc }: EditorState) => doc.content.content.map((node) => `${node.attrs.id}:${node.textContent}`);
const ids = ({ doc }: EditorState) => doc.content.content.map((node) => String(node.attrs.id));

describe('splitting and joining', () => {
  it('EDIT-1 gives the first part the id and the second a new one', () => {
    const after = run(splitBlock, state(['a', 'one| two']));
    expect(after.doc.content.content.map((node) => node.textContent)).toEqual(['one', ' two']);
    expect(ids(after)[0]).toBe('a');
    expect(ids(after)[1]).toMatch(/^[A-Za-z]\w{11}$/);
  });

  it('EDIT-1 leaves the id with the words when Enter is pressed before the first of them', () => {
    const after = run(splitBlock, state(['a', '|one two']));
    expect(show(after)[1]).toBe('a:one two');
    expect(after.doc.child(0).textContent).toBe('');
    expect(ids(after)[0]).not.toBe('a');
  });

  it('EDIT-1 replaces a selection and lets a paragraph follow a heading', () => {
    const after = run(splitBlock, state(['a', 'one |two|', { kind: 'heading' }]));
    expect(after.doc.content.content.map((node) => [node.textContent, node.attrs.kind])).toEqual([
      ['one ', 'heading'],
      ['', 'paragraph'],
    ]);
  });

  it('leaves a list by Enter in an empty item', () => {
    const once = run(splitBlock, state(['a', '|', { kind: 'listItem', indent: 1 }]));
    expect([once.doc.child(0).attrs.kind, once.doc.child(0).attrs.indent]).toEqual(['listItem', 0]);
    expect(run(splitBlock, once).doc.child(0).attrs.kind).toBe('paragraph');
  });

  it('EDIT-2 lets the first block survive a join', () => {
    expect(show(run(joinBackward, state(['a', 'one'], ['b', '|two'])))).toEqual(['a:onetwo']);
    expect(show(run(joinForward, state(['a', 'one|'], ['b', 'two'])))).toEqual(['a:onetwo']);
  });

  it('EDIT-2 leaves words their id when the block before them is empty', () => {
    expect(show(run(joinBackward, state(['a', ''], ['b', '|two'])))).toEqual(['b:two']);
    expect(show(run(joinForward, state(['a', '|'], ['b', 'two'])))).toEqual(['b:two']);
  });

  it('takes an item out of its list before it joins it', () => {
    const after = run(joinBackward, state(['a', 'one'], ['b', '|two', { kind: 'listItem' }]));
    expect(show(after)).toEqual(['a:one', 'b:two']);
    expect(after.doc.child(1).attrs.kind).toBe('paragraph');
  });
});

describe('kinds', () => {
  it('EDIT-3 changes a kind as an attribute: words, marks and id stay', () => {
    const before = state(['a', 'one|'], ['b', 'two|']);
    const heading = run(toggleKind('heading', { level: 2 }), before);
    expect(show(heading)).toEqual(show(before));
    expect(heading.doc.content.content.map((node) => node.attrs.kind)).toEqual(['heading', 'heading']);
    expect(heading.doc.child(0).content).toBe(before.doc.child(0).content);
    expect(run(toggleKind('heading', { level: 2 }), heading).doc.child(1).attrs.kind).toBe('paragraph');
  });

  it('indents items of lists within bounds, and leaves Tab alone elsewhere', () => {
    const item = state(['a', '|one', { kind: 'listItem', indent: 5 }]);
    expect(run(indentBy(1), item).doc.child(0).attrs.indent).toBe(5);
    expect(run(indentBy(-1), item).doc.child(0).attrs.indent).toBe(4);
    expect(indentBy(1)(state(['a', '|one']))).toBe(false);
  });

  it('numbers ordered items, deeper ones anew, until something else comes', () => {
    const item = (ordered: boolean, indent = 0) => block([null, 'x', { kind: 'listItem', ordered, indent }]);
    const blocks = [
      item(true),
      item(true),
      item(true, 1),
      item(true, 1),
      item(true),
      block([null, 'x']),
      item(true),
      item(false),
    ];
    const doc = articleSchema.node('doc', null, blocks);
    expect(listNumbers(doc).map(({ number }) => number)).toEqual([1, 2, 1, 2, 3, 1]);
  });
});

describe('names of blocks', () => {
  it('EDIT-4 names a new block and renames a copy, whichever stands first', () => {
    const before = state(['a', 'one'], ['b', 'two|']);
    const named = before.apply(before.tr.insert(0, [block([null, 'new']), block(['b', 'copy'])]));
    expect(ids(named).slice(2)).toEqual(['a', 'b']);
    expect(new Set(ids(named)).size).toBe(4);
    expect(ids(named)).not.toContain('null');
  });

  it('EDIT-4 leaves what came from elsewhere alone', () => {
    const before = state(['a', 'one|']);
    const after = before.apply(
      before.tr.insert(0, block(['a', 'copy'])).setMeta(ySyncPluginKey, { isChangeOrigin: true }),
    );
    expect(ids(after)).toEqual(['a', 'a']);
  });

  it('EDIT-5 makes a missing block with the id and kind of its source, after the nearest block before it', () => {
    const source: BlockAttributes = { id: 'c', kind: 'quote', level: 1, indent: 0, ordered: false };
    const after = run(fillMissing(source, ['b', 'a']), state(['a', 'один|'], ['d', 'четыре']));
    expect(show(after)).toEqual(['a:один', 'c:', 'd:четыре']);
    expect(after.doc.child(1).attrs.kind).toBe('quote');
    expect(after.selection.$from.parent.attrs.id).toBe('c');
  });

  it('EDIT-5 puts it first where nothing before it is there, and into an empty text instead of its stand-in', () => {
    const source: BlockAttributes = { id: 'a', kind: 'heading', level: 1, indent: 0, ordered: false };
    expect(show(run(fillMissing(source, []), state(['b', 'два|'])))).toEqual(['a:', 'b:два']);
    expect(show(run(fillMissing(source, []), state([null, '|'])))).toEqual(['a:']);
    expect(fillMissing(source, [])(state(['a', '|']))).toBe(false);
  });
});

describe('pasting', () => {
  it('EDIT-6 cleans what cannot be seen out of pasted words', () => {
    expect(cleanText('a\u00A0b\u200B\u00ADc\u202Ed\uFEFF\u0007\tи\u0306')).toBe('a bcd й');
    expect(cleanText('x\uD800y').isWellFormed()).toBe(true);
  });

  it('EDIT-6 makes paragraphs of plain text: by blank lines, or else by lines', () => {
    const words = (text: string) =>
      textToSlice(text, null as never, false).content.content.map((node) => node.textContent);
    expect(words('one\ntwo\n\nthree\r\n \r\nfour')).toEqual(['one two', 'three', 'four']);
    expect(words('one\ntwo')).toEqual(['one', 'two']);
    expect(words('one')).toEqual(['one']);
  });

  it('EDIT-6 takes the ids of pasted blocks away and drops those without words', () => {
    const slice = state(['a', 'one'], ['b', '\u200B '], ['c', 'two']).doc.slice(0, 14);
    expect(cleanSlice(slice).content.content.map((node) => [node.attrs.id, node.textContent])).toEqual([
      [null, 'one'],
      [null, 'two'],
    ]);
  });

  it('reads an address as people write it', () => {
    expect(['kaktus.media/x', 'a@b.kg', 'https://x.kg', 'javascript:alert(1)', ' '].map(toAddress)).toEqual([
      'https://kaktus.media/x',
      'mailto:a@b.kg',
      'https://x.kg',
      'javascript:alert(1)',
      '',
    ]);
  });
});
