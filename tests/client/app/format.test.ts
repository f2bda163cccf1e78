// Dates and numbers of the interface, compared with what Node's ICU (which has Kyrgyz) writes.
import { describe, expect, it } from 'vitest';
import { beginning, calendarDays, createFormats } from '../../../client/app/format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const noon = new Date(2026, 5, 15, 12, 0).getTime();
const ky = createFormats('ky');
const en = createFormats('en');
const ru = createFormats('ru');
/** CLDR uses several kinds of spaces that look alike. */
const spaces = (text: string) => text.replace(/\s/g, ' ');

describe('Kyrgyz without the browser’s help', () => {
  it('I18N-3 writes dates and times as CLDR does, every month of the year', () => {
    const date = new Intl.DateTimeFormat('ky', { dateStyle: 'medium' });
    const dateTime = new Intl.DateTimeFormat('ky', { dateStyle: 'medium', timeStyle: 'short' });
    const day = new Intl.DateTimeFormat('ky', { day: 'numeric', month: 'long' });
    for (let month = 0; month < 12; month += 1) {
      const at = new Date(2026, month, month + 3, month, month * 5);
      expect(ky.date(at.getTime())).toBe(date.format(at));
      expect(ky.dateTime(at.getTime())).toBe(dateTime.format(at));
      expect(ky.day(at.getTime(), noon)).toBe(day.format(at));
    }
  });

  it('I18N-3 writes numbers as CLDR does', () => {
    const number = new Intl.NumberFormat('ky', { maximumFractionDigits: 1 });
    for (const value of [0, 7, 999, 1_000, 12_345, 1_234_567, 0.5, 1234.5, -3, -12_345]) {
      expect(spaces(ky.number(value))).toBe(spaces(number.format(value)));
    }
  });

  it('I18N-3 writes spans of time as CLDR does', () => {
    const relative = new Intl.RelativeTimeFormat('ky', { numeric: 'auto' });
    expect(ky.relative(noon, noon)).toBe(relative.format(0, 'second'));
    for (const minutes of [1, 2, 5, 59]) {
      expect(ky.relative(noon - minutes * MINUTE, noon)).toBe(relative.format(-minutes, 'minute'));
      expect(ky.relative(noon + minutes * MINUTE, noon)).toBe(relative.format(minutes, 'minute'));
    }
    for (const hours of [1, 3, 11]) {
      expect(ky.relative(noon - hours * HOUR, noon)).toBe(relative.format(-hours, 'hour'));
    }
    for (const days of [-6, -2, -1, 0, 1, 2, 6]) {
      expect(ky.deadline(noon + days * DAY, noon)).toBe(relative.format(days, 'day'));
    }
  });
});

describe('the beginning of an item', () => {
  it('I18N-6 is a large letter in every script, whatever the language writes within a sentence', () => {
    expect(beginning('русский', 'ru')).toBe('Русский');
    expect(beginning('өзбекче', 'ky')).toBe('Өзбекче');
    expect(beginning('işaret', 'tr')).toBe('İşaret');
    expect(beginning('中文', 'ru')).toBe('中文');
    expect(beginning('', 'en')).toBe('');
  });
});

describe('relative times', () => {
  it('I18N-4 counts minutes and hours of today, then days of the calendar, then shows the date', () => {
    expect(en.relative(noon - 20_000, noon)).toBe('now');
    expect(en.relative(noon - 50_000, noon)).toBe('1 minute ago');
    expect(en.relative(noon - 90 * MINUTE, noon)).toBe('1 hour ago');
    expect(en.relative(noon - 13 * HOUR, noon)).toBe('yesterday');
    expect(en.relative(noon - 3 * DAY, noon)).toBe('3 days ago');
    expect(en.relative(noon - 8 * DAY, noon)).toBe('June 7');
    expect(ru.relative(noon - 5 * MINUTE, noon)).toBe('5 минут назад');
    expect(ru.day(noon - 400 * DAY, noon)).toContain('2025');
  });

  it('counts days by the calendar, not by hours', () => {
    const evening = new Date(2026, 5, 15, 23, 50).getTime();
    expect(calendarDays(evening, evening + 20 * MINUTE)).toBe(1);
    expect(calendarDays(evening, evening - 23 * HOUR)).toBe(0);
  });
});

it('I18N-5 never calls done what is nearly done, nor untouched what has begun', () => {
  expect(en.percent(0.9999)).toBe('99%');
  expect(en.percent(1)).toBe('100%');
  expect(en.percent(0.0001)).toBe('1%');
  expect(en.percent(0)).toBe('0%');
  expect(ky.percent(0.64)).toBe('64%');
  expect(spaces(ru.percent(0.64))).toBe('64 %');
});
