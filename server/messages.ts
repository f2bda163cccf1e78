// What the server says to people, in their language, out of translations/. One i18next instance per app, no global one.
import { createInstance } from 'i18next';
import { type ErrorBody, type ErrorCode, type ErrorDetails, KopuroError } from '../shared/protocol/errors.ts';
import en from '../translations/en.json' with { type: 'json' };
import ky from '../translations/ky.json' with { type: 'json' };
import ru from '../translations/ru.json' with { type: 'json' };
import { LogDamage, StorageError } from './storage/errors.ts';

export const LANGUAGES = ['en', 'ru', 'ky'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Say = (language: Language, key: string, values?: Record<string, unknown>) => string;

/** Makes the function that looks texts up. */
export function createMessages(): Say {
  const i18n = createInstance();
  void i18n.init({
    initAsync: false,
    resources: { en: { translation: en }, ru: { translation: ru }, ky: { translation: ky } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
  });
  const fixed = Object.fromEntries(LANGUAGES.map((language) => [language, i18n.getFixedT(language)])) as Record<
    Language,
    (key: string, values?: Record<string, unknown>) => string
  >;
  return (language, key, values) => fixed[language](key, values);
}

/** The language that somebody asked for: the cookie of the web app, else the browser's Accept-Language, else English. */
export function chooseLanguage(wanted: string | undefined, acceptLanguage: string | undefined): Language {
  const known = LANGUAGES.find((language) => language === wanted);
  if (known) return known;
  const ranked = (acceptLanguage ?? '')
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { language } of ranked) {
    const match = LANGUAGES.find((candidate) => candidate === language);
    if (match) return match;
  }
  return 'en';
}

/** An error as it travels to its reader. */
export function errorBody(say: Say, language: Language, code: ErrorCode, details?: ErrorDetails): ErrorBody {
  return { error: { code, message: say(language, `errors.${code}`, details), ...(details ? { details } : {}) } };
}

/** Any thrown value as an error that may be shown; what is not meant for people is `internal`. */
export function asKopuroError(error: unknown): KopuroError {
  if (error instanceof KopuroError) return error;
  if (error instanceof LogDamage) {
    return new KopuroError(error.damage.part === 'snapshot' ? 'snapshot-unreadable' : 'article-unreadable');
  }
  if (error instanceof StorageError && error.code === 'reference') return new KopuroError('article-not-found');
  // Another process has held the article for too long; or storage does not work now.
  if (error instanceof StorageError && (error.code === 'busy' || error.code === 'unavailable'))
    return new KopuroError('not-saved');
  if (error instanceof URIError) return new KopuroError('invalid-input', { field: 'url', reason: 'malformed' });
  return new KopuroError('internal');
}
