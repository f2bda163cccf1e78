// Dates, numbers and names of languages as readers of the interface language write them. Pure: the time is an argument.
import { wholePercent } from '../../shared/translation/review.ts';
import { KY_NOW, kyDate, kyDay, kyNumber, kyRelative, kyTime, type RelativeUnit } from './format-ky.ts';
import type { InterfaceLanguage } from './i18n.ts';

export interface Formats {
  /** 1,234 */
  number(value: number): string;
  /** 64% of a share from 0 to 1; never 100% or 0% for what is only nearly so. */
  percent(share: number): string;
  /** Jun 5, 2026 */
  date(at: number): string;
  /** Day and month; the year only if it is not that of `now`. */
  day(at: number, now: number): string;
  /** Jun 5, 2026, 9:07 AM */
  dateTime(at: number): string;
  /** 9:07 AM */
  time(at: number): string;
  /** "now", "5 minutes ago", "yesterday", up to a week; a date beyond. */
  relative(at: number, now: number): string;
  /** "in 3 days", "tomorrow", "2 days ago" by the calendar; a date beyond a week. */
  deadline(at: number, now: number): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const JUST_NOW = 45_000;
/** Further away than this a date says more than a count of days. */
const WEEK_IN_DAYS = 7;

export function createFormats(language: InterfaceLanguage): Formats {
  const words = language === 'ky' ? kyrgyzWords() : intlWords(language);
  const near = (at: number, now: number): string | null => {
    const days = calendarDays(now, at);
    return Math.abs(days) < WEEK_IN_DAYS ? words.relative(days, 'day') : null;
  };
  return {
    number: words.number,
    percent: (share) => words.percent(wholePercent(share)),
    date: (at) => words.date(new Date(at)),
    dateTime: (at) => words.dateTime(new Date(at)),
    time: (at) => words.time(new Date(at)),
    day(at, now) {
      const date = new Date(at);
      return date.getFullYear() === new Date(now).getFullYear() ? words.day(date) : words.date(date);
    },
    relative(at, now) {
      const passed = now - at;
      const size = Math.abs(passed);
      if (size < JUST_NOW) return words.now;
      const sign = passed > 0 ? -1 : 1;
      if (size < HOUR) return words.relative(sign * Math.max(1, Math.round(size / MINUTE)), 'minute');
      if (size < DAY && calendarDays(now, at) === 0) return words.relative(sign * Math.floor(size / HOUR), 'hour');
      return near(at, now) ?? this.day(at, now);
    },
    deadline(at, now) {
      return near(at, now) ?? this.day(at, now);
    },
  };
}

/** A word or phrase as it begins an item of a list: with a large first letter, by the rules of a language (BCP 47). */
export function beginning(text: string, language: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase(language) + text.slice(first.length);
}

/** How many days of the calendar lie between two moments: 0 for the same day, −1 for yesterday. */
export function calendarDays(from: number, to: number): number {
  const midnight = (at: number) => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

interface Words {
  now: string;
  number(value: number): string;
  percent(percent: number): string;
  date(date: Date): string;
  dateTime(date: Date): string;
  time(date: Date): string;
  day(date: Date): string;
  relative(value: number, unit: RelativeUnit): string;
}

function kyrgyzWords(): Words {
  return {
    now: KY_NOW,
    number: kyNumber,
    percent: (percent) => `${percent}%`,
    date: kyDate,
    dateTime: (date) => `${kyDate(date)} ${kyTime(date)}`,
    time: kyTime,
    day: kyDay,
    relative: kyRelative,
  };
}

function intlWords(language: Exclude<InterfaceLanguage, 'ky'>): Words {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    now: relative.format(0, 'second'),
    number: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
    date: (value) => date.format(value),
    dateTime: (value) => dateTime.format(value),
    time: (value) => time.format(value),
    day: (value) => day.format(value),
    relative: (value, unit) => relative.format(value, unit),
  };
}
