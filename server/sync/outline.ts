// What a document says of itself to everybody who comes back: what it has, what was deleted in it. Found out once for each of its
// states, however many ask: a crowd that returns to a long article would have it read from end to end for each of them.
import * as Y from 'yjs';
import { decodeStateVector } from '../updates/decode.ts';
import { SharedMessage, syncStep1, syncStep2 } from './frames.ts';
import { stateOf } from './guard/store.ts';

export class Outline {
  readonly #doc: Y.Doc;
  #question: SharedMessage | null = null;
  #nothingNew: SharedMessage | null = null;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    doc.on('afterTransaction', () => {
      this.#question = null;
      this.#nothingNew = null;
    });
  }

  /** Whether anything stands under this client id. */
  knows(client: number): boolean {
    return this.#doc.store.clients.has(client);
  }

  /** "What do I lack?", asked by the server. */
  question(): SharedMessage {
    this.#question ??= new SharedMessage(syncStep1(Y.encodeStateVector(this.#doc)));
    return this.#question;
  }

  /** The answer to a client that has `stateVector`. Throws Malformed. */
  answer(stateVector: Uint8Array): SharedMessage {
    if (!this.#hasAll(stateVector)) return new SharedMessage(syncStep2(Y.encodeStateAsUpdate(this.#doc, stateVector)));
    // Deletions have no place in a state vector, so they are told even to those who have every word.
    this.#nothingNew ??= new SharedMessage(syncStep2(Y.encodeStateAsUpdate(this.#doc, Y.encodeStateVector(this.#doc))));
    return this.#nothingNew;
  }

  #hasAll(stateVector: Uint8Array): boolean {
    const theirs = decodeStateVector(stateVector);
    for (const client of this.#doc.store.clients.keys()) {
      if ((theirs.get(client) ?? 0) < stateOf(this.#doc, client)) return false;
    }
    return true;
  }
}
