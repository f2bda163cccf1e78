// What an annotation is, as a plain value. In the Y.Doc it is a Y.Map (root `annotations`, by id) of the same fields, with
// `thread` as a Y.Array of plain message objects. Only the server writes it, through commands.
import type { Role } from '../access/roles.ts';

export const ANNOTATION_KINDS = ['comment', 'language', 'claim'] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

/** MQM core dimensions and the subtypes that awkward English needs (https://themqm.org). */
export const MQM_CATEGORIES = [
  'accuracy',
  'mistranslation',
  'omission',
  'addition',
  'terminology',
  'linguistic-conventions',
  'grammar',
  'spelling',
  'punctuation',
  'style',
  'awkward',
  'register',
  'locale-conventions',
  'audience-appropriateness',
  'markup',
] as const;
export type MqmCategory = (typeof MQM_CATEGORIES)[number];

export const SEVERITIES = ['neutral', 'minor', 'major', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Categories whose accepted suggestions leave the meaning alone, so that translations do not become stale. */
export const MEANING_PRESERVING: readonly MqmCategory[] = ['spelling', 'punctuation', 'markup'];

export const VERDICTS = [
  'true',
  'mostly-true',
  'misleading',
  'unsupported',
  'outdated',
  'false',
  'not-checkable',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const EVIDENCE_STANCES = ['supports', 'contradicts', 'context'] as const;
export type EvidenceStance = (typeof EVIDENCE_STANCES)[number];

/** Who did something, as verified by the server at that moment. */
export interface Author {
  id: string;
  name: string;
  role: Role;
}

/**
 * Where an annotation stands. Positions count UTF-16 code units inside their block. `start` and `end` are base64 of
 * encoded Yjs relative positions (assoc 0 and −1); the selectors are those of W3C Web Annotation.
 */
export interface Anchor {
  start: string;
  end: string;
  startBlock: string;
  endBlock: string;
  /** TextQuoteSelector. Blocks of a longer range are joined by "\n". */
  exact: string;
  prefix: string;
  suffix: string;
  /** TextPositionSelector, offsets within startBlock and endBlock, as last resolved. */
  startOffset: number;
  endOffset: number;
  /**
   * Base64 of the Yjs state vector just before the words were lost; null while the anchor has them. Only words that came
   * after it can be the lost ones come back.
   */
  lostAt: string | null;
}

/** `attached`: on its words. `moved`: on words that a person should confirm. `orphan`: its words are gone. */
export type AnchorState = 'attached' | 'moved' | 'orphan';

export interface Message {
  id: string;
  by: Author;
  /** Epoch ms. */
  at: number;
  /** Plain text, at most 10,000 characters; mentions are written `@[Name](personId)`. '' once deleted. */
  body: string;
  editedAt: number | null;
  deletedAt: number | null;
}

export type SuggestionStatus = 'pending' | 'accepted' | 'rejected' | 'superseded';

export interface Suggestion {
  /** The replacement for the annotation's range; never contains a line break; '' means "delete these words". */
  text: string;
  /** The range's words when the suggestion was made. */
  original: string;
  status: SuggestionStatus;
  by: Author;
  at: number;
  decidedBy: Author | null;
  decidedAt: number | null;
  /** The words that acceptance replaced: what "revert" puts back. */
  replaced: string | null;
  /** The range's words changed after the suggestion was made: the card says "check". */
  check: boolean;
}

export interface Evidence {
  id: string;
  url: string;
  title: string;
  publisher: string;
  quote: string;
  stance: EvidenceStance;
  /** Epoch ms of when the source was read. */
  accessedAt: number;
  by: Author;
}

/** After ClaimReview (https://schema.org/ClaimReview): the claim reviewed, the rating and its reasons. */
export interface Claim {
  statement: string;
  verdict: Verdict | null;
  rationale: string;
  judgedBy: Author | null;
  judgedAt: number | null;
  evidence: Evidence[];
}

export interface Annotation {
  id: string;
  kind: AnnotationKind;
  language: string;
  anchor: Anchor;
  anchorState: AnchorState;
  status: 'open' | 'resolved';
  resolvedBy: Author | null;
  resolvedAt: number | null;
  createdBy: Author;
  createdAt: number;
  /** Of kind `language` only. */
  category: MqmCategory | null;
  severity: Severity | null;
  suggestion: Suggestion | null;
  /** Of kind `claim` only. */
  claim: Claim | null;
  /** The first message is the annotation's body. */
  thread: Message[];
}
