// Blocks to plain text: a blank line between blocks, list items close together with their marks.
import { type Block, blockText } from '../../../shared/article/blocks.ts';
import { Numbering } from '../numbering.ts';
import type { Exporter } from '../types.ts';

export const textExporter: Exporter = {
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  write(blocks) {
    const numbering = new Numbering();
    let text = '';
    let previous: Block | null = null;
    for (const block of blocks) {
      const words = blockText(block).replace(/\s+/g, ' ').trim();
      const number = numbering.next(block);
      if (words === '') continue;
      if (previous) text += previous.kind === 'listItem' && block.kind === 'listItem' ? '\n' : '\n\n';
      text += line(block, words, number);
      previous = block;
    }
    return text === '' ? '' : `${text}\n`;
  },
};

function line(block: Block, words: string, number: number): string {
  if (block.kind === 'quote') return `> ${words}`;
  if (block.kind !== 'listItem') return words;
  return `${'  '.repeat(block.indent)}${block.ordered ? `${number}.` : '-'} ${words}`;
}
