// The interface's texts as the tests need them: to tell an untranslated key from words, and one language from another.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const INTERFACE_LANGUAGES = ['en', 'ru', 'ky'] as const;
export type InterfaceLanguage = (typeof INTERFACE_LANGUAGES)[number];

export function readTexts(language: InterfaceLanguage): Map<string, string> {
  const file = fileURLToPath(new URL(`../../translations/${language}.json`, import.meta.url));
  return flatten(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>, '');
}

/** A language calls itself this in every list of languages, whatever the interface's. */
const OWN_NAME = 'English';

/** What among the texts of a page is a key, an unfilled placeholder, or English where `language` has other words. */
export function untranslated(texts: readonly string[], language: InterfaceLanguage): string[] {
  const english = readTexts('en');
  const own = readTexts(language);
  const namespaces = [...new Set([...english.keys()].map((key) => key.split('.')[0]))].join('|');
  const key = new RegExp(`^(${namespaces})(\\.[A-Za-z][\\w-]*)+$`);
  const foreign = new Set<string>();
  if (language !== 'en') {
    const ownValues = new Set(own.values());
    for (const [name, text] of english) {
      if (text !== OWN_NAME && text !== own.get(name) && !ownValues.has(text) && /[a-z]{3}/.test(text))
        foreign.add(text);
    }
  }
  return texts.filter((text) => key.test(text) || /\{\{|\}\}|\$t\(/.test(text) || foreign.has(text));
}

function flatten(value: Record<string, unknown>, prefix: string): Map<string, string> {
  const result = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') result.set(prefix + name, inner);
    else for (const entry of flatten(inner as Record<string, unknown>, `${prefix}${name}.`)) result.set(...entry);
  }
  return result;
}
