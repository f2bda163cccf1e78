// How far a translation is, as shares of the source's words. Pure.
import type { Progress } from '../protocol/rest.ts';

/** From best to worst: the order in which they stand in the bar. */
export const PARTS = ['final', 'reviewed', 'translated', 'stale', 'draft'] as const;
export type Part = (typeof PARTS)[number];

type Words = Omit<Progress, 'language'>;

export function sumProgress(progress: readonly Progress[]): Words {
  const sum: Words = { total: 0, missing: 0, draft: 0, translated: 0, reviewed: 0, final: 0, stale: 0 };
  for (const one of progress) for (const key of Object.keys(sum) as (keyof Words)[]) sum[key] += one[key];
  return sum;
}

/** The share of words whose translation somebody has confirmed and that the source has not left behind. */
export function confirmedShare(progress: Words): number {
  return progress.total === 0 ? 0 : (progress.translated + progress.reviewed + progress.final) / progress.total;
}

/** The pieces of the bar that are not empty, each with its share of all words. */
export function barParts(progress: Words): { part: Part; share: number }[] {
  if (progress.total === 0) return [];
  return PARTS.map((part) => ({ part, share: progress[part] / progress.total })).filter(({ share }) => share > 0);
}
