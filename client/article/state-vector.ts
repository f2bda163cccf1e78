// What a command says that its sender has: so that it never overtakes the words that it is about. Pure.
import * as Y from 'yjs';

/** The part of a document's state vector that goes beyond what the server is known to have, as base64. */
export function stateBeyond(doc: Y.Doc, known: ReadonlyMap<number, number>): string {
  const beyond = new Map<number, number>();
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
    if (clock > (known.get(client) ?? 0)) beyond.set(client, clock);
  }
  return toBase64(Y.encodeStateVector(beyond));
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
