// Puts what is remembered of an article back into a document that was loaded without it, because storage has lost it. What the
// document has already changes nothing, so nothing is doubled whoever else puts back the same.
import type * as Y from 'yjs';
import { applyUpdate } from 'yjs';
import type { UpdateLog } from '../storage/types.ts';
import type { RememberedRow } from './remembered.ts';
import type { ChangeOrigin } from './types.ts';

/** Applies `rows` in order. Answers with how many of them fitted; if not all, the document is to be thrown away. */
export function putBack(doc: Y.Doc, rows: readonly RememberedRow[]): number {
  for (const [index, { personId, update }] of rows.entries()) {
    const origin: ChangeOrigin = { personId, via: 'again' };
    doc.transact((transaction) => {
      applyUpdate(doc, update, origin);
      transaction.local = true; // its tidying was done when it was written
    }, origin);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return index;
  }
  return rows.length;
}

/** Whose client ids these are may be lost too. What is somebody's in storage stays theirs. Adds to `owners`. */
export async function recordOwners(
  articleId: string,
  rows: readonly RememberedRow[],
  owners: Map<number, string>,
  log: Pick<UpdateLog, 'recordLeases'>,
): Promise<void> {
  const lost = new Map(rows.flatMap((row) => row.owners.filter(([client]) => !owners.has(client))));
  if (lost.size === 0) return;
  await log.recordLeases([...lost].map(([clientId, personId]) => ({ articleId, clientId, personId })));
  for (const [client, personId] of lost) owners.set(client, personId);
}
