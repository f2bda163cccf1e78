// What a browser remembers of an article.
import { describe, expect, it } from 'vitest';
import { ArticleMemory, type KeyValueStore } from '../../../client/article/memory.ts';

function storage(): KeyValueStore & { keys(): string[] } {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

describe('ArticleMemory', () => {
  it('OFFLINE-6 names the local database by person, article and history, and anew after a refusal', () => {
    const store = storage();
    const memory = new ArticleMemory(store, 'person', 'article');
    const names = [memory.databaseName(1), memory.databaseName(2), memory.databaseName(1, 1)];
    expect(new Set(names).size).toBe(3);
    expect(new ArticleMemory(store, 'other', 'article').databaseName(1)).not.toBe(names[0]);
    memory.advanceTo(1);
    expect(memory.databaseName(1)).toBe(names[2]);
    memory.advanceTo(0);
    expect(memory.databaseName(1)).toBe(names[2]);
  });

  it('OFFLINE-6 remembers rights, kept words and waiting changes for the next visit', () => {
    const store = storage();
    const memory = new ArticleMemory(store, 'person', 'article');
    memory.rights = { epoch: 3, standing: { role: 'translator', languages: ['ru'] }, editable: ['ru'] };
    memory.kept = { reason: 'not-allowed', kept: [{ language: 'ru', blockId: 'a', text: 'слова' }] };
    memory.setWaiting('tab1', 4);
    memory.setWaiting('tab2', 1);
    memory.setWaiting('tab2', 0);
    const next = new ArticleMemory(store, 'person', 'article');
    expect(next.rights?.epoch).toBe(3);
    expect(next.kept?.kept).toHaveLength(1);
    expect(next.waiting).toEqual({ tab1: 4 });
    next.setWaiting('tab1', 0);
    next.kept = null;
    expect(store.keys()).toEqual(['kopuro/person/article/rights']);
  });

  it('takes no harm from what another program wrote under its keys', () => {
    const store = storage();
    store.setItem('kopuro/person/article/rights', '{not json');
    expect(new ArticleMemory(store, 'person', 'article').rights).toBeNull();
  });
});
