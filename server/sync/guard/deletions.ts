// Of an update's deletions, those that count.
import * as Y from 'yjs';
import type { DeleteRange } from '../../updates/decode.ts';
import type { FreshStructs } from './fresh.ts';
import { findStruct, stateOf } from './store.ts';
import { Behind, demandAccess, type GuardParts } from './verdict.ts';

export interface JudgedDeletions {
  readonly kept: readonly DeleteRange[];
  /** Formatting was left out. */
  readonly filtered: boolean;
}

/**
 * What is deleted already does not count, and formatting that somebody may not write is left alone without a word: every
 * honest Yjs client tidies formatting wherever it sees it (`cleanupYTextAfterTransaction` in Yjs's YText). Throws Refusal for
 * other deletions where the person may not write, Behind for those of what neither the document nor the update has.
 */
export function judgeDeletions(
  ranges: readonly DeleteRange[],
  fresh: readonly FreshStructs[],
  parts: GuardParts,
): JudgedDeletions {
  const kept: DeleteRange[] = [];
  let filtered = false;
  if (ranges.length === 0) return { kept, filtered };
  const sentBy = new Map(fresh.map((group) => [group.client, group]));
  for (const { client, clock, length } of ranges) {
    const sent = sentBy.get(client);
    const state = sent ? sent.state : stateOf(parts.doc, client);
    const end = clock + length;
    if (end > (sent ? sent.endClock : state)) throw new Behind();
    const storedEnd = Math.min(end, state);
    if (clock < storedEnd) filtered = judgeStored(client, clock, storedEnd, parts, kept) || filtered;
    // What was sent with it stands where the person may write, or the update would have been refused before.
    const sentStart = Math.max(clock, state);
    if (sentStart < end) kept.push({ client, clock: sentStart, length: end - sentStart });
  }
  return { kept, filtered };
}

/** Puts what counts of a stored range into `kept`; answers whether formatting was left out. */
function judgeStored(client: number, start: number, end: number, parts: GuardParts, kept: DeleteRange[]): boolean {
  const structs = parts.doc.store.clients.get(client)!;
  let filtered = false;
  let from = -1; // start of the run that counts
  for (let index = findStruct(structs, start); index < structs.length; index += 1) {
    const struct = structs[index]!;
    if (struct.id.clock >= end) break;
    let counts = false;
    if (!struct.deleted) {
      const place = parts.roots.placeOf(struct);
      const access = place === null ? 'unknown' : parts.access(place.root);
      if (access === 'yes') counts = true;
      else if (struct instanceof Y.Item && struct.content instanceof Y.ContentFormat) filtered = true;
      else demandAccess(access, place?.root ?? '');
    }
    const structStart = Math.max(start, struct.id.clock);
    if (counts && from === -1) from = structStart;
    if (!counts && from !== -1) {
      kept.push({ client, clock: from, length: structStart - from });
      from = -1;
    }
  }
  if (from !== -1) kept.push({ client, clock: from, length: end - from });
  return filtered;
}
