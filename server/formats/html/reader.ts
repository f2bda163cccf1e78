// Follows the tags of a page as they come and builds drafts. It keeps a stack of what each open element means, and never
// recurses.

import type { Inline } from '../../../shared/article/blocks.ts';
import { isSafeLink, MAX_INDENT } from '../../../shared/article/schema.ts';
import type { Cleaning } from '../cleaning.ts';
import { refuseTooManyBlocks, refuseTooMuchText } from '../limits.ts';
import type { Draft, Parsed } from '../types.ts';
import {
  type Attributes,
  BLOCK_ELEMENTS,
  isNavigation,
  kindOf,
  marksOf,
  SCRIPTED_ELEMENTS,
  WORDLESS_ELEMENTS,
} from './elements.ts';

type Shape = Pick<Draft, 'kind' | 'level' | 'indent' | 'ordered' | 'explicit'>;

interface OpenElement {
  name: string;
  /** What a block that begins inside it is. */
  shape: Shape;
  bold: boolean;
  italic: boolean;
  link: string | undefined;
  navigation: boolean;
  /** Inside something whose text is no words: script, style, a form's buttons. */
  mute: boolean;
  preformatted: boolean;
}

const PARAGRAPH: Shape = { kind: 'paragraph', level: 1, indent: 0, ordered: false };
const ROOT: OpenElement = {
  name: '',
  shape: PARAGRAPH,
  bold: false,
  italic: false,
  link: undefined,
  navigation: false,
  mute: false,
  preformatted: false,
};
const BULLET = /^\s*[·•◦▪‣●○■□§]\s*/u;
const CELL_BREAK = ' | ';

export class PageReader {
  readonly #cleaning: Cleaning;
  readonly #stack: OpenElement[] = [];
  readonly #drafts: Draft[] = [];
  #runs: Inline[] = [];
  /** The shape of the block that is being filled. */
  #shape: Shape = PARAGRAPH;
  #navigation = false;
  #cellPending = false;
  #tableHasCells = false;
  #title = '';
  #length = 0;

  constructor(cleaning: Cleaning) {
    this.#cleaning = cleaning;
  }

  open(name: string, attributes: Attributes): void {
    const outer = this.#stack.at(-1) ?? ROOT;
    this.#noteHarm(name, attributes, outer);
    const mute = outer.mute || WORDLESS_ELEMENTS.has(name);
    const navigation = outer.navigation || (!mute && isNavigation(name, attributes));
    if (navigation && !outer.navigation) this.#cleaning.add('navigation');
    const element: OpenElement = {
      name,
      ...marksOf(name, attributes, outer),
      shape: this.#shapeInside(name, attributes, outer),
      link: name === 'a' && !mute ? this.#linkOf(attributes.href) : outer.link,
      navigation,
      mute,
      preformatted: outer.preformatted || name === 'pre' || name === 'textarea',
    };
    if (BLOCK_ELEMENTS.has(name)) this.#flush();
    if (name === 'table') this.#tableHasCells = false;
    if ((name === 'td' || name === 'th') && this.#runs.length > 0) this.#cellPending = true;
    this.#stack.push(element);
    if (name === 'br') this.#lineBreak();
  }

  close(name: string): void {
    const element = this.#stack.pop();
    if (BLOCK_ELEMENTS.has(name)) this.#flush();
    if (name === 'table' && this.#tableHasCells) {
      this.#cleaning.add('table');
      this.#tableHasCells = false;
    }
    if (element === undefined) throw new Error('a tag closed that never opened');
  }

  text(text: string): void {
    const element = this.#stack.at(-1) ?? ROOT;
    if (element.name === 'title' && !this.#stack.at(-2)?.mute) this.#title += text;
    if (element.mute) return;
    this.#length += text.length;
    refuseTooMuchText(this.#length);
    if (element.preformatted) {
      for (const [index, line] of text.split('\n').entries()) {
        if (index > 0) this.#flush();
        this.#append(line, element);
      }
    } else {
      this.#append(text.replace(/[\t\n ]+/g, ' '), element);
    }
  }

  finish(): Parsed {
    this.#flush();
    return { drafts: this.#drafts, title: this.#title.replace(/\s+/g, ' ').trim().slice(0, 300) };
  }

  #append(text: string, element: OpenElement): void {
    if (this.#runs.length === 0) {
      if (text.trim() === '') return;
      this.#shape = element.shape;
      this.#navigation = element.navigation;
    }
    if (this.#cellPending && text.trim() !== '') {
      this.#runs.push({ text: CELL_BREAK });
      this.#cellPending = false;
      this.#tableHasCells = true;
    }
    const run: Inline = { text };
    if (element.bold) run.bold = true;
    if (element.italic) run.italic = true;
    if (element.link !== undefined) run.link = element.link;
    this.#runs.push(run);
  }

  #lineBreak(): void {
    const { kind } = this.#shape;
    if (kind === 'paragraph' || kind === 'quote') this.#flush();
    else if (this.#runs.length > 0) this.#runs.push({ text: ' ' });
  }

  #flush(): void {
    this.#cellPending = false;
    const content = this.#runs;
    this.#runs = [];
    if (content.every((run) => run.text.trim() === '')) return;
    const draft: Draft = { ...this.#shape, content };
    if (this.#navigation) draft.suspect = 'navigation';
    const first = content[0]!;
    if (draft.kind === 'paragraph' && BULLET.test(first.text)) {
      // Word writes lists as paragraphs with a bullet in them.
      first.text = first.text.replace(BULLET, '');
      draft.kind = 'listItem';
    }
    this.#drafts.push(draft);
    refuseTooManyBlocks(this.#drafts.length);
  }

  #shapeInside(name: string, attributes: Attributes, outer: OpenElement): Shape {
    if (name === 'ul' || name === 'ol' || name === 'menu') {
      const depth = this.#stack.filter((element) => /^(?:ul|ol|menu)$/.test(element.name)).length;
      if (depth > MAX_INDENT) this.#cleaning.add('nesting');
      return { ...PARAGRAPH, indent: Math.min(depth, MAX_INDENT), ordered: name === 'ol' };
    }
    if (name === 'li')
      return { ...PARAGRAPH, kind: 'listItem', indent: outer.shape.indent, ordered: outer.shape.ordered };
    const found = kindOf(name, attributes);
    if (found === null) return outer.shape;
    // A paragraph inside an item or a quotation is still that; so is a heading inside an item.
    const within = outer.shape.kind;
    if (within === 'listItem' || (within === 'quote' && found.kind === 'paragraph')) return outer.shape;
    if (within === 'caption' || within === 'heading') return outer.shape;
    return { ...PARAGRAPH, ...found };
  }

  #linkOf(href: string | undefined): string | undefined {
    if (href === undefined) return undefined;
    const address = href.trim();
    if (isSafeLink(address)) return address;
    this.#cleaning.add('unsafe-link');
    return undefined;
  }

  #noteHarm(name: string, attributes: Attributes, outer: OpenElement): void {
    if (SCRIPTED_ELEMENTS.has(name) && !(outer.mute && name === 'noscript')) this.#cleaning.add('script');
    const handlers = Object.keys(attributes).filter((attribute) => /^on[a-z]+$/i.test(attribute)).length;
    this.#cleaning.add('script', handlers);
    if (name === 'img' || name === 'picture' || name === 'svg') {
      if (!(name === 'img' && outer.name === 'picture')) this.#cleaning.add('image');
    }
  }
}
