// That the interface says the same in every language: same keys, right plural forms, same placeholders, nothing unused,
// nothing missing, and no language that is another one in disguise.
import { describe, expect, it } from 'vitest';
import { filesUnder, isCode, readSource } from './files.ts';

const LANGUAGES = ['en', 'ru', 'ky'] as const;
type Language = (typeof LANGUAGES)[number];
const PLURAL = /_(zero|one|two|few|many|other)$/;

const texts = Object.fromEntries(
  LANGUAGES.map((language) => [language, flatten(JSON.parse(readSource(`translations/${language}.json`)))]),
) as Record<Language, Map<string, string>>;

/** Base keys that have plural forms in some language. */
const counted = new Set(
  LANGUAGES.flatMap((language) => [...texts[language].keys()])
    .filter((key) => key.endsWith('_other'))
    .map((key) => key.replace(PLURAL, '')),
);
const base = (key: string) =>
  PLURAL.test(key) && counted.has(key.replace(PLURAL, '')) ? key.replace(PLURAL, '') : key;
const baseKeys = (language: Language) => new Set([...texts[language].keys()].map(base));

/** Words that Kyrgyz newsrooms and dictionaries share with Russian ones. */
const SAME_IN_RUSSIAN_AND_KYRGYZ = new Set(
  'абзац грамматика курсив орфография пунктуация редактор стиль текст терминология фактчекер цитата'.split(' '),
);

describe('translations', () => {
  it.each(['ru', 'ky'] as const)('have in %s the keys of English, no more and no fewer', (language) => {
    const english = baseKeys('en');
    const other = baseKeys(language);
    expect([...english].filter((key) => !other.has(key))).toEqual([]);
    expect([...other].filter((key) => !english.has(key))).toEqual([]);
  });

  it.each(LANGUAGES)('have exactly the plural forms that %s needs', (language) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const wrong: string[] = [];
    for (const key of counted) {
      const present = [...texts[language].keys()]
        .filter((candidate) => candidate.replace(PLURAL, '') === key && PLURAL.test(candidate))
        .map((candidate) => PLURAL.exec(candidate)![1]!);
      if (present.sort().join() !== [...forms].sort().join()) wrong.push(`${key}: ${present.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(['ru', 'ky'] as const)('use in %s the placeholders and tags of English', (language) => {
    const wrong: string[] = [];
    for (const key of baseKeys('en')) {
      const expected = new Set(formsOf('en', key).flatMap(placeholders));
      for (const form of formsOf(language, key)) {
        const found = new Set(placeholders(form));
        // A single form may do without its number: "one claim".
        const missing = [...expected].filter((name) => !found.has(name) && name !== '{{count}}');
        const extra = [...found].filter((name) => !expected.has(name));
        if (missing.length > 0 || extra.length > 0) wrong.push(`${key}: missing ${missing}, extra ${extra}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are never empty and have no blanks at their ends', () => {
    const wrong = LANGUAGES.flatMap((language) =>
      [...texts[language]]
        .filter(([, text]) => text === '' || text !== text.trim())
        .map(([key]) => `${language} ${key}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are in their own language: Russian and Kyrgyz in Cyrillic, Kyrgyz not in Russian', () => {
    const wrong: string[] = [];
    for (const [key, english] of texts.en) {
      const russian = texts.ru.get(key);
      const kyrgyz = texts.ky.get(key);
      // Placeholders, names of formats and the like hold no words to translate.
      const hasWords = /[a-z]{3}/.test(english.replace(/\{\{.*?\}\}|<.*?>/g, ''));
      if (!hasWords || SAME_EVERYWHERE.test(english)) continue;
      if (russian !== undefined && !/[а-яё]/i.test(russian)) wrong.push(`ru ${key}: ${russian}`);
      if (kyrgyz !== undefined && !/[а-яёңөү]/i.test(kyrgyz)) wrong.push(`ky ${key}: ${kyrgyz}`);
      if (kyrgyz !== undefined && kyrgyz === russian && !SAME_IN_RUSSIAN_AND_KYRGYZ.has(bare(kyrgyz))) {
        wrong.push(`ky = ru ${key}: ${kyrgyz}`);
      }
    }
    expect(wrong).toEqual([]);
    expect([...texts.ky.values()].filter((text) => /[ңөү]/i.test(text)).length).toBeGreaterThan(texts.ky.size / 4);
  });
});

/** Names of products, formats and languages by their own name. */
const SAME_EVERYWHERE =
  /^(Köpürö|Markdown( \(\.md\))?|HTML( \(\.html\))?|English|Русский|Кыргызча|https?:\S+|[\w.]+@[\w.]+)$/;

describe('the code', () => {
  const files = ['client', 'server', 'shared']
    .flatMap(filesUnder)
    .filter((path) => isCode(path) || path.endsWith('.html'));
  const sources = files.map((path) => ({ path, source: readSource(path) }));
  const english = baseKeys('en');
  const namespaces = new Set([...english].map((key) => key.split('.')[0]!));

  it('asks only for texts that exist', () => {
    const missing: string[] = [];
    for (const { path, source } of sources) {
      for (const match of source.matchAll(/(?:\bt\(\s*|\bi18nKey=\{?)(['"])([^'"\n]+)\1/g)) {
        const key = match[2]!;
        if (key.includes('.') && namespaces.has(key.split('.')[0]!) && !english.has(base(key)))
          missing.push(`${path}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('uses every text', () => {
    const literals = new Set<string>();
    const patterns: RegExp[] = [];
    for (const { source } of sources) {
      for (const match of source.matchAll(/(['"`])([\w-]+(?:\.[\w-]+)+)\1/g)) literals.add(match[2]!);
      // `errors.${code}`: a family of keys, of which any may be meant.
      for (const match of source.matchAll(/`([\w-]+\.[^`\n]*\$\{[^`\n]*)`/g)) {
        const family = match[1]!;
        if (!namespaces.has(family.split('.')[0]!)) continue;
        const pattern = family
          .split(/\$\{[^}]*\}/)
          .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('[\\w.-]+');
        patterns.push(new RegExp(`^${pattern}$`));
      }
    }
    const unused = [...english].filter(
      (key) =>
        !literals.has(key) &&
        !patterns.some((pattern) => pattern.test(key)) &&
        !INDIRECT.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});

/** Families whose names are put together elsewhere than in a literal: what the launcher says before anything is built. */
const INDIRECT = ['cli.start.'];

function flatten(value: Record<string, unknown>, prefix = ''): Map<string, string> {
  const result = new Map<string, string>();
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') result.set(prefix + key, inner);
    else
      for (const [path, text] of flatten(inner as Record<string, unknown>, `${prefix}${key}.`)) result.set(path, text);
  }
  return result;
}

/** The words alone: without placeholders, in small letters. */
function bare(text: string): string {
  return text
    .replace(/\{\{.*?\}\}/g, '')
    .trim()
    .toLowerCase();
}

function formsOf(language: Language, key: string): string[] {
  return [...texts[language]].filter(([candidate]) => base(candidate) === key).map(([, text]) => text);
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}|<\/?\w+\/?>/g)].map((match) =>
    match[1] === undefined ? match[0] : `{{${match[1]}}}`,
  );
}
