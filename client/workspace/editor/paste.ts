// Pasting from Word, from the web and as plain text: what is words stays, what is the leavings of a page or a program goes.
// The schema drops unknown elements by itself; this cleans what the schema would take for words.
import { Fragment, type Node, type ResolvedPos, Slice } from 'prosemirror-model';
import { articleSchema } from '../../../shared/article/schema.ts';

/** Elements that are never part of an article. */
const LEFTOVERS =
  'script, style, meta, link, title, nav, footer, form, button, select, textarea, input, iframe, object, svg, template, noscript, [hidden], [aria-hidden="true"]';

/** Soft hyphens, zero-width characters and joiners, byte order marks, bidirectional overrides, control characters. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;
const ODD_SPACES = /[\u00A0\u2007\u202F]/g;

/** Words without invisible characters, odd spaces and lone surrogates. */
export function cleanText(text: string): string {
  return text.replace(INVISIBLE, '').replace(ODD_SPACES, ' ').replace(/\t/g, ' ').toWellFormed().normalize('NFC');
}

/** Cleans HTML on its way into a text (ProseMirror's `transformPastedHTML`). */
export function cleanHtml(html: string): string {
  // Word's conditional comments hold list markers twice; they must go before the HTML is parsed. So must style sheets, of which
  // the content security policy would complain even in a document that is never shown.
  const parsed = new DOMParser().parseFromString(
    html.replace(/<!--\[if[\s\S]*?<!\[endif\]-->|<!\[[^\]]*\]>|<style\b[\s\S]*?<\/style\s*>/gi, ''),
    'text/html',
  );
  const { body } = parsed;
  for (const element of body.querySelectorAll(LEFTOVERS)) element.remove();
  for (const element of [...body.querySelectorAll('*')]) if (element.tagName.includes(':')) unwrap(element); // <o:p>
  for (const paragraph of body.querySelectorAll<HTMLElement>('p[class*="MsoList"], p[style*="mso-list"]')) {
    replaceByListItem(paragraph);
  }
  for (const cell of body.querySelectorAll('td, th'))
    rename(cell, cell.querySelector('p, h1, h2, h3, h4, li') ? 'div' : 'p');
  for (const lineBreak of body.querySelectorAll('br')) splitAt(lineBreak);
  return body.innerHTML;
}

/** Plain text as blocks. Blank lines part paragraphs; without any, every line is one. */
export function textToSlice(text: string, _$context: ResolvedPos, plain: boolean): Slice {
  const normal = text.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n');
  const parts = /\n[ \t\u00A0]*\n/.test(normal) && !plain ? normal.split(/\n[ \t\u00A0]*\n+/) : normal.split(/\n+/);
  const blocks = parts
    .map((part) => cleanText(part).replace(/\s*\n\s*/g, ' '))
    .filter((part, _index, all) => part.trim() !== '' || all.length === 1)
    .map((part) => articleSchema.node('block', null, part === '' ? [] : [articleSchema.text(part)]));
  return blocks.length === 0 ? Slice.empty : new Slice(Fragment.from(blocks), 1, 1);
}

/** Cleans words, drops blocks without any, and takes ids away: what is pasted is new (ProseMirror's `transformPasted`). */
export function cleanSlice(slice: Slice): Slice {
  const blocks: Node[] = [];
  slice.content.forEach((node) => {
    if (node.type.name !== 'block') {
      blocks.push(node);
      return;
    }
    const runs: Node[] = [];
    node.forEach((run) => {
      const text = cleanText(run.text ?? '').replace(/\s*\n\s*/g, ' ');
      if (text !== '') runs.push(articleSchema.text(text, run.marks));
    });
    const hasWords = runs.some((run) => run.textContent.trim() !== '');
    if (hasWords || slice.content.childCount === 1) blocks.push(node.type.create({ ...node.attrs, id: null }, runs));
  });
  return blocks.length === 0 ? slice : new Slice(Fragment.from(blocks), slice.openStart, slice.openEnd);
}

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function rename(element: Element, tag: string): HTMLElement {
  const renamed = element.ownerDocument.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

/** Word writes list items as paragraphs that begin with their marker. */
function replaceByListItem(paragraph: HTMLElement): void {
  const marker = paragraph.querySelector<HTMLElement>('[style*="mso-list"]');
  const first = (marker?.textContent ?? paragraph.textContent ?? '').trim();
  const level = Number(/level(\d)/.exec(paragraph.getAttribute('style') ?? '')?.[1] ?? 1);
  const item = paragraph.ownerDocument.createElement('p');
  marker?.remove();
  item.append(...paragraph.childNodes);
  item.dataset.block = '';
  item.dataset.kind = 'listItem';
  item.dataset.indent = String(level - 1);
  item.dataset.ordered = String(/^\(?(\d+|[a-zа-я]|[ivx]+)[.)]/i.test(first));
  paragraph.replaceWith(item);
  const text = item.firstChild;
  if (!marker && text?.nodeType === 3)
    text.nodeValue = (text.nodeValue ?? '').replace(/^\s*([·•§o-]|\d+[.)])[\s\u00A0]+/, '');
}

/** A line break ends its block: blocks hold one line of words. */
function splitAt(lineBreak: Element): void {
  const block = lineBreak.closest('p, li, h1, h2, h3, h4, h5, h6, blockquote, div');
  const parent = lineBreak.parentElement;
  if (!block || parent !== block || block.tagName === 'DIV') {
    lineBreak.replaceWith(block ? ' ' : '\n');
    return;
  }
  const rest = block.cloneNode(false) as Element;
  let node = lineBreak.nextSibling;
  while (node) {
    const next: ChildNode | null = node.nextSibling;
    rest.append(node);
    node = next;
  }
  lineBreak.remove();
  if (rest.textContent?.trim()) block.after(rest);
}
