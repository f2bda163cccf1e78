// Blocks to a complete HTML document that stands by itself: escaped, with its language, without scripts or outside files.
import { type Block, blockText, type Inline } from '../../../shared/article/blocks.ts';
import { isSafeLink } from '../../../shared/article/schema.ts';
import { looksLikeByline, looksLikeDateline } from '../recognise.ts';
import type { Exporter } from '../types.ts';

const RIGHT_TO_LEFT = /^(?:ar|fa|he|ps|sd|ug|ur|yi)(?:-|$)/i;
const STYLE = `body{margin:0 auto;max-width:42rem;padding:2rem 1rem;font:1.125rem/1.6 Georgia,"Times New Roman",serif}
h1,h2,h3,h4{line-height:1.25}.byline,.dateline,figcaption{color:#555;font-size:.9em}figure{margin:1em 0}
blockquote{margin:1em 0;padding-left:1em;border-left:3px solid #999}`;

export const htmlExporter: Exporter = {
  mediaType: 'text/html; charset=utf-8',
  extension: 'html',
  write(blocks, { language, title }) {
    const direction = RIGHT_TO_LEFT.test(language) ? ' dir="rtl"' : '';
    return `<!doctype html>
<html lang="${escapeHtml(language)}"${direction}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<article>
${bodyOf(blocks)}</article>
</body>
</html>
`;
  },
};

function bodyOf(blocks: readonly Block[]): string {
  let html = '';
  const open: ('ul' | 'ol')[] = [];
  const closeTo = (depth: number) => {
    while (open.length > depth) html += `</li></${open.pop()}>\n`;
  };
  for (const block of blocks) {
    if (block.kind !== 'listItem') {
      closeTo(0);
      html += `${blockHtml(block)}\n`;
      continue;
    }
    const list = block.ordered ? 'ol' : 'ul';
    const depth = block.indent + 1;
    closeTo(depth);
    if (open.length === depth && open[depth - 1] !== list) closeTo(depth - 1);
    if (open.length === depth) html += '</li>\n<li>';
    while (open.length < depth) {
      const tag = open.length === depth - 1 ? list : 'ul';
      html += `<${tag}><li>`;
      open.push(tag);
    }
    html += inlineHtml(block.content);
  }
  closeTo(0);
  return html;
}

function blockHtml(block: Block): string {
  const inner = inlineHtml(block.content);
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${inner}</h${block.level}>`;
    case 'quote':
      return `<blockquote><p>${inner}</p></blockquote>`;
    case 'caption':
      return `<figure><figcaption>${inner}</figcaption></figure>`;
    case 'byline':
    case 'dateline':
      return `<p class="${block.kind}">${inner}</p>`;
    default: {
      const text = blockText(block);
      // Said outright where an import would guess otherwise.
      const class_ = looksLikeByline(text) || looksLikeDateline(text) ? ' class="paragraph"' : '';
      return `<p${class_}>${inner}</p>`;
    }
  }
}

function inlineHtml(content: readonly Inline[]): string {
  return content
    .map((run) => {
      let html = escapeHtml(run.text);
      if (run.italic) html = `<em>${html}</em>`;
      if (run.bold) html = `<strong>${html}</strong>`;
      return isSafeLink(run.link) ? `<a href="${escapeHtml(run.link)}">${html}</a>` : html;
    })
    .join('');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
