// Confirming a translated block: what the next step is, and whether one may take it. The rights are shared/access.
import { may, type Standing } from '../../../shared/access/roles.ts';
import type { BlockStatus, ReviewRecord } from '../../../shared/translation/review.ts';
import type { Workspace } from '../workspace.ts';
import type { ReviewStatuses } from './statuses.ts';

export type Confirmation = ReviewRecord['state'];

const ACTION = {
  translated: 'confirmTranslated',
  reviewed: 'confirmReviewed',
  final: 'confirmFinal',
} as const;

/** The steps that a person of this standing may take for a block, in their order. */
export function confirmations(standing: Standing, language: string, status: BlockStatus): Confirmation[] {
  if (status === 'missing') return [];
  const steps: Confirmation[] = ['translated', 'reviewed', 'final'];
  return steps.filter((step) => step !== status && may(standing, ACTION[step], language));
}

/** What one key confirms: the step after the present one. */
export function nextConfirmation(standing: Standing, language: string, status: BlockStatus): Confirmation | null {
  const next: Record<BlockStatus, Confirmation | null> = {
    missing: null,
    draft: 'translated',
    stale: 'translated',
    translated: 'reviewed',
    reviewed: 'final',
    final: null,
  };
  const step = next[status];
  return step !== null && may(standing, ACTION[step], language) ? step : null;
}

/** Whether a review needs a reason: one reviews one's own translation. */
export function needsReason(
  step: Confirmation,
  record: ReviewRecord | null,
  standing: Standing,
  personId: string,
): boolean {
  return step === 'reviewed' && standing.role !== 'editor' && record?.translatedBy.id === personId;
}

/** Confirms the block that the caret is in, if the next step is this person's to take and needs no words. */
export function confirmHere(workspace: Workspace, statuses: ReviewStatuses, language: string): boolean {
  const { session } = workspace;
  // Asked of the view itself: what follows the caret for display is a frame behind, and typing may be quicker.
  const $head = workspace.view(language)?.state.selection.$head;
  const blockId: unknown = $head && $head.depth > 0 ? $head.node(1).attrs.id : null;
  if (typeof blockId !== 'string') return false;
  const standing = session.standing.get();
  const step = nextConfirmation(standing, language, statuses.statusNow(language, blockId));
  if (!step || needsReason(step, statuses.record(language, blockId), standing, session.person.id)) return false;
  void session
    .send('review.confirm', { language, blockId, state: step })
    .catch((error: unknown) => workspace.onError(error));
  return true;
}
