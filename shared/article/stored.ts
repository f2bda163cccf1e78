// Brings what the log or a snapshot holds into a document, as it is.
import * as Y from 'yjs';

/**
 * Applies stored updates (V1) in one transaction. After changes of others Yjs tidies formatting that holds no words; what was
 * tidied is in the log already, and tidied again, words could lose more of it: so that is left out here.
 * Throws what Yjs throws if an update cannot be read.
 */
export function applyStored(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  doc.transact((transaction) => {
    for (const update of updates) Y.applyUpdate(doc, update);
    transaction.local = true;
  });
}
