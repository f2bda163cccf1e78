// What travels between the document thread and the rest of the process. Structured clones: plain data only.
import type { Fingerprint } from './content.ts';
import type { Packed } from './packing.ts';
import type { Part, Row } from './segments.ts';

/** A document in the thread, by the number that its user chose. */
export type DocumentId = number;

export type Work =
  | { kind: 'open'; document: DocumentId }
  | { kind: 'close'; document: DocumentId }
  | { kind: 'apply'; document: DocumentId; updates: readonly Uint8Array[] }
  /** `places`: it is applied in the pieces that newcomers get. */
  | { kind: 'applyPacked'; document: DocumentId; packed: Packed; places?: Uint8Array | null }
  /** Parts that end at row `upTo` or before it. Answers with the last row applied, or null. */
  | { kind: 'applySegment'; document: DocumentId; segment: Uint8Array; after: number; upTo: number }
  | { kind: 'encode'; document: DocumentId }
  | { kind: 'update'; document: DocumentId }
  | { kind: 'words'; document: DocumentId }
  | { kind: 'fingerprint'; document: DocumentId }
  | { kind: 'pack'; rows: readonly Row[]; cuts: readonly number[] }
  | { kind: 'parts'; segment: Uint8Array };

export interface Encoded {
  packed: Packed;
  stateVector: Uint8Array;
  /** Where it may be cut (server/updates/places.ts). */
  places: Uint8Array | null;
}

/** A part of a segment without what it changed. */
export type PartInfo = Omit<Part, 'update'> & { bytes: number };

export interface Values {
  open: null;
  close: null;
  apply: null;
  applyPacked: null;
  applySegment: number | null;
  encode: Encoded;
  update: Uint8Array;
  words: number;
  fingerprint: Fingerprint;
  pack: Uint8Array;
  parts: PartInfo[];
}

export type ThreadAnswer =
  | { kind: 'done'; value: Values[keyof Values] }
  /** The bytes are not what they should be, or updates are missing. */
  | { kind: 'unreadable'; message: string }
  | { kind: 'failed'; message: string };
