// Texts of every format become blocks; what a page left behind is cleaned and listed, or offered for removal.
import { describe, expect, it } from 'vitest';
import { blocksOf, previewText, readImport } from '../../server/formats/import.ts';
import { blockText } from '../../shared/article/blocks.ts';
import type { ImportFormat } from '../../shared/protocol/rest.ts';
import { COPIED_ARTICLE } from './article.fixture.ts';

const utf8 = new TextEncoder();
const shapes = (content: string, format: ImportFormat) =>
  blocksOf(content, format).blocks.map((block) => `${block.kind}: ${blockText(block)}`);
const counts = (content: string, format: ImportFormat) =>
  Object.fromEntries(blocksOf(content, format).cleaned.map(({ code, count }) => [code, count]));

describe('plain text', () => {
  it('FORMAT-1 an article copied from a page becomes headline, byline, paragraphs, list and dateline', () => {
    const { preview } = readImport({ bytes: utf8.encode(COPIED_ARTICLE), fileName: 'ferry.txt' });
    expect(preview.blocks.map(({ kind }) => kind)).toEqual([
      'paragraph',
      'heading',
      'byline',
      'paragraph',
      'paragraph',
      'listItem',
      'listItem',
      'listItem',
      'paragraph',
      'paragraph',
      'paragraph',
      'dateline',
    ]);
    expect(preview.title).toBe('A Ferry Comes Back to the Lake');
    expect(preview.format).toBe('txt');
    expect(preview.blocks.every(({ id }) => id === '')).toBe(true);
  });

  it('FORMAT-2 leftovers of a page are offered for removal, neither lost nor silently kept', () => {
    const { blocks, suspects } = blocksOf(COPIED_ARTICLE, 'txt');
    expect(suspects.map(({ index, reason }) => [blockText(blocks[index]!), reason])).toEqual([
      ['Home', 'navigation'],
      ['> Map of the Crossing', 'image-link'],
      ['03.09.2012', 'date-alone'],
    ]);
  });

  it('FORMAT-3 what was cleaned is counted', () => {
    expect(counts(COPIED_ARTICLE, 'txt')).toEqual({ 'non-breaking-space': 2, 'zero-width': 1, 'blank-run': 1 });
    expect(counts('И\u0306 без\u0000 NUL, \u202Eoverride\u2066, \uD800 lone, a\u200Bb\uFEFFc, x  y', 'txt')).toEqual({
      control: 1,
      'bidi-override': 2,
      'lone-surrogate': 1,
      'zero-width': 2,
      'blank-run': 1,
      normalized: 1,
    });
  });

  it('FORMAT-3 broken characters leave a visible mark, and the text is well formed NFC', () => {
    const [block] = blocksOf('кайсы \uDC00 \u0438\u0306', 'txt').blocks;
    expect(blockText(block!)).toBe('кайсы \uFFFD й');
  });

  it('FORMAT-3 keeps joiners that make one emoji of several', () => {
    expect(shapes('Family 👩\u200D👩\u200D👧 comes home to\u200Dday.', 'txt')).toEqual([
      'paragraph: Family 👩\u200D👩\u200D👧 comes home today.',
    ]);
  });

  it('FORMAT-1 an article of one line a paragraph', () => {
    const lines = [
      'The Bridge Is Closed Again',
      'By Asel Toktosunova and Pavel Kim',
      'On Monday the bridge was closed for the third time in this year, and nobody was surprised by it.',
      'What must be done:',
      'new boards',
      'paint for the railing',
      'The works shall begin in spring, said the head of the village, if the money will be found.',
    ];
    expect(shapes(lines.join('\n'), 'txt').map((shape) => shape.split(':')[0])).toEqual([
      'heading',
      'byline',
      'paragraph',
      'paragraph',
      'listItem',
      'listItem',
      'paragraph',
    ]);
  });

  it('FORMAT-1 lines broken at a width are one paragraph', () => {
    const wrapped = [
      'The bridge over the river was built in a year by people who had never before',
      'seen one, and it stands to this day without a single crack, which the whole of',
      'the valley is proud of.',
    ];
    expect(shapes(wrapped.join('\n'), 'txt')).toEqual([`paragraph: ${wrapped.join(' ')}`]);
  });

  it('FORMAT-1 marks make lists, nested and numbered', () => {
    const { blocks } = blocksOf(
      'Needed for the works:\n\n- boards\n  - of oak\n  - of pine\n- nails\n\nThen comes this:\n\n1. saw\n2) fit',
      'txt',
    );
    expect(
      blocks.filter(({ kind }) => kind === 'listItem').map((block) => [blockText(block), block.indent, block.ordered]),
    ).toEqual([
      ['boards', 0, false],
      ['of oak', 1, false],
      ['of pine', 1, false],
      ['nails', 0, false],
      ['saw', 0, true],
      ['fit', 0, true],
    ]);
  });

  it('FORMAT-1 direct speech that opens with a dash stays speech', () => {
    expect(
      shapes(
        'Корреспондент спросил его об этом мосте и о том, что будет дальше.\n\n— Мост стоит, — ответил он.',
        'txt',
      )[1],
    ).toBe('paragraph: — Мост стоит, — ответил он.');
  });
});

