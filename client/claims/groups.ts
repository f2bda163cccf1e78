// The columns of the claims board: which verdicts stand together, and which claims stand in which column. Pure.
import type { Annotation, Verdict } from '../../shared/annotation/types.ts';

export const CLAIM_GROUPS = ['unchecked', 'sound', 'doubtful', 'false'] as const;
export type ClaimGroup = (typeof CLAIM_GROUPS)[number];

const GROUP_OF_VERDICT: Record<Verdict, ClaimGroup> = {
  true: 'sound',
  'mostly-true': 'sound',
  misleading: 'doubtful',
  unsupported: 'doubtful',
  outdated: 'doubtful',
  'not-checkable': 'doubtful',
  false: 'false',
};

/** Claims by column: open ones before resolved ones, those waiting longest first. */
export function groupClaims(annotations: readonly Annotation[]): Record<ClaimGroup, Annotation[]> {
  const groups: Record<ClaimGroup, Annotation[]> = { unchecked: [], sound: [], doubtful: [], false: [] };
  for (const annotation of annotations) {
    if (!annotation.claim) continue;
    const { verdict } = annotation.claim;
    groups[verdict === null ? 'unchecked' : GROUP_OF_VERDICT[verdict]].push(annotation);
  }
  const rank = ({ status }: Annotation) => (status === 'open' ? 0 : 1);
  for (const group of CLAIM_GROUPS) groups[group].sort((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
  return groups;
}
