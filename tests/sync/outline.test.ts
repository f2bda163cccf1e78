// What is told to clients that come back: right for each of them, and found out once for all.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { payloadOf, type SharedMessage } from '../../server/sync/frames.ts';
import { Outline } from '../../server/sync/outline.ts';

function written(): Y.Doc {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'one two three');
  return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** Whether `copy` becomes the same document by this answer. */
function bringsUpToDate(answer: SharedMessage, copy: Y.Doc, doc: Y.Doc): boolean {
  Y.applyUpdate(copy, payloadOf(answer.message));
  return copy.getText('text').toString() === doc.getText('text').toString();
}

describe('Outline', () => {
  it('SYNC-53 tells whoever has every word what was deleted, found out once for each state of the document', () => {
    const doc = written();
    const outline = new Outline(doc);
    const [early, other] = [copyOf(doc), copyOf(doc)];
    const [first, second] = [early, other].map((copy) => outline.answer(Y.encodeStateVector(copy)));
    expect(second).toBe(first);
    expect(outline.question()).toBe(outline.question());

    const asked = outline.question();
    doc.getText('text').delete(0, 4); // the state vector stays the same
    const answer = outline.answer(Y.encodeStateVector(early));
    expect(answer).not.toBe(first);
    expect(bringsUpToDate(answer, early, doc)).toBe(true);

    doc.getText('text').insert(0, 'zero ');
    expect(outline.question()).not.toBe(asked);
    const [behind, current] = [outline.answer(Y.encodeStateVector(other)), outline.answer(Y.encodeStateVector(doc))];
    expect(behind.length).toBeGreaterThan(current.length);
    expect(bringsUpToDate(behind, other, doc)).toBe(true);
  });

  it('SYNC-53 tells whoever has one author whole and another in part what is missing', () => {
    const doc = written();
    const outline = new Outline(doc);
    const copy = copyOf(doc);
    const colleague = copyOf(doc);
    colleague.getText('text').insert(0, 'zero ');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(colleague));
    expect(bringsUpToDate(outline.answer(Y.encodeStateVector(copy)), copy, doc)).toBe(true);
    copy.getText('text').insert(0, 'mine, not sent yet ');
    Y.applyUpdate(copy, payloadOf(outline.answer(Y.encodeStateVector(copy)).message));
    expect(copy.getText('text').toString()).toBe('mine, not sent yet zero one two three');
  });
});
