// The arithmetic of the benchmark: percentiles, the table, and that the made-up article has the size it says.
import { describe, expect, it } from 'vitest';
import { makeLongArticle } from './article.ts';
import { formatTable, percentile } from './figures.ts';
import { keysOf } from './shown.ts';

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(samples, 0.5)).toBe(50);
    expect(percentile(samples, 0.95)).toBe(95);
    expect(percentile([3], 0.95)).toBe(3);
    expect(() => percentile([], 0.5)).toThrow('no samples');
  });
});

describe('formatTable', () => {
  it('puts the aim beside the value and says whether it is met', () => {
    const table = formatTable([
      { what: 'open', value: 1234.4, unit: 'ms', aim: 2000 },
      { what: 'key', value: 17.25, unit: 'ms', aim: 16 },
      { what: 'words', value: 60_000, unit: '', aim: null },
    ]);
    expect(table).toMatch(/open\s+1234 ms\s+< 2000 ms\s+yes/);
    expect(table).toMatch(/key\s+17\.3 ms\s+< 16 ms\s+NO/);
  });
});

describe('keysOf', () => {
  it('pairs what begins and ends under one id, again and again, and leaves out what is no key', () => {
    const event = (ph: string, ts: number, type?: string, local = '0x1') => ({
      name: 'EventLatency',
      ph,
      pid: 7,
      ts,
      id2: { local },
      args: type === undefined ? {} : { event_latency: { event_type: type } },
    });
    const events = [
      event('b', 1_000, 'KEY_PRESSED'),
      event('b', 3_000, 'KEY_RELEASED', '0x2'),
      event('e', 4_000, undefined, '0x2'),
      event('e', 9_000),
      event('e', 29_500),
      event('b', 20_000, 'KEY_PRESSED'),
      { ...event('b', 0), name: 'EventLatency.Stage' },
    ];
    expect(keysOf(events)).toEqual([8, 9.5]);
  });
});

describe('makeLongArticle', () => {
  it('has as many words as asked for, a translation for every block, and is the same every time', () => {
    const article = makeLongArticle(3_000, ['en', 'ru', 'ky']);
    const blocks = article.markdown.split('\n\n');
    expect(article.words).toBe(3_000);
    expect(article.translations.ru).toHaveLength(blocks.length);
    expect(article.translations.ky).toHaveLength(blocks.length);
    expect(blocks.join(' ').replaceAll('## ', '').split(/\s+/)).toHaveLength(1_000);
    expect(makeLongArticle(3_000, ['en', 'ru', 'ky'])).toEqual(article);
  });
});
