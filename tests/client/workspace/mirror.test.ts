// Texts that one may only read, and carets in texts of both kinds.
import { EditorState } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { initProseMirrorDoc } from 'y-prosemirror';
import * as Y from 'yjs';
import { MirrorReader, mirrorPlugin, replaceDifference } from '../../../client/workspace/editor/mirror.ts';
import { toAbsolute, toRelative } from '../../../client/workspace/presence/positions.ts';
import { createBlockElement, makeBlock } from '../../../shared/article/blocks.ts';
import { textRoot } from '../../../shared/article/roots.ts';
import { articleSchema } from '../../../shared/article/schema.ts';

function stage() {
  const doc = new Y.Doc();
  const fragment = doc.getXmlFragment(textRoot('en'));
  fragment.push([
    createBlockElement(
      makeBlock('a', [{ text: 'one ' }, { text: 'two', bold: true }, { text: ' x', link: 'https://x.kg' }]),
    ),
    createBlockElement(makeBlock('b', 'three', { kind: 'listItem', indent: 2, ordered: true })),
  ]);
  const reader = new MirrorReader(fragment);
  const state = EditorState.create({ doc: reader.document(), plugins: [mirrorPlugin(fragment, reader)] });
  return { doc, fragment, reader, state };
}

describe('a read-only text', () => {
  it('EDIT-7 shows what y-prosemirror would show', () => {
    const { fragment, state } = stage();
    expect(state.doc.toJSON()).toEqual(initProseMirrorDoc(fragment, articleSchema).doc.toJSON());
  });

  it('EDIT-7 lets nothing that a view does change its document, and so nothing reach the Y.Doc', () => {
    const { doc, state } = stage();
    let updates = 0;
    doc.on('update', () => {
      updates += 1;
    });
    const after = state.applyTransaction(state.tr.insertText('typed', 1));
    expect(after.transactions).toEqual([]);
    expect(after.state.doc.eq(state.doc)).toBe(true);
    expect(updates).toBe(0);
  });

  it('EDIT-7 follows others by the smallest replacement, and survives what the schema does not know', () => {
    const { fragment, reader, state } = stage();
    const element = fragment.get(1) as Y.XmlElement;
    (element.get(0) as Y.XmlText).insert(5, '!', { unknown: true });
    (element as Y.XmlElement<Record<string, string>>).setAttribute('kind', 'listItem');
    reader.forget(element);
    const tr = replaceDifference(state, reader.document())!;
    expect(state.apply(tr).doc.child(1).textContent).toBe('three!');
    expect(state.apply(tr).doc.child(0)).toBe(state.doc.child(0));
    expect(element.toString()).toContain('unknown');
    expect(replaceDifference(state.apply(tr), reader.document())).toBeNull();
  });
});

describe('carets', () => {
  it('EDIT-8 finds every position again through its relative one', () => {
    const { fragment, state } = stage();
    state.doc.forEach((node, offset) => {
      for (let pos = offset + 1; pos <= offset + 1 + node.content.size; pos++) {
        expect(toAbsolute(fragment, state.doc, toRelative(fragment, state.doc, pos))).toBe(pos);
      }
    });
  });

  it('EDIT-8 follows the words that it stands in while others type before them', () => {
    const { fragment, reader, state } = stage();
    const at = toRelative(fragment, state.doc, 3);
    const element = fragment.get(0) as Y.XmlElement;
    (element.get(0) as Y.XmlText).insert(0, 'zero ');
    fragment.insert(0, [createBlockElement(makeBlock('n', 'new'))]);
    reader.forget(element);
    expect(toAbsolute(fragment, reader.document(), at)).toBe(3 + 5 + 5);
  });

  it('takes nonsense from other clients for no caret', () => {
    const { fragment, state } = stage();
    for (const nonsense of [null, 5, 'x', {}, { type: 'y', item: 7 }]) {
      expect(toAbsolute(fragment, state.doc, nonsense)).toBeNull();
    }
  });
});