describe('Markdown', () => {
  it('FORMAT-4 keeps headings, lists, quotes, bold, italic and links', () => {
    const markdown =
      '# Headline\n\nSome **bold**, *italic* and [a link](https://example.org/).\n\n- one\n  1. deeper\n- two\n\n> quoted\n> words\n\n###### Six\n';
    expect(blocksOf(markdown, 'md').blocks).toMatchObject([
      { kind: 'heading', level: 1 },
      {
        content: [
          { text: 'Some ' },
          { text: 'bold', bold: true },
          { text: ', ' },
          { text: 'italic', italic: true },
          { text: ' and ' },
          { text: 'a link', link: 'https://example.org/' },
          { text: '.' },
        ],
      },
      { kind: 'listItem', indent: 0, ordered: false },
      { kind: 'listItem', indent: 1, ordered: true },
      { kind: 'listItem', indent: 0, ordered: false },
      { kind: 'quote', content: [{ text: 'quoted words' }] },
      { kind: 'heading', level: 4 },
    ]);
  });

  it('FORMAT-5 raw HTML stays text, unsafe links lose their address', () => {
    const markdown = 'Click [here](javascript:alert(1)) or [there](/relative) <script>alert(1)</script>';
    const { blocks, cleaned } = blocksOf(markdown, 'md');
    expect(blocks[0]!.content).toEqual([{ text: 'Click here or there <script>alert(1)</script>' }]);
    expect(cleaned).toEqual([{ code: 'unsafe-link', count: 2 }]);
  });

  it('FORMAT-4 tables become lines, pictures become captions, front matter goes', () => {
    const markdown = '---\ntitle: x\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![The bridge](bridge.jpg)\n';
    expect(shapes(markdown, 'md')).toEqual(['paragraph: a | b', 'paragraph: 1 | 2', 'caption: The bridge']);
    expect(counts(markdown, 'md')).toEqual({ table: 1, image: 1 });
  });
});

