// The number before each item of ordered lists, for formats that must write it out.
import type { Block } from '../../shared/article/blocks.ts';

export class Numbering {
  #counts: (number | null)[] = [];

  /** The number of this block, given all blocks before it; 0 for what has none. */
  next(block: Pick<Block, 'kind' | 'indent' | 'ordered'>): number {
    if (block.kind !== 'listItem') {
      this.#counts = [];
      return 0;
    }
    this.#counts.length = Math.min(this.#counts.length, block.indent + 1); // deeper lists have ended
    while (this.#counts.length <= block.indent) this.#counts.push(null);
    const number = block.ordered ? (this.#counts[block.indent] ?? 0) + 1 : null;
    this.#counts[block.indent] = number;
    return number ?? 0;
  }
}
