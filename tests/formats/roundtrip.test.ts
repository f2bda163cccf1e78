// What is exported to Markdown or HTML comes back as the same blocks, whatever the words are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportText } from '../../server/formats/export.ts';
import { blocksOf } from '../../server/formats/import.ts';
import { type Block, type Inline, makeBlock, normalizeInlines } from '../../shared/article/blocks.ts';
import { BLOCK_KINDS, MAX_HEADING_LEVEL, MAX_INDENT } from '../../shared/article/schema.ts';

const SEED = 20110615;
const WORDS = [
  'Өкмөт',
  'жөнүндө',
  'үчүн',
  'таңкы',
  'слово',
  'Съезд',
  'NATO',
  'a',
  'I',
  '1',
  '12.',
  '3)',
  '*',
  '**',
  '_',
  '__',
  '`',
  '```',
  '#',
  '##',
  '>',
  '<b>',
  '</p>',
  '<script>',
  '&amp;',
  '&',
  '&#42;',
  '[x]',
  '[x](y)',
  '![',
  '!',
  ']',
  '(',
  ')',
  '\\',
  '\\*',
  '~~',
  '-',
  '--',
  '---',
  '—',
  '+',
  '=',
  '===',
  '|',
  '{:.byline}',
  '"',
  '«',
  '»',
  '’',
  "'",
  '.',
  ',',
  '…',
  'https://example.org/a_b*c',
  'a*b*c',
  'snake_case_word',
  'By',
  'Aigul',
  'Sadykova',
  '15.06.2011',
  'Bishkek,',
  '👩‍👩‍👧',
  '𝒳',
  ':',
  '%',
  '$1',
];
const LINKS = [
  'https://example.org/',
  'https://example.org/a(b)?c=1&d=%20#e',
  'mailto:desk@example.org',
  'https://пример.рф/өү_*',
];

const glue = fc.constantFrom(' ', ' ', ' ', '');
const words = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), glue), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.map(([word, space]) => word + space).join(''));
const run: fc.Arbitrary<Inline> = fc
  .record({
    text: words,
    bold: fc.boolean(),
    italic: fc.boolean(),
    link: fc.option(fc.constantFrom(...LINKS), { nil: undefined, freq: 4 }),
  })
  .map(({ text, bold, italic, link }) => ({
    text,
    ...(bold ? { bold: true as const } : {}),
    ...(italic ? { italic: true as const } : {}),
    ...(link === undefined ? {} : { link }),
  }));
/** Runs as an editor holds them after cleaning: no blanks at the ends, none doubled. */
const content = fc
  .array(run, { minLength: 1, maxLength: 4 })
  .map((runs) => {
    let before = ' ';
    const tidy = runs.map((one) => {
      let text = one.text.replace(/ {2,}/g, ' ');
      if (before.endsWith(' ')) text = text.replace(/^ /, '');
      if (text !== '') before = text;
      return { ...one, text };
    });
    const kept = normalizeInlines(tidy);
    const last = kept.at(-1);
    if (last) last.text = last.text.replace(/ $/, '');
    return normalizeInlines(kept);
  })
  .filter((runs) => runs.length > 0 && !runs.some((one) => one.text.endsWith(' ') && one === runs.at(-1)));
const block: fc.Arbitrary<Block> = fc
  .record({
    kind: fc.constantFrom(...BLOCK_KINDS, 'listItem' as const, 'listItem' as const),
    level: fc.integer({ min: 1, max: MAX_HEADING_LEVEL }),
    indent: fc.integer({ min: 0, max: MAX_INDENT }),
    ordered: fc.boolean(),
    content,
  })
  .map(({ kind, level, indent, ordered, content: runs }) =>
    makeBlock('', runs, {
      kind,
      level: kind === 'heading' ? level : 1,
      indent: kind === 'listItem' ? indent : 0,
      ordered: kind === 'listItem' && ordered,
    }),
  );

describe('round trips', () => {
  for (const format of ['md', 'html'] as const) {
    it(`FORMAT-6 what is exported as ${format} comes back as the same blocks`, () => {
      fc.assert(
        fc.property(fc.array(block, { minLength: 1, maxLength: 8 }), (blocks) => {
          const text = exportText(blocks, format, { language: 'ky', title: 'Көпүрө <&> "' });
          expect(blocksOf(text, format).blocks).toEqual(blocks);
        }),
        { seed: SEED, numRuns: 300 },
      );
    });
  }
});
