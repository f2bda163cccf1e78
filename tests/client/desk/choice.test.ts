// What is offered for a new article.
import { expect, it } from 'vitest';
import { firstOmitted, firstTargets, guessLanguage } from '../../../client/desk/choice.ts';

it('DESK-6 ticks what is surely a leftover of a web page, and offers what is doubtful unticked', () => {
  expect([
    ...firstOmitted([
      { index: 0, reason: 'navigation' },
      { index: 3, reason: 'date-alone' },
      { index: 4, reason: 'image-link' },
      { index: 9, reason: 'short-fragment' },
    ]),
  ]).toEqual([0, 4]);
});

it('guesses the language of a text by its letters', () => {
  expect(guessLanguage('The Parliament ratified it.')).toBe('en');
  expect(guessLanguage('Парламент утвердил его, НАТО.')).toBe('ru');
  expect(guessLanguage('Парламент аны жактырды, өкүлчүлүгүн көчүрөт.')).toBe('ky');
  expect(guessLanguage('')).toBe('en');
});

it('offers the usual languages but the source', () => {
  expect(firstTargets('ru')).toEqual(['en', 'ky']);
  expect(firstTargets('de')).toEqual(['en', 'ru', 'ky']);
});
