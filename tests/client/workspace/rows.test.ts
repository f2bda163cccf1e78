// Rows: what stands beside what, and how far below one another.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignRows, longestAscending } from '../../../client/workspace/alignment/rows.ts';
import { rowAt, spaceRows } from '../../../client/workspace/alignment/spacing.ts';

describe('alignRows', () => {
  it('ALIGN-1 puts blocks of one id into one row, in the order of the source', () => {
    const rows = alignRows([['a', 'b', 'c'], ['a', 'c'], ['b']]);
    expect(rows.ids).toEqual(['a', 'b', 'c']);
    expect(rows.blocks).toEqual([
      [0, 1, 2],
      [0, -1, 1],
      [-1, 0, -1],
    ]);
  });

  it('ALIGN-2 gives blocks that only translations have rows of their own, after the block before them', () => {
    const rows = alignRows([
      ['a', 'b'],
      ['x', 'a', 'y', 'b'],
      ['a', 'y', 'b'],
    ]);
    expect(rows.ids).toEqual(['x', 'a', 'y', 'b']);
    expect(rows.blocks).toEqual([
      [-1, 0, -1, 1],
      [0, 1, 2, 3],
      [-1, 0, 1, 2],
    ]);
  });

  it('ALIGN-2 never lets a block that stands elsewhere than in the source disturb the others', () => {
    const rows = alignRows([
      ['a', 'b', 'c', 'd'],
      ['d', 'a', 'b', 'c'],
    ]);
    expect(rows.blocks[0]).toEqual([-1, 0, 1, 2, 3]);
    expect(rows.blocks[1]).toEqual([0, 1, 2, 3, -1]);
    expect(new Set(rows.ids).size).toBe(5);
  });

  it('ALIGN-1 shows every block exactly once and in its order, whatever the texts hold', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', ''), { maxLength: 9 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        const rows = alignRows(texts);
        expect(new Set(rows.ids).size).toBe(rows.ids.length);
        rows.blocks.forEach((blocks, index) => {
          expect(blocks).toHaveLength(rows.ids.length);
          expect(blocks.filter((block) => block >= 0)).toEqual(texts[index]!.map((_, block) => block));
        });
      }),
    );
  });

  it('finds a longest ascending run', () => {
    expect([...longestAscending([3, 0, 1, 5, 2, 6])].sort()).toEqual([1, 2, 4, 5]);
    expect(longestAscending([-1, -1]).size).toBe(0);
  });
});

describe('spaceRows', () => {
  it('ALIGN-3 makes every block of a row begin at the same height', () => {
    const heights = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 12, maxLength: 12 });
    const text = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 7 });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.array(heights, { minLength: 3, maxLength: 3 }),
        (texts, all) => {
          const rows = alignRows(texts);
          const own = texts.map((blocks, index) => all[index]!.slice(0, blocks.length));
          const { tops, columns } = spaceRows(rows, own, 44);
          columns.forEach(({ before, after }, index) => {
            let y = before;
            rows.blocks[index]!.forEach((block, row) => {
              if (block < 0) {
                expect(tops[row + 1]! - tops[row]!).toBeGreaterThanOrEqual(44);
                return;
              }
              expect(y).toBeCloseTo(tops[row]!, 6);
              expect(after[block]).toBeGreaterThanOrEqual(0);
              y += own[index]![block]! + after[block]!;
            });
            if (own[index]!.length > 0) expect(y).toBeCloseTo(tops[rows.ids.length]!, 6);
          });
        },
      ),
    );
  });

  it('finds the row at a height', () => {
    const tops = Float64Array.from([0, 100, 150, 400]);
    expect([-5, 0, 99, 100, 399, 9_999].map((y) => rowAt(tops, y))).toEqual([0, 0, 0, 1, 2, 2]);
    expect(rowAt(new Float64Array(1), 50)).toBe(0);
  });
});
