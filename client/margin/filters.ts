// Which annotations the margin shows, in which order, and how many there are of each kind. Pure.
import type { Annotation, AnnotationKind } from '../../shared/annotation/types.ts';
import { mentionedIds } from './mentions.ts';
import type { AnnotationItem, Filter } from './types.ts';

export const INITIAL_FILTER: Filter = { kind: 'all', status: 'open', language: null, mine: false, attention: false };

/** Whether its place needs a person: its words moved or are gone. Resolved ones need nobody. */
export function needsAttention(annotation: Annotation): boolean {
  return annotation.status === 'open' && annotation.anchorState !== 'attached';
}

/** Whether a person made it, takes part in it, or is mentioned in it. */
export function concerns(annotation: Annotation, personId: string): boolean {
  if (annotation.createdBy.id === personId || annotation.suggestion?.by.id === personId) return true;
  return annotation.thread.some(
    (message) =>
      message.deletedAt === null && (message.by.id === personId || mentionedIds(message.body).includes(personId)),
  );
}

function passesAllButKind(annotation: Annotation, filter: Filter, personId: string): boolean {
  if (filter.status !== 'all' && annotation.status !== filter.status) return false;
  if (filter.language !== null && annotation.language !== filter.language) return false;
  if (filter.attention && !needsAttention(annotation)) return false;
  return !filter.mine || concerns(annotation, personId);
}

export function passes(annotation: Annotation, filter: Filter, personId: string): boolean {
  if (filter.kind !== 'all' && annotation.kind !== filter.kind) return false;
  return passesAllButKind(annotation, filter, personId);
}

export interface FilterCounts {
  kinds: Record<AnnotationKind | 'all', number>;
  attention: number;
}

/** The numbers on the tabs: how many of each kind the other filters let through; and all that need attention. */
export function countKinds(items: readonly AnnotationItem[], filter: Filter, personId: string): FilterCounts {
  const counts: FilterCounts = { kinds: { all: 0, comment: 0, language: 0, claim: 0 }, attention: 0 };
  for (const { annotation } of items) {
    if (needsAttention(annotation)) counts.attention++;
    if (!passesAllButKind(annotation, filter, personId)) continue;
    counts.kinds.all++;
    counts.kinds[annotation.kind]++;
  }
  return counts;
}

/** Sorts by the order of the article: block, then place within it, then language, then age. Unknown blocks come first. */
export function inDocumentOrder(
  items: readonly AnnotationItem[],
  blockOrder: ReadonlyMap<string, number>,
  languages: readonly string[],
): AnnotationItem[] {
  const rank = (annotation: Annotation) => blockOrder.get(annotation.anchor.startBlock) ?? -1;
  const column = (annotation: Annotation) => languages.indexOf(annotation.language);
  return [...items].sort(
    ({ annotation: a }, { annotation: b }) =>
      rank(a) - rank(b) ||
      column(a) - column(b) ||
      a.anchor.startOffset - b.anchor.startOffset ||
      a.createdAt - b.createdAt,
  );
}

/** The id after (or before) `current` in a list, round the end; the first (or last) if there is no current one. */
export function neighbour(ids: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return (step === 1 ? ids[0] : ids[ids.length - 1]) ?? null;
  return ids[(at + step + ids.length) % ids.length] ?? null;
}
