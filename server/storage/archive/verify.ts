// Whether an article is what was written: every checksum, no number missing, every snapshot a document, and the stored state
// with the rows after it the same as all rows from the beginning. It reads everything and changes nothing.
import { isDeepStrictEqual } from 'node:util';
import { type Damage, LogDamage, StorageError } from '../errors.ts';
import type { Bounds } from '../tables/history.ts';
import type { ArticleReport } from '../types.ts';
import { type ArchiveParts, reading, replay } from './building.ts';
import { damagesOfPresent, damagesOfSnapshot } from './checks.ts';
import type { Fingerprint } from './content.ts';
import { Unreadable } from './document-thread.ts';
import { readPlaces } from './places.ts';

/** A document that was built, or why it could not be. */
export interface Built {
  damaged: Damage[];
  /** Null if it could not be built, or (the opened one) if there is no stored state. */
  end: Fingerprint | null;
}

/** Throws StorageError `reference` if there is no such article. */
export async function verifyArticle(parts: ArchiveParts, articleId: string): Promise<ArticleReport> {
  const bounds = await parts.tables.bounds(articleId);
  if (!bounds) throw new StorageError('reference', `no article ${articleId}`);
  const snapshots = await parts.snapshots.rows(articleId);
  const marks = snapshots.flatMap(({ seq }) => (seq !== null && seq > bounds.base && seq <= bounds.head ? seq : []));
  const replayed = await replayAll(parts, articleId, bounds, marks);
  const opened = await openStored(parts, articleId, bounds);
  const damaged = [...replayed.damaged, ...opened.damaged];
  if (differ(replayed, opened)) damaged.push({ articleId, part: 'document', reason: 'differs' });
  for (const { id, seq } of snapshots) {
    const expected = seq === null ? undefined : replayed.marks.get(seq);
    damaged.push(...(await verifySnapshot(parts, articleId, id, expected)));
  }
  const updates = bounds.head - bounds.base;
  return { articleId, updates, snapshots: snapshots.length, damaged: distinct(damaged) };
}

/** What all rows make, from the beginning to the end, and what it was after each of the rows in `marks`. */
export async function replayAll(
  parts: ArchiveParts,
  articleId: string,
  { base, head }: Bounds,
  marks: readonly number[] = [],
): Promise<Built & { marks: Map<number, Fingerprint> }> {
  return parts.thread.withDocument(async (ask) => {
    const damaged: Damage[] = [];
    const prints = new Map<number, Fingerprint>();
    let at = base;
    for (const upTo of [...new Set([...marks, head])].sort((a, b) => a - b)) {
      const into = damaged.length === 0 ? ask : null;
      const reached = await replay(parts, into, articleId, at, upTo, (damages) => damaged.push(...damages));
      at = damaged.length === 0 ? reached : upTo;
      if (damaged.length > 0 || reached !== upTo) continue;
      try {
        prints.set(upTo, await ask({ kind: 'fingerprint' }));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        damaged.push({ articleId, part: 'row', to: upTo, reason: 'unreadable' });
      }
    }
    return { damaged, end: damaged.length === 0 ? (prints.get(head) ?? null) : null, marks: prints };
  });
}

/** What a room opens: the stored state and the rows after it. */
export async function openStored(parts: ArchiveParts, articleId: string, { base, head }: Bounds): Promise<Built> {
  const { state, tail } = (await parts.tables.present(articleId)) ?? { state: null, tail: [] };
  if (!state) {
    const isGone = (await parts.tables.lastInHistory(articleId)) !== null; // rows become history only after it is stored
    return { damaged: isGone ? [{ articleId, part: 'state', reason: 'missing' }] : [], end: null };
  }
  // Rows that came meanwhile are not part of what is compared.
  const rows = tail.filter((row) => row.seq <= head);
  const damaged = damagesOfPresent(articleId, { bounds: { base, head }, state, tail: rows });
  if (damaged.length > 0) return { damaged, end: null };
  try {
    return await parts.thread.withDocument(async (ask) => {
      await reading(articleId, 'state', ask({ kind: 'applyPacked', packed: state.packed, places: readPlaces(state) }));
      const { stateVector } = await reading(articleId, 'state', ask({ kind: 'encode' }));
      if (Buffer.compare(stateVector, state.stateVector) !== 0) {
        throw new LogDamage({ articleId, part: 'state', reason: 'differs' });
      }
      await reading(articleId, 'row', ask({ kind: 'apply', updates: rows.map((row) => row.data) }));
      return { damaged, end: await reading(articleId, 'row', ask({ kind: 'fingerprint' })) };
    });
  } catch (error) {
    if (!(error instanceof LogDamage)) throw error;
    return { damaged: [error.damage], end: null };
  }
}

/** Both could be built, and they are not the same. */
export function differ({ end: one }: Built, { end: other }: Built): boolean {
  return one !== null && other !== null && !same(one, other);
}

async function verifySnapshot(
  { snapshots, thread }: ArchiveParts,
  articleId: string,
  snapshotId: string,
  expected: Fingerprint | undefined,
): Promise<Damage[]> {
  const stored = await snapshots.find(articleId, snapshotId);
  if (!stored) return []; // removed meanwhile
  const damages = damagesOfSnapshot(articleId, snapshotId, stored);
  if (damages.length > 0) return damages;
  const damage = (reason: Damage['reason']): Damage[] => [{ articleId, part: 'snapshot', snapshotId, reason }];
  try {
    const print = await thread.withDocument(async (ask) => {
      await ask({ kind: 'applyPacked', packed: stored.packed });
      return ask({ kind: 'fingerprint' });
    });
    return expected && !same(expected, print) ? damage('differs') : [];
  } catch (error) {
    if (error instanceof Unreadable) return damage('unreadable');
    throw error;
  }
}

function same(one: Fingerprint, other: Fingerprint): boolean {
  return one.content === other.content && one.stateVector === other.stateVector;
}

/** A row after the state is met twice, in the replay and on the way that rooms open it; rows that are gone make one gap. */
function distinct(damages: readonly Damage[]): Damage[] {
  const found: Damage[] = [];
  for (const damage of damages) {
    const last = found.at(-1);
    const continues = last?.reason === 'missing' && damage.reason === 'missing' && damage.from === (last.to ?? 0) + 1;
    if (last && continues && damage.to !== undefined) last.to = damage.to;
    else if (!found.some((known) => isDeepStrictEqual(known, damage))) found.push({ ...damage });
  }
  return found;
}
