// Plain text to blocks. Two habits of writing are understood: paragraphs between blank lines (with or without hard line
// ends inside), and one line a paragraph. Lists are found by their marks, or as short lines after one that ends in ":".
import type { BlockKind } from '../../../shared/article/schema.ts';
import { refuseTooManyBlocks, refuseTooMuchText } from '../limits.ts';
import { leftover, looksLikeTitle, wordCount } from '../recognise.ts';
import type { Draft, Importer } from '../types.ts';

const MARKER = /^(\s*)(?:([-*•◦▪‣·●○■□–—])|(\d{1,3}|[a-zа-яё])([.)]))\s+(?=\S)/iu;
/** Dashes open direct speech as well as list items: they count as marks only in a run. */
const DASHES = '-–—';
const GREAT_START = /^\s*["“«(]?\p{Lu}/u;
const LONGEST_ITEM = 280;
const WRAP_LOW = 45;
const WRAP_HIGH = 100;

export const textImporter: Importer = {
  format: 'txt',
  extensions: ['txt', 'text'],
  recognises: () => true,
  parse: (content) => ({ drafts: draftsOf(content), title: '' }),
};

function draftsOf(content: string): Draft[] {
  refuseTooMuchText(content.length);
  const chunks = chunksOf(content);
  refuseTooManyBlocks(chunks.length);
  const drafts: Draft[] = [];
  let afterColon = false;
  for (const chunk of chunks) {
    const lines = chunk.map((line) => line.replace(/\t/g, '    ').trimEnd());
    if (isMarkedList(lines)) {
      drafts.push(...lines.map(markedItem));
    } else if (isWrapped(lines)) {
      drafts.push(paragraph(lines.map((line) => line.trim()).join(' ')));
    } else if (afterColon && lines.length === 1 && isItemLine(lines[0]!)) {
      drafts.push(item(lines[0]!.trim()));
      continue; // the list goes on over the next blank line
    } else {
      drafts.push(...looseLines(lines));
    }
    refuseTooManyBlocks(drafts.length);
    const last = drafts.at(-1);
    afterColon = last?.kind === 'paragraph' && textOf(last).endsWith(':');
  }
  return withHeadings(drafts);
}

/** Runs of lines between blank ones. */
function chunksOf(content: string): string[][] {
  const chunks: string[][] = [];
  let chunk: string[] = [];
  for (const line of content.split('\n')) {
    if (line.trim() !== '') chunk.push(line);
    else if (chunk.length > 0) {
      chunks.push(chunk);
      chunk = [];
    }
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/** Lines of one paragraph that a program broke at some width: all but the last are about equally long. */
function isWrapped(lines: readonly string[]): boolean {
  if (lines.length < 2) return false;
  const lengths = lines.slice(0, -1).map((line) => line.trim().length);
  const longest = Math.max(...lengths);
  const ended = lines.slice(0, -1).filter((line) => /[.!?:;]["”»’)]?$/u.test(line)).length;
  return (
    longest >= WRAP_LOW &&
    longest <= WRAP_HIGH &&
    Math.max(longest, lines.at(-1)!.trim().length) <= WRAP_HIGH &&
    Math.min(...lengths) >= longest * 0.7 &&
    ended <= lengths.length / 2
  );
}

function isMarkedList(lines: readonly string[]): boolean {
  const marks = lines.map((line) => MARKER.exec(line));
  if (marks.some((mark) => mark === null)) return false;
  return (
    lines.length > 1 || !DASHES.includes(marks[0]![2] ?? '–') || (marks[0]![2] === '-' && !/[.!?]$/.test(lines[0]!))
  );
}

function markedItem(line: string): Draft {
  const mark = MARKER.exec(line)!;
  return item(line.slice(mark[0].length), Math.floor(mark[1]!.length / 2), mark[3] !== undefined);
}

/** Each line by itself, but for the runs of items within. */
function looseLines(lines: readonly string[]): Draft[] {
  const drafts: Draft[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trim();
    const quoted = /^>\s*(?=\S)/.exec(line);
    drafts.push(quoted && leftover(line) === null ? draft('quote', line.slice(quoted[0].length)) : paragraph(line));
    const run = line.endsWith(':') ? itemRun(lines.slice(index + 1)) : markedRun(lines.slice(index + 1));
    for (const next of run) drafts.push(MARKER.test(next) ? markedItem(next) : item(next.trim()));
    index += run.length;
  }
  return drafts;
}

/** The lines, at the start of these, that are items of a list announced by a colon; at least two. */
function itemRun(lines: readonly string[]): readonly string[] {
  let count = 0;
  let endedBefore = false;
  const smallFirst = /^\s*\p{Ll}/u.test(lines[0] ?? '');
  for (const line of lines) {
    // After items of small beginnings a sentence is the next paragraph; after an item that ended, so is anything great.
    if (!isItemLine(line) || (GREAT_START.test(line) && (endedBefore || smallFirst))) break;
    count += 1;
    if (/[.!?]["”»’)]?$/u.test(line.trim())) {
      endedBefore = true;
      if (count === 1 && GREAT_START.test(line)) return [];
    }
  }
  return count >= 2 ? lines.slice(0, count) : [];
}

/** A run of marked lines in the middle of unmarked ones; at least two. */
function markedRun(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => !MARKER.test(line));
  const run = lines.slice(0, end === -1 ? lines.length : end);
  return run.length >= 2 ? run : [];
}

function isItemLine(line: string): boolean {
  const text = line.trim();
  return (
    text.length <= LONGEST_ITEM &&
    !text.endsWith(':') &&
    (MARKER.test(line) || /^[\p{Ll}\d«"“(]/u.test(text) || text.length <= 120)
  );
}

/** The first line that could be one is the headline; later ones, with text after them, head a section. */
function withHeadings(drafts: readonly Draft[]): Draft[] {
  let headline = false;
  return drafts.map((current, index) => {
    if (current.kind !== 'paragraph') return current;
    const text = textOf(current).trim();
    const next = drafts[index + 1];
    if (!headline) {
      if (leftover(text) !== null || !next) return current;
      headline = true; // what is no headline in the first place of the text means that there is none
      return looksLikeTitle(text) ? { ...current, kind: 'heading', level: 1 } : current;
    }
    const leads = next !== undefined && next.kind === 'paragraph' && wordCount(textOf(next)) >= 10;
    const sentence = /[.!?]$/.test(text) || wordCount(text) > 10;
    return leads && !sentence && looksLikeTitle(text, 80) ? { ...current, kind: 'heading', level: 2 } : current;
  });
}

function textOf(draft: Draft): string {
  return draft.content.map((run) => run.text).join('');
}

function draft(kind: BlockKind, text: string): Draft {
  return { kind, level: 1, indent: 0, ordered: false, content: [{ text }] };
}

function paragraph(text: string): Draft {
  return draft('paragraph', text);
}

function item(text: string, indent = 0, ordered = false): Draft {
  return { ...draft('listItem', text), indent, ordered };
}
