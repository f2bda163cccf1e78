// Somebody who types in an article: y-websocket's own provider, and an account of what was typed, acknowledged, seen and
// refused. It counts what it sends, so as to know what the server's "saved" means. It knows the protocol only.
import * as decoding from 'lib0/decoding';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import {
  blockElements,
  blockText,
  blockTextNodes,
  createBlockElement,
  makeBlock,
  readBlocks,
} from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import {
  type Hello,
  MESSAGE_HELLO,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  type Refused,
  readHello,
  readRefused,
  SYNC_STEP_1,
} from '../../shared/protocol/sync.ts';
import { pause } from './server.ts';

/** A busy machine may take long; nothing waits once what it waits for has come. */
const PATIENCE_MS = 30_000;

export interface TypistOptions {
  /** `http://HOST:PORT` */
  url: string;
  articleId: string;
  /** The text that is typed in, and whose first paragraph is made if there is none. */
  language: string;
  /** Proves who it is: a bearer token, or a WebSocket class that carries a cookie. */
  token?: string;
  Socket?: typeof WebSocket;
  /** A document with what was typed before. */
  doc?: Y.Doc;
}

export class Typist {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  readonly language: string;
  readonly typed: string[] = [];
  readonly acknowledged = new Set<string>();
  readonly refusals: Refused[] = [];
  /** How its connections ended. */
  readonly closes: number[] = [];
  hello: Hello | null = null;
  /** For each sync message with an update that this connection sent: how many words were typed by then. */
  #sent: number[] = [];

  constructor({ url, articleId, language, token, Socket = WebSocket, doc = new Y.Doc() }: TypistOptions) {
    this.doc = doc;
    this.language = language;
    const typist = this;
    class CountingSocket extends Socket {
      constructor(...values: ConstructorParameters<typeof WebSocket>) {
        super(...values);
        const sent: number[] = [];
        typist.#sent = sent;
        this.on('close', (code) => typist.closes.push(code));
        const send = this.send.bind(this) as (...rest: unknown[]) => void;
        this.send = (data: unknown, ...rest: unknown[]) => {
          const bytes = new Uint8Array(data as ArrayBuffer);
          if (bytes[0] === MESSAGE_SYNC && bytes[1] !== SYNC_STEP_1) sent.push(typist.typed.length);
          send(data, ...rest);
        };
      }
    }
    this.provider = new WebsocketProvider(`${url.replace('http', 'ws')}/sync`, articleId, doc, {
      connect: false,
      disableBc: true,
      maxBackoffTime: 500,
      params: { v: '1', ...(token === undefined ? {} : { token }) },
      WebSocketPolyfill: CountingSocket as unknown as typeof globalThis.WebSocket,
    });
    // Each provider says goodbye when its process exits. Where dozens share one, Node takes that for a leak.
    process.off('exit', this.provider._exitHandler);
    const { messageHandlers } = this.provider;
    messageHandlers[MESSAGE_HELLO] = (_encoder, decoder) => {
      this.hello = readHello(decoder);
    };
    messageHandlers[MESSAGE_REFUSED] = (_encoder, decoder) => {
      this.refusals.push(readRefused(decoder));
    };
    messageHandlers[MESSAGE_SAVED] = (_encoder, decoder) => {
      const upTo = this.#sent[decoding.readVarUint(decoder) - 1] ?? 0;
      for (let index = this.acknowledged.size; index < upTo; index += 1) this.acknowledged.add(this.typed[index]!);
    };
  }

  /** Connects, and resolves when it has the server's state. */
  async connect(): Promise<void> {
    this.provider.connect();
    await until(() => this.provider.synced, 'it is synced');
  }

  disconnect(): void {
    this.provider.disconnect();
  }

  destroy(): void {
    // Yjs takes another client id when somebody else uses its own, and the provider then looks for a presence that is not there.
    this.doc.clientID = this.provider.awareness.clientID;
    this.provider.destroy();
    this.doc.destroy();
  }

  /** Types a word that nobody else types, at the end of the first paragraph. Answers with it. */
  type(extra = ''): string {
    const word = `${this.language}${this.typed.length}q${this.doc.clientID}${extra}`;
    this.typed.push(word);
    const [first] = blockElements(this.doc, this.language);
    if (first) {
      const [node] = blockTextNodes(first);
      if (!node) throw new Error('the first paragraph has no text');
      node.insert(node.length, ` ${word}`);
    } else {
      const { id } = readBlocks(this.doc, 'en')[0]!;
      this.doc.getXmlFragment(textRoot(this.language)).push([createBlockElement(makeBlock(id, ` ${word}`))]);
    }
    return word;
  }

  /** Until the server has acknowledged everything that was typed. */
  allAcknowledged(): Promise<void> {
    return until(() => this.acknowledged.size === this.typed.length, 'everything typed is acknowledged');
  }

  text(language = this.language): string {
    return textOf(this.doc, language);
  }

  words(language = this.language): Set<string> {
    return wordsOf(this.doc, language);
  }
}

export function textOf(doc: Y.Doc, language: string): string {
  return readBlocks(doc, language).map(blockText).join('\n');
}

export function wordsOf(doc: Y.Doc, language: string): Set<string> {
  return new Set(textOf(doc, language).split(/\s+/).filter(Boolean));
}

/** Waits until `condition` holds; fails with `what`. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await pause(5);
  }
}
