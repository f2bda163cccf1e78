// Makes up a long article in English, Russian and Kyrgyz, always the same for the same seed: the words mean nothing, their
// lengths and the sizes of paragraphs are those of newspaper prose. Pure; knows nothing of the server.

export interface LongArticle {
  /** Markdown of the source: headings and paragraphs. */
  markdown: string;
  /** Per target language, one text for each block of the source. */
  translations: Record<string, string[]>;
  words: number;
}

const SYLLABLES: Record<string, string[]> = {
  en: 'the mi nis ter of for in ter nal af fairs said on that a gree ment co op era tion to be signed by coun tries re gion'.split(
    ' ',
  ),
  ru: 'ми нистр ино стран ных дел за явил что со гла ше ние о со труд ни честве бу дет под пи са но го ро да стра ны'.split(
    ' ',
  ),
  ky: 'тыш кы иш тер ми нис три кыз мат таш туу жө нүн дө ке ли шим кол ко ю ла рын бил дир ди өл кө лөр дүн шаар'.split(
    ' ',
  ),
};

/** `words` in all languages together; paragraphs of 40 to 120 words, a heading after every twelfth. */
export function makeLongArticle(words: number, languages: readonly string[], seed = 7): LongArticle {
  const random = randomSource(seed);
  const perLanguage = Math.floor(words / languages.length);
  const [source, ...targets] = languages as [string, ...string[]];
  const lines: string[] = [];
  const translations: Record<string, string[]> = Object.fromEntries(targets.map((language) => [language, []]));
  let written = 0;
  for (let index = 0; written < perLanguage; index += 1) {
    const heading = index % 13 === 0;
    const length = Math.min(heading ? 6 : 40 + Math.floor(random() * 80), perLanguage - written);
    lines.push(`${heading ? '## ' : ''}${prose(source, length, random)}`);
    for (const language of targets) translations[language]!.push(prose(language, length, random));
    written += length;
  }
  return { markdown: lines.join('\n\n'), translations, words: written * languages.length };
}

/** Sentences of about 15 words. */
function prose(language: string, length: number, random: () => number): string {
  const syllables = SYLLABLES[language]!;
  const words: string[] = [];
  for (let index = 0; index < length; index += 1) {
    let word = '';
    for (let rest = 1 + Math.floor(random() * 4); rest > 0; rest -= 1) {
      word += syllables[Math.floor(random() * syllables.length)];
    }
    if (index % 15 === 0) word = word[0]!.toUpperCase() + word.slice(1);
    if (index % 15 === 14 || index === length - 1) word += '.';
    words.push(word);
  }
  return words.join(' ');
}

/** Mulberry32: small, fast, the same everywhere. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
