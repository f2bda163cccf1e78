// Markdown to blocks, by walking markdown-it's flat list of tokens. Raw HTML stays the literal text that it is; nothing of
// it is interpreted. `{:.byline}` after a paragraph names its kind, as in kramdown.
import MarkdownIt, { type Token } from 'markdown-it';
import type { Inline } from '../../../shared/article/blocks.ts';
import { type BlockKind, isSafeLink, MAX_HEADING_LEVEL, MAX_INDENT } from '../../../shared/article/schema.ts';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import type { Cleaning } from '../cleaning.ts';
import { refuseTooManyBlocks, refuseTooMuchText } from '../limits.ts';
import type { Draft, Importer } from '../types.ts';

/** Past this the parser drops what lies deeper, so such a text is refused. */
const MAX_NESTING = 60;
/** Lines that were broken by hand make a few lines a block. */
const LINES_A_BLOCK = 3;
const KIND_LINE = /^\{:\s*\.(byline|dateline|caption|paragraph)\s*\}$/;

export const markdownImporter: Importer = {
  format: 'md',
  extensions: ['md', 'markdown', 'mdown', 'mkd'],
  recognises: (content) =>
    /^#{1,6} \S/m.test(content) ||
    /\[[^\]\n]+\]\((?:https?:|mailto:)[^)\s]+\)/.test(content) ||
    /\*\*[^\s*][^*\n]*\*\*/.test(content),
  parse(content, cleaning) {
    refuseTooMuchText(content.length);
    refuseTooManyBlocks(content.split('\n').length / LINES_A_BLOCK); // before the slow part
    const markdown = new MarkdownIt('commonmark', { html: false, maxNesting: MAX_NESTING }).enable([
      'table',
      'strikethrough',
    ]);
    markdown.validateLink = () => true; // every address is looked at, and counted, by us
    markdown.normalizeLink = (address) => address;
    const tokens = markdown.parse(withoutFrontMatter(content), {});
    return { drafts: new TokenReader(cleaning).read(tokens), title: '' };
  },
};

function withoutFrontMatter(content: string): string {
  return content.replace(/^---\n(?:[\w-]+:.*\n|[ \t-].*\n|\n)*?---[ \t]*(?:\n|$)/, '');
}

class TokenReader {
  readonly #cleaning: Cleaning;
  readonly #drafts: Draft[] = [];
  /** The open lists, outermost first: ordered or not. */
  readonly #lists: boolean[] = [];
  #quotes = 0;
  #heading = 0;
  #cells: Inline[] | null = null;

  constructor(cleaning: Cleaning) {
    this.#cleaning = cleaning;
  }

  read(tokens: readonly Token[]): Draft[] {
    for (const token of tokens) {
      if (token.level >= MAX_NESTING - 1) throw new KopuroError('file-too-deep', { limit: MAX_NESTING });
      this.#take(token);
    }
    return this.#drafts;
  }

