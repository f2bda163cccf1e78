// Which language the interface begins with.
import { expect, it } from 'vitest';
import { firstLanguage } from '../../../client/app/i18n.ts';

it('I18N-1 begins with the chosen language, else the first of the browser’s that it speaks, else English', () => {
  expect(firstLanguage('ky', ['ru-RU'])).toBe('ky');
  expect(firstLanguage(null, ['de-DE', 'ru-KG', 'en'])).toBe('ru');
  expect(firstLanguage(null, ['KY-kg'])).toBe('ky');
  expect(firstLanguage('xx', ['fr', 'de'])).toBe('en');
  expect(firstLanguage(null, [])).toBe('en');
});
