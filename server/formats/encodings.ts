// Recognises one-byte encodings by what the text would be in each: words of one script, small letters after great ones,
// frequent letters frequent. Enough for Russian and Kyrgyz (which had no letters of its own in them) and western texts.

const CANDIDATES = ['windows-1251', 'koi8-r', 'ibm866', 'windows-1252'] as const;
/** So much is enough to judge by, and keeps ten megabytes from being decoded four times. */
const SAMPLE_BYTES = 64 * 1024;
/** The commonest letters of Russian: two thirds of any text. */
const FREQUENT = new Set('оеаинтсрвлк');
const MINIMUM_SCORE = 0.4;

/** The encoding in which these bytes make most sense, or null if they make none. */
export function recogniseSingleByte(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let best: { encoding: string; score: number } | null = null;
  for (const encoding of CANDIDATES) {
    const score = plausibility(new TextDecoder(encoding).decode(sample));
    if (best === null || score > best.score) best = { encoding, score };
  }
  return best !== null && best.score >= MINIMUM_SCORE ? best.encoding : null;
}

/** Around 1 for text, around 0 and less for noise: the mean over all characters past ASCII. */
function plausibility(text: string): number {
  let score = 0;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character <= '\u007F') continue;
    count += 1;
    score += worth(character, text[index - 1] ?? ' ', text[index + 1] ?? ' ');
  }
  return count === 0 ? 0 : score / count;
}

const CYRILLIC = /[\u0400-\u04FF]/;
const LATIN = /[A-Za-z\u00C0-\u024F]/;
const SMALL = /\p{Ll}/u;
const GREAT = /\p{Lu}/u;
const TYPOGRAPHY = /[\u2013\u2014\u2018-\u201E\u2026\u2022\u00AB\u00BB\u00A0\u2116\u00A7\u00B0\u00A9]/;

function worth(character: string, before: string, after: string): number {
  if (TYPOGRAPHY.test(character)) return 0.8;
  const cyrillic = CYRILLIC.test(character);
  if (!cyrillic && !LATIN.test(character)) return -1;
  // Letters of the other script within a word, and great letters after small ones, come from the wrong table.
  const foreign = cyrillic ? LATIN : CYRILLIC;
  if (foreign.test(before) || foreign.test(after)) return -1;
  if (GREAT.test(character)) return SMALL.test(before) ? -1 : 0.5;
  if (cyrillic) return FREQUENT.has(character) ? 1.2 : 0.6;
  // Western letters with marks stand between plain ones; a row of them is Cyrillic read wrongly.
  return before > '\u007F' || after > '\u007F' ? -0.5 : 0.7;
}