  #take(token: Token): void {
    switch (token.type) {
      case 'bullet_list_open':
      case 'ordered_list_open':
        this.#lists.push(token.type === 'ordered_list_open');
        if (this.#lists.length - 1 > MAX_INDENT) this.#cleaning.add('nesting');
        return;
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#lists.pop();
        return;
      case 'blockquote_open':
        this.#quotes += 1;
        return;
      case 'blockquote_close':
        this.#quotes -= 1;
        return;
      case 'heading_open':
        this.#heading = Math.min(MAX_HEADING_LEVEL, Number(token.tag.slice(1)));
        return;
      case 'heading_close':
        this.#heading = 0;
        return;
      case 'table_open':
        this.#cleaning.add('table');
        return;
      case 'tr_open':
        this.#cells = [];
        return;
      case 'tr_close':
        if (this.#cells) this.#push(this.#cells);
        this.#cells = null;
        return;
      case 'fence':
      case 'code_block':
        for (const line of token.content.split('\n')) this.#push([{ text: line }]);
        return;
      case 'inline':
        this.#inline(token.children ?? []);
        return;
      default:
    }
  }

  #inline(children: readonly Token[]): void {
    const { lines, onlyImage } = linesOf(children, this.#cleaning);
    if (this.#cells) {
      if (this.#cells.length > 0) this.#cells.push({ text: ' | ' });
      this.#cells.push(...lines.flat());
      return;
    }
    const named = namedKind(lines);
    const plain = this.#lists.length === 0 && this.#quotes === 0 && this.#heading === 0;
    const parts = this.#heading > 0 || this.#lists.length > 0 ? [joined(lines)] : hardLines(lines);
    for (const part of parts) {
      if (plain && named !== null) this.#push(part, named, true);
      else this.#push(part, plain && onlyImage ? 'caption' : undefined);
    }
  }

  #push(content: Inline[], kind?: BlockKind, explicit?: true): void {
    const depth = this.#lists.length;
    const found: BlockKind =
      this.#heading > 0 ? 'heading' : depth > 0 ? 'listItem' : this.#quotes > 0 ? 'quote' : 'paragraph';
    refuseTooManyBlocks(this.#drafts.length);
    this.#drafts.push({
      kind: kind ?? found,
      level: this.#heading || 1,
      indent: Math.min(MAX_INDENT, Math.max(0, depth - 1)),
      ordered: this.#lists.at(-1) ?? false,
      content,
      ...(explicit ? { explicit } : {}),
    });
  }
}

type Line = Inline[] & { hard?: true };

/** The runs of an inline token, line by line. A line that ended by a hard break says so. */
function linesOf(children: readonly Token[], cleaning: Cleaning): { lines: Line[]; onlyImage: boolean } {
  let line: Line = [];
  const lines = [line];
  let [bold, italic, onlyImage] = [0, 0, children.length > 0];
  const links: (string | undefined)[] = [];
  for (const token of children) {
    if (token.type !== 'image' && !(token.type === 'text' && token.content.trim() === '')) onlyImage = false;
    switch (token.type) {
      case 'strong_open':
        bold += 1;
        break;
      case 'strong_close':
        bold -= 1;
        break;
      case 'em_open':
        italic += 1;
        break;
      case 'em_close':
        italic -= 1;
        break;
      case 'link_open':
        links.push(linkOf(token, cleaning));
        break;
      case 'link_close':
        links.pop();
        break;
      case 'hardbreak':
        line.hard = true;
        line = [];
        lines.push(line);
        break;
      case 'softbreak':
        line = [];
        lines.push(line);
        break;
      case 'image':
        cleaning.add('image');
        if (onlyImage) line.push({ text: token.content });
        break;
      default: {
        const run: Inline = { text: token.content };
        const link = links.at(-1);
        if (bold > 0) run.bold = true;
        if (italic > 0) run.italic = true;
        if (link !== undefined) run.link = link;
        line.push(run);
      }
    }
  }
  return { lines, onlyImage };
}

function linkOf(token: Token, cleaning: Cleaning): string | undefined {
  const href = token.attrGet('href');
  if (isSafeLink(href)) return href;
  cleaning.add('unsafe-link');
  return undefined;
}

/** Takes the line that names the kind off the end, if there is one. */
function namedKind(lines: Line[]): BlockKind | null {
  const last = lines.at(-1);
  if (lines.length < 2 || !last) return null;
  const kind = KIND_LINE.exec(
    last
      .map((run) => run.text)
      .join('')
      .trim(),
  )?.[1] as BlockKind | undefined;
  if (kind === undefined) return null;
  lines.pop();
  return kind;
}

function joined(lines: readonly Line[]): Inline[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [{ text: ' ' }, ...line]));
}

/** Soft line ends are spaces, hard ones part blocks. */
function hardLines(lines: readonly Line[]): Inline[][] {
  const parts: Inline[][] = [];
  let part: Line[] = [];
  for (const line of lines) {
    part.push(line);
    if (!line.hard) continue;
    parts.push(joined(part));
    part = [];
  }
  if (part.length > 0) parts.push(joined(part));
  return parts;
}
