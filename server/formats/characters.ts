// Characters that a newsroom never means: invisible, controlling or broken ones. Works on any text and counts what it
// changed; it knows nothing of formats. Line ends come out as "\n", tabs stay.
import type { Cleaning } from './cleaning.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: vertical tab and form feed end lines, too
const LINE_ENDS = /\r\n|[\r\u000B\u000C\u0085\u2028\u2029]/g;
const NON_BREAKING = /[\u00A0\u2007\u202F]/g;
const ODD_SPACES = /[\u1680\u2000-\u2006\u2008-\u200A\u205F\u3000]/g;
const BIDI_OVERRIDES = /[\u202A-\u202E\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFF9-\uFFFC\uFFFE\uFFFF]/g;
const ZERO_WIDTH = /\u034F|[\u00AD\u061C\u180E\u200B\u200E\u200F\u2060-\u2064\uFEFF]/g;
const DIRECTION_MARKS = /[\u061C\u200E\u200F]/;
/** Joiners make emoji of several people and letters of some scripts; anywhere else they are litter. */
const JOINERS = /[\u200C\u200D]/g;
const JOINED_BEFORE =
  /(?:\uFE0F|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{Script=Malayalam}\p{Script=Mongolian}])$/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Most texts hold nothing else: Latin and Cyrillic letters in one piece, punctuation, plain blanks. */
const NOTHING_TO_CLEAN =
  /^[\n\t\u0020-\u007E\u00A1-\u00AC\u00AE-\u024F\u0400-\u0482\u048A-\u052F\u2010-\u2027\u2030-\u203A\u20A0-\u20BF\u2116]*$/;

/** The text without them, in NFC. Idempotent. */
export function cleanCharacters(text: string, cleaning: Cleaning): string {
  if (NOTHING_TO_CLEAN.test(text)) return text;
  let clean = text;
  if (!clean.isWellFormed()) {
    const before = clean;
    clean = clean.toWellFormed(); // U+FFFD in their place: that something is missing must stay visible
    let replaced = 0;
    for (let index = 0; index < clean.length; index++) if (clean[index] !== before[index]) replaced += 1;
    cleaning.add('lone-surrogate', replaced);
  }
  clean = clean.replace(LINE_ENDS, '\n');
  clean = replaceCounted(clean, NON_BREAKING, ' ', (count) => cleaning.add('non-breaking-space', count));
  clean = replaceCounted(clean, ODD_SPACES, ' ', (count) => cleaning.add('blank-run', count));
  clean = replaceCounted(clean, BIDI_OVERRIDES, '', (count) => cleaning.add('bidi-override', count));
  clean = replaceCounted(clean, CONTROLS, '', (count) => cleaning.add('control', count));
  clean = withoutZeroWidth(clean, cleaning);
  return normalized(clean, cleaning);
}

function withoutZeroWidth(text: string, cleaning: Cleaning): string {
  const keepDirection = RIGHT_TO_LEFT.test(text);
  let count = 0;
  const clean = text
    .replace(ZERO_WIDTH, (character) => {
      if (keepDirection && DIRECTION_MARKS.test(character)) return character;
      count += 1;
      return '';
    })
    .replace(JOINERS, (character, offset: number, whole: string) => {
      if (JOINED_BEFORE.test(whole.slice(Math.max(0, offset - 2), offset))) return character;
      count += 1;
      return '';
    });
  cleaning.add('zero-width', count);
  return clean;
}

function normalized(text: string, cleaning: Cleaning): string {
  const composed = text.normalize('NFC');
  if (composed !== text) cleaning.add('normalized', Math.max(1, text.length - composed.length));
  return composed;
}

function replaceCounted(text: string, pattern: RegExp, by: string, counted: (count: number) => void): string {
  let count = 0;
  const result = text.replace(pattern, () => {
    count += 1;
    return by;
  });
  counted(count);
  return result;
}
