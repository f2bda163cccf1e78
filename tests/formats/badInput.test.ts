// Files that are not what they should be: each is converted or refused with the code that says why, and quickly.
import { describe, expect, it } from 'vitest';
import { blocksOf, previewText, readImport } from '../../server/formats/import.ts';
import { blockText } from '../../shared/article/blocks.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { MAX_IMPORT_BYTES } from '../../shared/protocol/rest.ts';

const RUSSIAN =
  'В этом месяце парламент одобрил документ.\n\nПодъезд к мосту закрыт до четверга, сообщили в мэрии: «Ждите».';
const bytes = (text: string) => new TextEncoder().encode(text);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof KopuroError) return error.code;
    throw error;
  }
  return 'taken';
}

/** One-byte encoders made from Node's decoders. */
function encoded(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const table = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Uint8Array.from(text, (character) => table.get(character) ?? 0x3f);
}

function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const buffer = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return order === 'le' ? buffer : buffer.swap16();
}

describe('files that are refused', () => {
  it('FORMAT-8 empty, or with nothing but blanks', () => {
    expect(refusal(() => readImport({ bytes: new Uint8Array() }))).toBe('file-empty');
    expect(refusal(() => readImport({ bytes: bytes('\uFEFF \n\t\u00A0\n') }))).toBe('file-empty');
    expect(refusal(() => blocksOf('<script>only()</script>', 'html'))).toBe('file-empty');
    expect(refusal(() => blocksOf('\u200B\u0000', 'txt'))).toBe('file-empty');
  });

  it('FORMAT-8 binary, whatever their names say', () => {
    const starts = [
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0x50, 0x4b, 0x03, 0x04, 0x14, 0x00],
      [...bytes('%PDF-1.7\n%')],
      [0xff, 0xd8, 0xff, 0xe0],
      [0xd0, 0xcf, 0x11, 0xe0],
      [0xff, 0xfe, 0x00, 0x00, 0x41, 0x00, 0x00, 0x00],
    ];
    for (const start of starts) {
      expect(refusal(() => readImport({ bytes: Uint8Array.from(start), fileName: 'article.txt' }))).toBe('file-binary');
    }
    const noise = Uint8Array.from({ length: 4_000 }, (_, index) => (index * 197 + (index >> 3) * 91) % 256);
    expect(refusal(() => readImport({ bytes: noise, fileName: 'article.txt' }))).toBe('file-binary');
  });

  it('FORMAT-8 of formats that we do not read', () => {
    expect(refusal(() => readImport({ bytes: bytes('a,b\n1,2'), fileName: 'table.csv' }))).toBe('file-format-unknown');
    expect(refusal(() => readImport({ bytes: bytes('{\\rtf1 words}') }))).toBe('file-format-unknown');
  });

  it('FORMAT-8 too large, at once', () => {
    const large = new Uint8Array(50 * 1024 * 1024).fill(0x61);
    expect(refusal(() => readImport({ bytes: large, fileName: 'a.txt' }))).toBe('file-too-large');
    expect(refusal(() => previewText('ж'.repeat(MAX_IMPORT_BYTES / 2 + 1), 'txt'))).toBe('file-too-large');
  });

  it('FORMAT-9 more text than an article can be', () => {
    expect(refusal(() => blocksOf('word '.repeat(500_000), 'txt'))).toBe('body-too-large');
    expect(refusal(() => blocksOf('a\n\n'.repeat(30_000), 'txt'))).toBe('body-too-large');
    expect(refusal(() => blocksOf('<p>a'.repeat(30_000), 'html'))).toBe('body-too-large');
    expect(refusal(() => blocksOf('- a\n'.repeat(100_000), 'md'))).toBe('body-too-large');
  });

  it('FORMAT-9 nested 20,000 deep', () => {
    for (const tag of ['div', 'b', 'ul><li', 'blockquote']) {
      expect(refusal(() => blocksOf(`${`<${tag}>`.repeat(20_000)}x`, 'html'))).toBe('file-too-deep');
    }
    expect(refusal(() => blocksOf(`${'>'.repeat(20_000)} x`, 'md'))).toBe('file-too-deep');
    expect(refusal(() => blocksOf(`${'- '.repeat(20_000)}x`, 'md'))).toBe('file-too-deep');
  });

  it('FORMAT-9 texts made to make patterns slow are answered soon', () => {
    blocksOf('a > '.repeat(50_000), 'txt');
    blocksOf(`${'by '.repeat(50_000)}.`, 'txt');
    blocksOf('['.repeat(50_000), 'md');
    blocksOf('*a '.repeat(20_000), 'md');
    blocksOf('<'.repeat(100_000), 'html');
  });
});

describe('files that are converted', () => {
  it.each([
    ['windows-1251', encoded(RUSSIAN, 'windows-1251')],
    ['koi8-r', encoded(RUSSIAN.replace(/[«»]/g, '"'), 'koi8-r')],
    ['ibm866', encoded(RUSSIAN.replace(/[«»]/g, '"'), 'ibm866')],
    ['UTF-16LE', utf16(RUSSIAN, 'le', true)],
    ['UTF-16BE', utf16(RUSSIAN, 'be', true)],
    ['UTF-16LE', utf16(RUSSIAN, 'le', false)],
    ['UTF-16BE', utf16(RUSSIAN, 'be', false)],
    ['UTF-16LE', utf16('Plain English words only.', 'le', false)],
  ])('FORMAT-10 %s is recognised, converted and noted', (encoding, content) => {
    const { preview } = readImport({ bytes: content, fileName: 'article.txt' });
    expect(preview.cleaned[0]).toEqual({ code: 'converted-encoding', count: 1, detail: encoding });
    expect(preview.content.replace(/["«»]/g, '')).toMatch(
      /^(?:В этом месяце парламент[\s\S]*мэрии: Ждите\.|Plain English.*)$/,
    );
  });

  it('FORMAT-10 English with the curly quotes of an old word processor', () => {
    const { preview } = readImport({
      bytes: Uint8Array.from([0x93, ...bytes('It stands'), 0x94, ...bytes(' – said nobody.').slice(4)]),
    });
    expect(preview.content.startsWith('“It stands”')).toBe(true);
  });

  it('FORMAT-10 a page is believed about its own encoding', () => {
    const html = '<html><head><meta charset="windows-1251"></head><body><p>Ещё мост</p></body></html>';
    const { preview } = readImport({ bytes: encoded(html, 'windows-1251') });
    expect(preview.blocks.map(blockText)).toEqual(['Ещё мост']);
    expect(preview.cleaned).toEqual([{ code: 'converted-encoding', count: 1, detail: 'windows-1251' }]);
  });

  it('FORMAT-10 UTF-8 with a broken byte stays UTF-8, and the break is seen', () => {
    const { preview } = readImport({ bytes: Uint8Array.from([...bytes(RUSSIAN), 0xd0, ...bytes(' и дальше слова.')]) });
    expect(preview.content).toContain('\uFFFD и дальше');
    expect(preview.cleaned).toContainEqual({ code: 'lone-surrogate', count: 1 });
  });

  it('FORMAT-3 lone surrogates and NUL in a UTF-16 file are cleaned and counted', () => {
    const { preview } = readImport({ bytes: utf16('Words \uD83D and\u0000 more words here.', 'le', true) });
    expect(preview.blocks.map(blockText)).toEqual(['Words \uFFFD and more words here.']);
    expect(preview.cleaned.map(({ code }) => code)).toEqual(['converted-encoding', 'control', 'lone-surrogate']);
  });
});