describe('HTML', () => {
  const page = `<!doctype html><html><head><title>Stated title</title><style>p{color:red}</style><script>steal()</script></head>
    <body onload="steal()"><nav><ul><li><a href="/">Home</a></li><li>News</li></ul></nav>
    <h1>The bridge</h1><p class="byline">Aigul Sadykova</p>
    <p>First&nbsp;words with <b>bold</b>, <em>italic</em>, <a href="https://example.org/?a=1&amp;b=2">a link</a>
       and <a href=" javascript:steal()">a trap</a>.<img src="x" onerror="steal()"></p>
    <ul><li>one<ol><li>deeper</li></ol></li><li><p>two</p></li></ul>
    <blockquote><p>Quoted</p><p>Twice</p></blockquote>
    <figure><img src="y"><figcaption>A caption</figcaption></figure>
    the line one<br>the line two
    <aside>Read also</aside><iframe src="https://example.org"></iframe>
    <footer><p>© The newspaper</p></footer></body></html>`;

  it('FORMAT-4 keeps headings, lists, quotes, captions, bold, italic and links', () => {
    const { blocks, title } = blocksOf(page, 'html');
    expect(title).toBe('The bridge');
    expect(blocks.map((block) => [block.kind, block.indent, block.ordered, blockText(block)])).toEqual([
      ['listItem', 0, false, 'Home'],
      ['listItem', 0, false, 'News'],
      ['heading', 0, false, 'The bridge'],
      ['byline', 0, false, 'Aigul Sadykova'],
      ['paragraph', 0, false, 'First words with bold, italic, a link and a trap.'],
      ['listItem', 0, false, 'one'],
      ['listItem', 1, true, 'deeper'],
      ['listItem', 0, false, 'two'],
      ['quote', 0, false, 'Quoted'],
      ['quote', 0, false, 'Twice'],
      ['caption', 0, false, 'A caption'],
      ['paragraph', 0, false, 'the line one'],
      ['paragraph', 0, false, 'the line two'],
      ['paragraph', 0, false, 'Read also'],
      ['paragraph', 0, false, '© The newspaper'],
    ]);
    expect(blocks[4]!.content).toEqual([
      { text: 'First words with ' },
      { text: 'bold', bold: true },
      { text: ', ' },
      { text: 'italic', italic: true },
      { text: ', ' },
      { text: 'a link', link: 'https://example.org/?a=1&b=2' },
      { text: ' and a trap.' },
    ]);
  });

  it('FORMAT-5 scripts, handlers, frames and unsafe links go, and are listed', () => {
    const { blocks } = blocksOf(page, 'html');
    expect(JSON.stringify(blocks)).not.toMatch(/steal|onerror|javascript|color:red/);
    // script, onload, onerror, iframe; the links are "/" and the trap
    expect(counts(page, 'html')).toEqual({
      'non-breaking-space': 1,
      script: 4,
      navigation: 3,
      'unsafe-link': 2,
      image: 2,
    });
  });

  it('FORMAT-2 navigation, sidebars and footers are offered for removal', () => {
    const { blocks, suspects } = blocksOf(page, 'html');
    expect(suspects.map(({ index }) => blockText(blocks[index]!))).toEqual([
      'Home',
      'News',
      'Read also',
      '© The newspaper',
    ]);
    expect(new Set(suspects.map(({ reason }) => reason))).toEqual(new Set(['navigation']));
  });

  it('FORMAT-4 an article inside layout tables and forms of an old site', () => {
    const old = '<form><table><tr><td class="menu">News</td><td><p>First.</p><p>Second.</p></td></tr></table></form>';
    const { blocks, suspects, cleaned } = blocksOf(old, 'html');
    expect(blocks.map(blockText)).toEqual(['News', 'First.', 'Second.']);
    expect(suspects).toEqual([{ index: 0, reason: 'navigation' }]);
    expect(cleaned.some(({ code }) => code === 'table')).toBe(false);
    expect(shapes('<table><tr><td>Year</td><td>2011</td></tr></table>', 'html')).toEqual(['paragraph: Year | 2011']);
  });

  it('FORMAT-4 weights that styles give and take, as word processors and mail write them', () => {
    const html =
      '<p><b style="font-weight:normal">plain <span style="font-weight:700">bold</span></b></p><p>·&nbsp; item</p>';
    expect(blocksOf(html, 'html').blocks).toMatchObject([
      { content: [{ text: 'plain ' }, { text: 'bold', bold: true }] },
      { kind: 'listItem', content: [{ text: 'item' }] },
    ]);
  });

  it('FORMAT-5 lists deeper than the article knows are made flatter, and that is listed', () => {
    const deep = `${'<ul><li>'.repeat(9)}x`;
    expect(blocksOf(deep, 'html').blocks[0]).toMatchObject({ kind: 'listItem', indent: 5 });
    expect(counts(deep, 'html')).toEqual({ nesting: 3 });
  });

  it('FORMAT-4 long pages keep characters whole where the reader takes them in pieces', () => {
    const text = `a${'👍'.repeat(80_000)}`;
    expect(blockText(blocksOf(`<p>${text}</p>`, 'html').blocks[0]!)).toBe(text);
  });
});

describe('formats', () => {
  it('FORMAT-7 are known by name, by content, or said', () => {
    const format = (content: string, fileName?: string) => previewText(content, undefined, fileName).preview.format;
    expect(format('# Title\n\nWords', 'a.txt')).toBe('txt');
    expect(format('plain words', 'a.MD')).toBe('md');
    expect(format('plain words', 'a.htm')).toBe('html');
    expect(format('<!DOCTYPE html><p>x', 'a.txt')).toBe('html');
    expect(format('# Title\n\nWords')).toBe('md');
    expect(format('<p>one</p><p>two</p>')).toBe('html');
    expect(format('Words and 2 < 3.')).toBe('txt');
    expect(previewText('<p>x</p>', 'txt').preview.blocks[0]!.content).toEqual([{ text: '<p>x</p>' }]);
  });

  it('FORMAT-7 the blocks of the preview are those that creating makes of its content', () => {
    const { preview } = readImport({ bytes: utf8.encode(`\uFEFF${COPIED_ARTICLE}`), fileName: 'a.txt' });
    expect(preview.content).toBe(COPIED_ARTICLE);
    expect(blocksOf(preview.content, preview.format).blocks).toEqual(preview.blocks);
  });
});
