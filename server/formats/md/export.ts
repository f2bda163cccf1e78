// Blocks to Markdown that reads back as the same blocks. What Markdown has no word for (byline, dateline, caption) is named
// in kramdown's way: `{:.byline}` on the line after the paragraph.
import { type Block, blockText } from '../../../shared/article/blocks.ts';
import { Numbering } from '../numbering.ts';
import { looksLikeByline, looksLikeDateline } from '../recognise.ts';
import type { Exporter } from '../types.ts';
import { inlineMarkdown } from './inline.ts';

export const markdownExporter: Exporter = {
  mediaType: 'text/markdown; charset=utf-8',
  extension: 'md',
  write(blocks) {
    const numbering = new Numbering();
    let markdown = '';
    let items: ItemWriter | null = null;
    for (const block of blocks) {
      const number = numbering.next(block);
      if (blockText(block).trim() === '') continue;
      if (block.kind === 'listItem') {
        if (items) markdown += '\n';
        else if (markdown !== '') markdown += '\n\n';
        items ??= new ItemWriter();
        markdown += items.line(block, number);
      } else {
        items = null;
        markdown += (markdown === '' ? '' : '\n\n') + blockMarkdown(block);
      }
    }
    return markdown === '' ? '' : `${markdown}\n`;
  },
};

function blockMarkdown(block: Block): string {
  const words = inlineMarkdown(block.content);
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${words.replace(/ (#+)$/, ' \\$1')}`;
    case 'quote':
      return `> ${words}`;
    case 'byline':
    case 'dateline':
    case 'caption':
      return `${words}\n{:.${block.kind}}`;
    default: {
      const text = blockText(block);
      // Said outright where an import would guess otherwise.
      return looksLikeByline(text) || looksLikeDateline(text) ? `${words}\n{:.paragraph}` : words;
    }
  }
}

/** Writes the items of one list. An item is indented by the marks of the items that it is in; a step that skips a level gets empty ones. */
class ItemWriter {
  /** Widths of the marks of the open items, outermost first. */
  #marks: number[] = [];

  line(block: Block, number: number): string {
    this.#marks.length = Math.min(this.#marks.length, block.indent);
    const margin = this.#marks.reduce((sum, width) => sum + width, 0);
    let marks = '';
    while (this.#marks.length < block.indent) {
      marks += '- ';
      this.#marks.push(2);
    }
    const mark = block.ordered ? `${number}. ` : '- ';
    this.#marks.push(mark.length);
    return `${' '.repeat(margin)}${marks}${mark}${inlineMarkdown(block.content)}`;
  }
}
