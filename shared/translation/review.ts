// Review states of translated blocks (XLIFF 2.1 `state`), and what is derived from them. Records are written by the server.
import type * as Y from 'yjs';
import type { Author } from '../annotation/types.ts';
import { REVIEW_ROOT } from '../article/roots.ts';

export const REVIEW_STATES = ['initial', 'translated', 'reviewed', 'final'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** A confirmation: that this target text was found right for this source text. */
export interface ReviewRecord {
  state: Exclude<ReviewState, 'initial'>;
  /** The source block's and the target block's plain text at that moment. */
  source: string;
  target: string;
  by: Author;
  at: number;
  /** Who confirmed the translation first; a reviewer should be somebody else. */
  translatedBy: Author;
  /** Why one's own translation was reviewed, or why a source change does not matter; '' otherwise. */
  reason: string;
}

/** How a target block stands. `missing`: no block or no words; `draft`: words that nobody confirmed; `stale`: the source changed since. */
export type BlockStatus = 'missing' | 'draft' | 'translated' | 'reviewed' | 'final' | 'stale';

export function reviewKey(language: string, blockId: string): string {
  return `${language}/${blockId}`;
}

export function readReview(doc: Y.Doc, language: string, blockId: string): ReviewRecord | null {
  return (doc.getMap(REVIEW_ROOT).get(reviewKey(language, blockId)) as ReviewRecord | undefined) ?? null;
}

/** The status of one target block, given its words ('' or null if there is none) and its source's. */
export function blockStatus(source: string, target: string | null, record: ReviewRecord | null): BlockStatus {
  if (target === null || target.trim() === '') return 'missing';
  if (record === null) return 'draft';
  if (record.source !== source) return 'stale';
  if (record.target !== target) return record.state === 'translated' ? 'draft' : 'translated';
  return record.state;
}

/** Whole per cent of a share from 0 to 1; what is not quite done is at most 99, what has begun at least 1. */
export function wholePercent(share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 100;
  return Math.min(99, Math.max(1, Math.round(share * 100)));
}
