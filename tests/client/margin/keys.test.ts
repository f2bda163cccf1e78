// Keys and actions: what a key press means, and how actions are found.
import { describe, expect, it } from 'vitest';
import { type Action, createActions, searchActions } from '../../../client/margin/actions.ts';
import { comboKeys, isPlainKey, matchesCombo } from '../../../client/margin/keys.ts';

const press = (change: Partial<KeyboardEvent>) => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

const action = (id: string, title: string, change: Partial<Action> = {}): Action => ({
  id,
  title,
  group: 'view',
  run: () => {},
  ...change,
});

describe('keys', () => {
  it('MARGIN-14 are the same places of the keyboard in every layout', () => {
    expect(matchesCombo(press({ key: 'о', code: 'KeyJ' }), 'J', false)).toBe(true);
    expect(matchesCombo(press({ key: 'Л', code: 'KeyK', ctrlKey: true }), 'Mod+K', false)).toBe(true);
    expect(matchesCombo(press({ key: 'k', code: 'KeyK', metaKey: true }), 'Mod+K', true)).toBe(true);
    expect(matchesCombo(press({ key: 'k', code: 'KeyK', ctrlKey: true }), 'Mod+K', true)).toBe(false);
    expect(matchesCombo(press({ key: 'k', code: 'KeyK', ctrlKey: true }), 'K', false)).toBe(false);
    expect(matchesCombo(press({ key: '?', code: 'Slash', shiftKey: true }), '?', false)).toBe(true);
    expect(matchesCombo(press({ key: ',', code: 'Slash', shiftKey: true }), '?', false)).toBe(true);
    expect(matchesCombo(press({ key: 'Escape', code: 'Escape' }), 'Escape', false)).toBe(true);
  });

  it('MARGIN-14 without Ctrl, ⌘ or Alt could be typing', () => {
    expect(['J', '?', 'Escape'].every(isPlainKey)).toBe(true);
    expect(['Mod+K', 'Alt+J', 'Mod+Alt+M'].some(isPlainKey)).toBe(false);
    expect(comboKeys('Mod+Alt+M', false)).toEqual(['Ctrl', 'Alt', 'M']);
    expect(comboKeys('Mod+Escape', true)).toEqual(['⌘', 'Esc']);
  });
});

describe('actions', () => {
  it('MARGIN-15 are there while what offers them is shown; of the same id the latest counts', () => {
    const registry = createActions();
    const removeFirst = registry.add([action('a', 'old'), action('b', 'other')]);
    const removeSecond = registry.add([action('a', 'new')]);
    expect(registry.actions.get().map(({ title }) => title)).toEqual(['new', 'other']);
    removeSecond();
    expect(registry.actions.get().map(({ title }) => title)).toEqual(['old', 'other']);
    removeFirst();
    expect(registry.actions.get()).toEqual([]);
  });

  it('MARGIN-15 are found by the beginnings of their words; what cannot be done now is left out', () => {
    const all = [
      action('1', 'Показать только правки'),
      action('2', 'Следующая заметка'),
      action('3', 'Принять предложение', { disabled: true }),
      action('4', 'Заметка: закрыть', { words: 'resolve' }),
    ];
    const found = (query: string) => searchActions(all, query).map(({ id }) => id);
    expect(found('')).toEqual(['1', '2', '4']);
    expect(found('ЗАМЕТКА')).toEqual(['4', '2']);
    expect(found('правки только')).toEqual(['1']);
    expect(found('resolve')).toEqual(['4']);
    expect(found('принять')).toEqual([]);
  });
});
