// Makes the updates that a person's typing makes, ahead of time: one key, one update, each after the one before. Deterministic.
import * as Y from 'yjs';
import { blockElements, blockTextNodes } from '../../../shared/article/blocks.ts';

export class Typist {
  readonly client: number;
  readonly #doc: Y.Doc;
  readonly #text: Y.XmlText;
  #update: Uint8Array = new Uint8Array();

  /** Types at the end of block `block` of the English text; `client` is the Yjs client id. */
  constructor(state: Uint8Array, client: number, block: number) {
    this.client = client;
    this.#doc = new Y.Doc({ guid: `typist-${client}` });
    Y.applyUpdate(this.#doc, state);
    this.#doc.clientID = client;
    const blocks = blockElements(this.#doc, 'en');
    const [text] = blockTextNodes(blocks[block % blocks.length]!);
    if (!text) throw new Error(`block ${block} is empty`);
    this.#text = text;
    this.#doc.on('update', (update) => {
      this.#update = update;
    });
  }

  /** One more letter; one clock tick of this client. */
  key(): Uint8Array {
    this.#text.insert(this.#text.length, LETTERS[this.clock % LETTERS.length]!);
    return this.#update;
  }

  /** Puts `text` in the place of everything in the block. */
  replace(text: string): Uint8Array {
    this.#doc.transact(() => {
      this.#text.delete(0, this.#text.length);
      this.#text.insert(0, text);
    });
    return this.#update;
  }

  get clock(): number {
    return Y.getState(this.#doc.store, this.client);
  }

  get stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  get text(): string {
    return this.#text.toString();
  }
}

const LETTERS = 'the ministers of foreign affairs said that '.split('');
