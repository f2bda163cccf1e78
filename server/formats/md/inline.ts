// Runs to Markdown's inline syntax. CommonMark decides by the neighbours of `**` and `_` whether they open or close; where a
// neighbour would decide wrongly it is written as a character reference, which counts as punctuation.
import { type Inline, normalizeInlines } from '../../../shared/article/blocks.ts';
import { isSafeLink } from '../../../shared/article/schema.ts';

interface Mark {
  key: string;
  open: string;
  close: string;
  emphasis: boolean;
}

/** What stands between two runs: marks that end, then marks that begin. */
interface Boundary {
  closes: readonly Mark[];
  opens: readonly Mark[];
}

/** Outside a delimiter one of these lets it open or close as we mean it. */
const NEUTRAL = /^[\s\p{P}]$/u;

/** Code points, but joined ones (families of emoji) in one piece: a joiner after a reference would look like litter. */
const CHARACTERS = /.\uFE0F?(?:[\u200C\u200D].\uFE0F?)*/gsu;

export function inlineMarkdown(content: readonly Inline[]): string {
  const runs = normalizeInlines(content.map((run) => ({ ...run, text: run.text.replace(/\s+/g, ' ') })));
  const marks = [[], ...runs.map(marksOf), []];
  const boundaries = marks.slice(1).map((next, index) => boundary(marks[index]!, next));
  const pieces = runs.map(
    (run, index) => delimiters(boundaries[index]!) + words(run.text, boundaries[index]!, boundaries[index + 1]!),
  );
  return escapeLineStart(pieces.join('') + delimiters(boundaries[runs.length]!));
}

/** Link outermost, bold, italic innermost: the same order in every run, so that neighbours share what they can. */
function marksOf(run: Inline): Mark[] {
  const marks: Mark[] = [];
  if (isSafeLink(run.link)) {
    const address = run.link.replace(/[<>\\&]/g, (character) => `&#${character.charCodeAt(0)};`);
    marks.push({ key: run.link, open: '[', close: `](<${address}>)`, emphasis: false });
  }
  if (run.bold) marks.push({ key: '**', open: '**', close: '**', emphasis: true });
  if (run.italic) marks.push({ key: '_', open: '_', close: '_', emphasis: true });
  return marks;
}

function boundary(before: readonly Mark[], after: readonly Mark[]): Boundary {
  let kept = 0;
  while (kept < before.length && kept < after.length && before[kept]!.key === after[kept]!.key) kept += 1;
  return { closes: before.slice(kept).reverse(), opens: after.slice(kept) };
}

function delimiters({ closes, opens }: Boundary): string {
  return closes.map((mark) => mark.close).join('') + opens.map((mark) => mark.open).join('');
}

function words(text: string, before: Boundary, after: Boundary): string {
  const characters = text.match(CHARACTERS) ?? [];
  const last = characters.length - 1;
  return characters
    .map((character, index) => {
      if (index === 0 && wrongAfter(character, before)) return reference(character);
      if (index === last && wrongBefore(character, after)) return reference(character);
      return escaped(character, characters[index + 1]);
    })
    .join('');
}

/** Whether a delimiter just before this character would be taken otherwise than meant. */
function wrongAfter(character: string, { closes, opens }: Boundary): boolean {
  const inner = opens.at(-1);
  if (inner) return inner.emphasis && character === ' ';
  return closes.at(-1)?.emphasis === true && !NEUTRAL.test(character);
}

/** Whether a delimiter just after this character would be. */
function wrongBefore(character: string, { closes, opens }: Boundary): boolean {
  const inner = closes[0];
  if (inner) return inner.emphasis && character === ' ';
  const outer = opens[0];
  if (!outer) return false;
  return outer.emphasis ? !NEUTRAL.test(character) : character === '!'; // "!" before a link makes an image
}

function reference(character: string): string {
  return Array.from(character, (point) => `&#${point.codePointAt(0)};`).join('');
}

function escaped(character: string, next: string | undefined): string {
  if ('\\`*_[]<~'.includes(character)) return `\\${character}`;
  if (character === '&' && (next === undefined || /[#A-Za-z]/.test(next))) return '&amp;';
  return character;
}

/** What would make a heading, a list, a quotation or a rule of the block. */
function escapeLineStart(markdown: string): string {
  return markdown.replace(/^([#>=+-])/, '\\$1').replace(/^(\d{1,9})([.)])/, '$1\\$2');
}
