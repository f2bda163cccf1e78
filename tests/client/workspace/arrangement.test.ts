// Columns as a person left them, and the next step of a review.
import { describe, expect, it } from 'vitest';
import { arrange, createArrangement } from '../../../client/workspace/arrangement.ts';
import { confirmations, needsReason, nextConfirmation } from '../../../client/workspace/review/confirm.ts';

function storage() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

describe('arrangement', () => {
  it('EDIT-9 keeps choice, order and width of columns for the next visit', () => {
    const store = storage();
    const first = createArrangement(store, 'p');
    first.setLanguages(['en', 'ru', 'ky'], ['ru']);
    expect(first.shown.get()).toEqual(['en', 'ru', 'ky']);
    first.move('ky', -1);
    first.hide('en');
    first.resize('ky', 1.5);
    const next = createArrangement(store, 'p');
    next.setLanguages(['en', 'ru', 'ky'], ['ru']);
    expect(next.shown.get()).toEqual(['ky', 'ru']);
    expect(next.widths.get()).toEqual({ ky: 1.5 });
    expect(createArrangement(store, 'other').widths.get()).toEqual({});
  });

  it('never hides the last column', () => {
    const arrangement = createArrangement(storage(), 'p');
    arrangement.setLanguages(['en', 'ru'], []);
    arrangement.hide('en');
    arrangement.hide('ru');
    expect(arrangement.shown.get()).toEqual(['ru']);
  });

  it('shows one column where there is room for one: the one chosen there, else one that may be edited', () => {
    const arrangement = createArrangement(storage(), 'p');
    arrangement.setLanguages(['en', 'ru', 'ky'], ['ky']);
    arrangement.setNarrow(true);
    expect(arrangement.shown.get()).toEqual(['ky']);
    arrangement.show('ru');
    expect(arrangement.shown.get()).toEqual(['ru']);
    arrangement.setNarrow(false);
    expect(arrangement.shown.get()).toEqual(['en', 'ru', 'ky']);
  });

  it('leaves languages that it does not know where the article has them', () => {
    expect(arrange(['en', 'ru', 'de', 'ky'], ['ky', 'ru', 'en'])).toEqual(['ky', 'ru', 'de', 'en']);
  });
});

describe('confirming', () => {
  const translator = { role: 'translator', languages: ['ru'] } as const;
  const editor = { role: 'editor', languages: [] } as const;

  it('EDIT-10 offers a person only the steps that the access table gives them', () => {
    expect(confirmations(translator, 'ru', 'draft')).toEqual(['translated', 'reviewed']);
    expect(confirmations(translator, 'ky', 'draft')).toEqual([]);
    expect(confirmations(editor, 'ky', 'reviewed')).toEqual(['translated', 'final']);
    expect(confirmations(editor, 'ky', 'missing')).toEqual([]);
    expect(nextConfirmation(translator, 'ru', 'stale')).toBe('translated');
    expect(nextConfirmation(translator, 'ru', 'reviewed')).toBeNull();
  });

  it('EDIT-10 asks for a reason when one reviews one’s own translation', () => {
    const by = { id: 'me', name: 'Me', role: 'translator' } as const;
    const record = { state: 'translated', source: '', target: '', by, at: 0, translatedBy: by, reason: '' } as const;
    expect(needsReason('reviewed', record, translator, 'me')).toBe(true);
    expect(needsReason('reviewed', record, translator, 'other')).toBe(false);
    expect(needsReason('translated', record, translator, 'me')).toBe(false);
    expect(needsReason('reviewed', record, editor, 'me')).toBe(false);
  });
});
