// Of an update, the structs that the document does not have yet, and whose client ids they carry. It knows clocks, no places.
import type * as Y from 'yjs';
import type { DecodedUpdate, Struct } from '../../updates/decode.ts';
import { stateOf } from './store.ts';
import { Behind, type GuardParts, Refusal } from './verdict.ts';

/** What a client id brings that the document does not have: the end of what was sent. */
export interface FreshStructs {
  readonly client: number;
  /** The first may begin before `state`: then the document has its beginning. */
  readonly structs: readonly Struct[];
  /** The clock after the last one. */
  readonly endClock: number;
  /** Where the last one ends in the bytes. */
  readonly end: number;
  /** The document's next clock for this client id. */
  readonly state: number;
}

/** Throws Behind where a client id's structs do not begin where the document ends. */
export function freshStructs(update: DecodedUpdate, doc: Y.Doc): FreshStructs[] {
  const fresh: FreshStructs[] = [];
  for (const { client, structs, endClock, end } of update.clients) {
    const state = stateOf(doc, client);
    if (endClock <= state) continue;
    if (structs[0]!.id.clock > state) throw new Behind();
    const first =
      structs[0]!.id.clock === state ? 0 : structs.findIndex((struct) => struct.id.clock + struct.length > state);
    fresh.push({ client, structs: first === 0 ? structs : structs.slice(first), endClock, end, state });
  }
  return fresh;
}

/** Whether everything that was sent is new. */
export function holdsNothingElse(update: DecodedUpdate, fresh: readonly FreshStructs[]): boolean {
  return (
    update.clients.length === fresh.length &&
    update.clients.every((group, index) => group.structs.length === fresh[index]!.structs.length)
  );
}

/** Client ids to be recorded as this person's. Throws Refusal for one that is somebody else's. */
export function claimClients(fresh: readonly FreshStructs[], { doc, ownerOf, personId }: GuardParts): number[] {
  const claimed: number[] = [];
  for (const { client } of fresh) {
    const owner = ownerOf(client);
    // A client id that is in the document without an owner is the server's.
    // One that presence has claimed before is recorded here: presence itself is never stored.
    const first = !doc.store.clients.has(client);
    if (first && (owner === undefined || owner === personId)) claimed.push(client);
    else if (owner !== personId) throw new Refusal('client-id-foreign', '', `client id ${client} is not yours`);
  }
  return claimed;
}
