// Notes that were begun and not sent.
import { describe, expect, it } from 'vitest';
import type { KeyValueStore } from '../../../client/article/memory.ts';
import { keptDrafts } from '../../../client/margin/drafts.ts';
import { findWordsAgain } from '../../../client/margin/target.ts';
import type { Draft, DraftFields } from '../../../client/margin/types.ts';
import { articleSchema } from '../../../shared/article/schema.ts';

function storage(initial: Record<string, string> = {}): KeyValueStore & { values: Map<string, string> } {
  const values = new Map(Object.entries(initial));
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

const at = (exact: string, startOffset = 0, change: Partial<Draft> = {}): Draft => ({
  kind: 'comment',
  words: {
    language: 'en',
    startBlock: 'a',
    startOffset,
    endBlock: 'a',
    endOffset: startOffset + exact.length,
    exact,
  },
  ...change,
});
const fields = (body: string): DraftFields => ({
  body,
  suggestion: '',
  statement: '',
  category: 'awkward',
  severity: 'minor',
});

describe('drafts of notes', () => {
  it('MARGIN-19 are kept by kind and words, also for the next visit, until they are let go', () => {
    const store = storage();
    const drafts = keptDrafts(store, 'key');
    drafts.keep({ ...at('the bridge'), fields: fields('Which') });
    drafts.keep({ ...at('the bridge', 9), fields: fields('Which one?') });
    drafts.keep({ ...at('the river'), fields: fields('Why?') });
    expect(drafts.find(at('the bridge'))?.fields.body).toBe('Which one?');
    expect(drafts.find(at('the bridge', 0, { kind: 'claim' }))).toBeNull();
    const next = keptDrafts(store, 'key');
    expect(next.kept.get().map((draft) => draft.fields.body)).toEqual(['Which one?', 'Why?']);
    next.drop(at('the bridge'));
    next.drop(at('the river'));
    expect(next.kept.get()).toEqual([]);
    expect(store.values.size).toBe(0);
  });

  it('MARGIN-19 do not grow without end, and what is no draft is none', () => {
    const drafts = keptDrafts(storage({ key: '{broken' }), 'key');
    expect(drafts.kept.get()).toEqual([]);
    for (let number = 0; number < 30; number++) drafts.keep({ ...at(`words ${number}`), fields: fields('?') });
    expect(drafts.kept.get()).toHaveLength(20);
    expect(drafts.find(at('words 29'))).not.toBeNull();
    expect(drafts.find(at('words 0'))).toBeNull();
  });

  it('MARGIN-19 find their words again where these moved within the block', () => {
    const doc = (text: string) =>
      articleSchema.node('doc', null, [articleSchema.node('block', { id: 'a' }, [articleSchema.text(text)])]);
    const { words } = at('bridge', 4);
    expect(findWordsAgain(doc('the bridge'), words)).toBe(words);
    const moved = findWordsAgain(doc('bridge? Yesterday the bridge'), { ...words, startOffset: 18 });
    expect([moved.startOffset, moved.endOffset]).toEqual([22, 28]);
    expect(findWordsAgain(doc('the river'), words)).toBe(words);
  });
});
