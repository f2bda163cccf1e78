// Formats of the interface language, names of languages, and a clock that ticks, for components.
import type { i18n } from 'i18next';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { beginning, createFormats, type Formats } from './format.ts';
import { isInterfaceLanguage } from './i18n.ts';

/** The browser's formatters are dear to make, and every card shows a time: one set serves all of a translator's language. */
const FORMATS = new WeakMap<i18n, { language: string; formats: Formats }>();

export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const { language } = i18n;
  let known = FORMATS.get(i18n);
  if (known?.language !== language) {
    known = { language, formats: createFormats(isInterfaceLanguage(language) ? language : 'en') };
    FORMATS.set(i18n, known);
  }
  return known.formats;
}

/** Answers with a function that names a language (BCP 47) in the interface's language, as within a sentence. */
export function useLanguageName(): (tag: string) => string {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    return (tag) => {
      const key = `languages.${tag}` as 'languages.en';
      if (i18n.exists(key)) return t(key) as string;
      // The browser's own names: in the interface's language where it has them, else the language's name for itself.
      const names = new Intl.DisplayNames(i18n.language === 'ky' ? [tag] : [i18n.language], { type: 'language' });
      return names.of(tag) ?? tag;
    };
  }, [t, i18n]);
}

/** The same for an item of a list: Russian and Kyrgyz write names of languages small, but no item begins so. */
export function useLanguageLabel(): (tag: string) => string {
  const name = useLanguageName();
  const begin = useBeginning();
  return (tag) => begin(name(tag));
}

/** Answers with a function that makes the first letter large, by the rules of the interface's language. */
export function useBeginning(): (text: string) => string {
  const { i18n } = useTranslation();
  return (text) => beginning(text, i18n.language);
}

const TICK_MS = 30_000;

/** The time, renewed every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
