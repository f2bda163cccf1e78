// From the heights of blocks to the tops of rows and the space that each block needs below it. Pure arithmetic in px; it
// knows nothing of the DOM.
import type { Rows } from './rows.ts';

export interface Spacing {
  /** Top of every row, and at last the bottom of the lowest one. */
  tops: Float64Array;
  /** For every text: space above its first block, and below each of its blocks, by the block's index. */
  columns: readonly { before: number; after: Float64Array }[];
}

/** `heights`: for every text the natural height of each of its blocks. `empty`: the least height of a row where a text has no block. */
export function spaceRows(rows: Rows, heights: readonly ArrayLike<number>[], empty: number): Spacing {
  const { blocks } = rows;
  const tops = new Float64Array(rows.ids.length + 1);
  for (let row = 0; row < rows.ids.length; row++) {
    let height = 0;
    for (let text = 0; text < blocks.length; text++) {
      const block = blocks[text]![row]!;
      height = Math.max(height, block < 0 ? empty : (heights[text]![block] ?? 0));
    }
    tops[row + 1] = tops[row]! + height;
  }
  const columns = blocks.map((column, text) => {
    const after = new Float64Array(heights[text]!.length);
    let before = 0;
    let last = -1;
    let bottom = 0;
    column.forEach((block, row) => {
      if (block < 0) return;
      const gap = Math.max(0, tops[row]! - bottom);
      if (last < 0) before = gap;
      else after[last] = gap;
      last = block;
      bottom = tops[row]! + (heights[text]![block] ?? 0);
    });
    if (last >= 0) after[last] = Math.max(0, tops[rows.ids.length]! - bottom);
    return { before, after };
  });
  return { tops, columns };
}

/** The row that holds a vertical position. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
