// What goes out: plain text, Markdown, a whole HTML document, JSON.
import { describe, expect, it } from 'vitest';
import { exportExtension, exportMediaType, exportText } from '../../server/formats/export.ts';
import { makeBlock } from '../../shared/article/blocks.ts';
import { EXPORT_FORMATS } from '../../shared/protocol/rest.ts';

const BLOCKS = [
  makeBlock('a', 'Көпүрө & <жол>', { kind: 'heading' }),
  makeBlock('b', [
    { text: 'Кал', bold: true },
    { text: 'ың сөз, ' },
    { text: 'шилтеме', link: 'https://example.org/?a=1&b="2"' },
  ]),
  makeBlock('c', 'биринчи', { kind: 'listItem', ordered: true }),
  makeBlock('d', 'ичинде', { kind: 'listItem', indent: 1 }),
  makeBlock('e', 'экинчи', { kind: 'listItem', ordered: true }),
  makeBlock('f', ''),
  makeBlock('g', 'Сөз', { kind: 'quote' }),
  makeBlock('h', [{ text: 'unsafe', link: 'javascript:alert(1)' }]),
];
const OPTIONS = { language: 'ky', title: 'Title </title> "&"' };

describe('export', () => {
  it('FORMAT-11 plain text', () => {
    expect(exportText(BLOCKS, 'txt', OPTIONS)).toBe(
      'Көпүрө & <жол>\n\nКалың сөз, шилтеме\n\n1. биринчи\n  - ичинде\n2. экинчи\n\n> Сөз\n\nunsafe\n',
    );
  });

  it('FORMAT-11 Markdown', () => {
    expect(exportText(BLOCKS, 'md', OPTIONS)).toBe(
      '# Көпүрө & \\<жол>\n\n**Кал**&#1099;ң сөз, [шилтеме](<https://example.org/?a=1&#38;b="2">)\n\n1. биринчи\n   - ичинде\n2. экинчи\n\n> Сөз\n\nunsafe\n',
    );
  });

  it('FORMAT-11 HTML is a whole document in its language, escaped, and needs nothing from elsewhere', () => {
    const html = exportText(BLOCKS, 'html', OPTIONS);
    expect(html).toMatch(/^<!doctype html>\n<html lang="ky">\n<head>\n<meta charset="utf-8">/);
    expect(html).toContain('<title>Title &#60;/title&#62; &#34;&#38;&#34;</title>');
    expect(html).toContain('<h1>Көпүрө &#38; &#60;жол&#62;</h1>');
    expect(html).toContain('<ol><li>биринчи<ul><li>ичинде</li></ul>\n</li>\n<li>экинчи</li></ol>');
    expect(html).not.toMatch(/javascript|<script|src=/);
    expect(exportText(BLOCKS, 'html', { language: 'ar', title: '' })).toContain('<html lang="ar" dir="rtl">');
  });

  it('FORMAT-11 JSON holds the blocks with their ids', () => {
    expect(JSON.parse(exportText(BLOCKS, 'json', OPTIONS))).toMatchObject({ language: 'ky', blocks: BLOCKS });
  });

  it('FORMAT-11 every format has a media type and an ending', () => {
    for (const format of EXPORT_FORMATS) {
      expect(exportMediaType(format)).toMatch(/^\w+\/\w+; charset=utf-8$/);
      expect(exportExtension(format)).toBe(format);
    }
  });
});
