// The last step of every import: words tidied, empty blocks dropped, bylines and datelines found, leftovers marked as
// suspects. Nothing is removed here but blanks: suspects stay in place until a person decides.
import { type Block, blockText, type Inline, normalizeInlines } from '../../shared/article/blocks.ts';
import { MAX_HEADING_LEVEL, MAX_INDENT } from '../../shared/article/schema.ts';
import type { ImportPreview } from '../../shared/protocol/rest.ts';
import { cleanCharacters } from './characters.ts';
import type { Cleaning } from './cleaning.ts';
import { leftover, looksLikeByline, looksLikeDate, looksLikeDateline, wordCount } from './recognise.ts';
import type { Draft, SuspectReason } from './types.ts';

/** Bylines and datelines stand at the top: within so many blocks. */
const TOP = 6;
const FRAGMENT_WORDS = 2;

export function finishDrafts(
  drafts: readonly Draft[],
  cleaning: Cleaning,
): { blocks: Block[]; suspects: ImportPreview['suspects'] } {
  const tidied: Draft[] = [];
  for (const draft of drafts) {
    const content = tidyInlines(draft.content, cleaning);
    if (content.length > 0) tidied.push({ ...draft, content });
  }
  const suspects: ImportPreview['suspects'] = [];
  const blocks = tidied.map((draft, index) => {
    const guessed = draft.explicit || draft.suspect ? draft : guessKind(draft, index, tidied.length);
    const reason = draft.suspect ?? suspicion(guessed, index, tidied);
    if (reason !== null) suspects.push({ index, reason });
    return blockOf(guessed);
  });
  return { blocks, suspects };
}

/** One space between words, none at the ends, no line ends; marks with equal neighbours joined. */
export function tidyInlines(content: readonly Inline[], cleaning: Cleaning): Inline[] {
  const runs: Inline[] = [];
  let endsWithSpace = true;
  let blanks = 0;
  for (const run of normalizeInlines([...content])) {
    let text = cleanCharacters(run.text, cleaning).replace(/[\t\n]/g, ' ');
    if (endsWithSpace) text = text.replace(/^ +/, countInto);
    text = text.replace(/ {2,}/g, (spaces) => {
      blanks += spaces.length - 1;
      return ' ';
    });
    if (text === '') continue;
    endsWithSpace = text.endsWith(' ');
    runs.push({ ...run, text });
  }
  for (let last = runs.at(-1); last?.text.endsWith(' '); last = runs.at(-1)) {
    last.text = last.text.replace(/ +$/, '');
    if (last.text === '') runs.pop();
  }
  cleaning.add('blank-run', blanks);
  return normalizeInlines(runs);

  function countInto(spaces: string): string {
    if (runs.length > 0) blanks += spaces.length;
    return '';
  }
}

function guessKind(draft: Draft, index: number, count: number): Draft {
  if (draft.kind !== 'paragraph') return draft;
  const text = blockText(draft);
  const outer = index < TOP || index >= count - 2;
  if (outer && looksLikeByline(text)) return { ...draft, kind: 'byline' };
  if (outer && looksLikeDateline(text)) return { ...draft, kind: 'dateline' };
  return draft;
}

function suspicion(draft: Draft, index: number, all: readonly Draft[]): SuspectReason | null {
  const text = blockText(draft);
  const left = leftover(text);
  if (left !== null) return left;
  if (draft.explicit) return null;
  if (looksLikeDate(text)) return 'date-alone';
  if (draft.kind !== 'paragraph' || wordCount(text) > FRAGMENT_WORDS || /[.!?…:;,]["”»’)]?$/u.test(text)) return null;
  const next = all[index + 1];
  return next && next.kind === 'listItem' ? null : 'short-fragment';
}

function blockOf(draft: Draft): Block {
  return {
    id: '',
    kind: draft.kind,
    level: draft.kind === 'heading' ? Math.min(MAX_HEADING_LEVEL, Math.max(1, draft.level)) : 1,
    indent: draft.kind === 'listItem' ? Math.min(MAX_INDENT, Math.max(0, draft.indent)) : 0,
    ordered: draft.kind === 'listItem' && draft.ordered,
    content: draft.content,
  };
}
