// The interface's language: which ones there are, which one is chosen, and how its words are loaded. Only the active
// language is fetched; the others when somebody switches. The choice lives in this browser and goes to the server in a cookie.
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const INTERFACE_LANGUAGES = ['en', 'ru', 'ky'] as const;
export type InterfaceLanguage = (typeof INTERFACE_LANGUAGES)[number];

/** Each language's own name for itself. */
export const OWN_NAMES: Record<InterfaceLanguage, string> = { en: 'English', ru: 'Русский', ky: 'Кыргызча' };

export const LANGUAGE_KEY = 'kopuro_language';
const YEAR_IN_SECONDS = 31_536_000;

const FILES = import.meta.glob<Record<string, unknown>>('../../translations/*.json', { import: 'default' });

export function isInterfaceLanguage(value: unknown): value is InterfaceLanguage {
  return INTERFACE_LANGUAGES.includes(value as InterfaceLanguage);
}

/** The language to begin with: what was chosen before, else the first of the browser's that we speak, else English. */
export function firstLanguage(chosen: string | null, browser: readonly string[]): InterfaceLanguage {
  if (isInterfaceLanguage(chosen)) return chosen;
  for (const tag of browser) {
    const language = tag.toLowerCase().split('-')[0];
    if (isInterfaceLanguage(language)) return language;
  }
  return 'en';
}

/** Makes the translator and loads its first language; `t` works once the promise resolves. */
export async function createTranslator(language: InterfaceLanguage): Promise<i18n> {
  const translator = i18next.createInstance();
  await translator.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: [...INTERFACE_LANGUAGES],
    defaultNS: 'translation',
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    resources: { [language]: { translation: await loadLanguage(language) } },
  });
  markDocument(language);
  return translator;
}

/** Switches the whole interface at once, and remembers it. */
export async function switchLanguage(translator: i18n, language: InterfaceLanguage): Promise<void> {
  if (!translator.hasResourceBundle(language, 'translation')) {
    translator.addResourceBundle(language, 'translation', await loadLanguage(language));
  }
  rememberLanguage(language);
  await translator.changeLanguage(language);
  markDocument(language);
}

/** What was chosen in this browser before, or null. */
export function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null; // storage may be closed to us; the cookie below still tells the server
  }
}

/** Writes the choice where the next visit and the server find it. */
export function rememberLanguage(language: InterfaceLanguage): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve
  document.cookie = `${LANGUAGE_KEY}=${language}; Path=/; Max-Age=${YEAR_IN_SECONDS}; SameSite=Lax`;
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // A private window without storage: the cookie remembers for as long as the window lives.
  }
}

function markDocument(language: InterfaceLanguage): void {
  document.documentElement.lang = language;
}

async function loadLanguage(language: InterfaceLanguage): Promise<Record<string, unknown>> {
  const load = FILES[`../../translations/${language}.json`];
  if (!load) throw new Error(`translations/${language}.json is missing from the build`);
  return load();
}
