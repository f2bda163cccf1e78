// The difference of two texts by words (for people to read) and as the smallest edit (for changing a live text without
// disturbing what stays). Knows nothing of documents.
import { diffArrays } from 'diff';

export interface DiffPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** One replacement: `removed` characters at `offset` of the old text give way to `inserted`. */
export interface Hunk {
  offset: number;
  removed: number;
  inserted: string;
}

/** Past so many edits two texts have nothing to do with one another: the whole is replaced. */
const MAX_EDITS = 2_000;

/** What changed from `before` to `after`, by words, in reading order; what was removed comes before what was added. */
export function wordDiff(before: string, after: string, language?: string): DiffPart[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  const changes = diffArrays(words(before, language), words(after, language), { maxEditLength: MAX_EDITS }) ?? [
    { removed: true, added: false, value: [before] },
    { removed: false, added: true, value: [after] },
  ];
  const parts: DiffPart[] = [];
  for (const change of changes) {
    const text = change.value.join('');
    if (text === '') continue;
    const kind = change.removed ? 'removed' : change.added ? 'added' : 'same';
    const last = parts[parts.length - 1];
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  }
  return joinAcrossSpaces(parts);
}

/** The smallest edit from `before` to `after`: by words, then trimmed by characters. Hunks are in order of `before`. */
export function minimalHunks(before: string, after: string, language?: string): Hunk[] {
  const hunks: Hunk[] = [];
  let offset = 0;
  let open: Hunk | null = null;
  const close = () => {
    if (open) hunks.push(...trimmed(before, open));
    open = null;
  };
  const changes =
    before === after
      ? []
      : (diffArrays(words(before, language), words(after, language), { maxEditLength: MAX_EDITS }) ?? [
          { removed: true, added: false, value: [before] },
          { removed: false, added: true, value: [after] },
        ]);
  for (const change of changes) {
    const text = change.value.join('');
    if (!change.removed && !change.added) {
      close();
      offset += text.length;
      continue;
    }
    open ??= { offset, removed: 0, inserted: '' };
    if (change.removed) {
      open.removed += text.length;
      offset += text.length;
    } else open.inserted += text;
  }
  close();
  return hunks;
}

/** `text` after the hunks. */
export function applyHunks(text: string, hunks: readonly Hunk[]): string {
  let result = '';
  let at = 0;
  for (const hunk of hunks) {
    result += text.slice(at, hunk.offset) + hunk.inserted;
    at = hunk.offset + hunk.removed;
  }
  return result + text.slice(at);
}

/**
 * The same change in coarser steps: changes with nothing but spaces between them become one. For telling where words went;
 * an edit keeps to the small steps.
 */
export function joinHunks(before: string, hunks: readonly Hunk[]): Hunk[] {
  const joined: Hunk[] = [];
  for (const hunk of hunks) {
    const last = joined[joined.length - 1];
    const between = last && before.slice(last.offset + last.removed, hunk.offset);
    if (last && /^\s*$/.test(between!)) {
      last.removed = hunk.offset + hunk.removed - last.offset;
      last.inserted += between + hunk.inserted;
    } else joined.push({ ...hunk });
  }
  return joined.flatMap((hunk) => trimmed(before, hunk));
}

/** Where a place of the old text is in the new one; inside a replaced stretch, the edge that `side` says. */
export function mapOffset(hunks: readonly Hunk[], offset: number, side: 'start' | 'end'): number {
  let shift = 0;
  for (const hunk of hunks) {
    const end = hunk.offset + hunk.removed;
    if (offset < hunk.offset || (offset === hunk.offset && side === 'end')) break;
    if (offset < end || (offset === end && hunk.removed > 0 && side === 'end')) {
      return hunk.offset + shift + (side === 'start' ? 0 : hunk.inserted.length);
    }
    shift += hunk.inserted.length - hunk.removed;
  }
  return offset + shift;
}

/** How many words a text has, as the language counts them. */
export function countWords(text: string, language?: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter('word', language).segment(text)) if (isWordLike) count++;
  return count;
}

function words(text: string, language?: string): string[] {
  return Array.from(segmenter('word', language).segment(text), ({ segment }) => segment);
}

/** Making one costs as much as counting a line of text. */
const SEGMENTERS = new Map<string, Intl.Segmenter>();

function segmenter(granularity: 'word' | 'grapheme', language?: string): Intl.Segmenter {
  const key = `${granularity} ${language ?? ''}`;
  let known = SEGMENTERS.get(key);
  if (known === undefined) {
    known = new Intl.Segmenter(language, { granularity });
    SEGMENTERS.set(key, known);
  }
  return known;
}

/** A hunk without the characters that both sides begin and end with; characters that belong together are not torn. */
function trimmed(before: string, hunk: Hunk): Hunk[] {
  const graphemes = (text: string) => Array.from(segmenter('grapheme').segment(text), ({ segment }) => segment);
  const old = graphemes(before.slice(hunk.offset, hunk.offset + hunk.removed));
  const now = graphemes(hunk.inserted);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  ) {
    tail++;
  }
  const removed = old.slice(head, old.length - tail).join('').length;
  const inserted = now.slice(head, now.length - tail).join('');
  if (removed === 0 && inserted === '') return [];
  return [{ offset: hunk.offset + old.slice(0, head).join('').length, removed, inserted }];
}

/** Two changed stretches with nothing but a space between them read better as one. */
function joinAcrossSpaces(parts: readonly DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    if (removed !== '') joined.push({ kind: 'removed', text: removed });
    if (added !== '') joined.push({ kind: 'added', text: added });
    removed = '';
    added = '';
  };
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'removed') removed += part.text;
    else if (part.kind === 'added') added += part.text;
    else if (/^\s+$/.test(part.text) && removed !== '' && added !== '' && index < parts.length - 1) {
      removed += part.text;
      added += part.text;
    } else {
      flush();
      joined.push({ ...part });
    }
  }
  flush();
  return joined;
}
