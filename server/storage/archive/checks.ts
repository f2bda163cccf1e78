// Whether stored bytes are those that were stored, and whether any are missing. Pure; each answers with what is wrong.
import { type Damage, LogDamage } from '../errors.ts';
import type { Present, StoredDocument, StoredRow, StoredSegment } from '../tables/history.ts';
import { rowChecksum, segmentChecksum, snapshotChecksum, stateChecksum } from './checksum.ts';
import type { Packed } from './packing.ts';

export function damagesOfState(articleId: string, state: StoredDocument | null, head: number): Damage[] {
  if (!state) return [];
  const { seq, packed, stateVector, checksum } = state;
  if (checksum !== null && checksum !== stateChecksum(articleId, seq, packed.data, stateVector)) {
    return [{ articleId, part: 'state', reason: 'checksum' }];
  }
  return seq > head ? [{ articleId, part: 'row', from: head + 1, to: seq, reason: 'missing' }] : [];
}

/** `rows` should be those after `after` up to `upTo`, all of them. */
export function damagesOfRows(articleId: string, rows: readonly StoredRow[], after: number, upTo: number): Damage[] {
  const damages: Damage[] = [];
  let expected = after + 1;
  for (const row of rows) {
    damages.push(...gap(articleId, expected, row.seq));
    expected = row.seq + 1;
    if (row.checksum !== null && row.checksum !== rowChecksum({ articleId, ...row })) {
      damages.push({ articleId, part: 'row', from: row.seq, to: row.seq, reason: 'checksum' });
    }
  }
  return [...damages, ...gap(articleId, expected, upTo + 1)];
}

export function damagesOfSegment(articleId: string, { from, to, data, checksum }: StoredSegment): Damage[] {
  if (checksum === segmentChecksum(articleId, from, to, data)) return [];
  return [{ articleId, part: 'history', from, to, reason: 'checksum' }];
}

export function damagesOfSnapshot(
  articleId: string,
  snapshotId: string,
  { packed, checksum }: { packed: Packed; checksum: number | null },
): Damage[] {
  if (checksum === null || checksum === snapshotChecksum(articleId, snapshotId, packed.data)) return [];
  return [{ articleId, part: 'snapshot', snapshotId, reason: 'checksum' }];
}

/** Rows between the one that should come next and the one that does. */
export function gap(articleId: string, expected: number, found: number): Damage[] {
  if (found <= expected) return [];
  return [{ articleId, part: 'row', from: expected, to: found - 1, reason: 'missing' }];
}

export function damagesOfPresent(articleId: string, { bounds, state, tail }: Omit<Present, 'languages'>): Damage[] {
  return [
    ...damagesOfState(articleId, state, bounds.head),
    ...damagesOfRows(articleId, tail, state?.seq ?? bounds.base, bounds.head),
  ];
}

/** Throws LogDamage for the first one. */
export function requireGood(damages: readonly Damage[]): void {
  if (damages[0]) throw new LogDamage(damages[0]);
}
