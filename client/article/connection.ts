// The connection of an open article: y-websocket's provider, which also reads the server's own messages and says in words what
// happens. It knows the wire and one document; nothing of what is saved, of local copies or of what follows from a refusal.
import * as decoding from 'lib0/decoding';
import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import {
  type Hello,
  MESSAGE_HELLO,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  PROTOCOL_VERSION,
  type Refused,
  readHello,
  readRefused,
  readSaved,
  SYNC_STEP_1,
} from '../../shared/protocol/sync.ts';
import { countingSocket } from './counting-socket.ts';
import { gatherFirstState } from './first-state.ts';

/** How long to wait for the rest of the server's state before a refused document is left. */
const LAST_WORDS_MS = 3_000;

export interface ConnectionOptions {
  /** e.g. `wss://host/sync`. */
  syncUrl: string;
  articleId: string;
  doc: Y.Doc;
  /** The history that is held here; null if none is. */
  epoch: number | null;
  /** The server has greeted: at the beginning of each connection, and when something of it has changed. */
  onHello(hello: Hello): void;
  /** The first `count` messages with an update of this connection are committed and flushed. */
  onSaved(count: number): void;
  onRefused(refused: Refused): void;
  /** A message with an update leaves. */
  onSent(kind: 'difference' | 'update'): void;
  /** What share of a long first state is here, 0 to 1; null when all of it is, or the connection was lost. */
  onProgress(share: number | null): void;
  /** There is a connection; nothing has come over it yet. */
  onOpened(): void;
  onLost(): void;
  /** A connection, or a try to make one, has ended; by which close code, null if the end was ours. */
  onTried(code: number | null): void;
  /** The server's state is here. */
  onSynced(): void;
  /** The server has closed for good. */
  onClosed(code: number, reason: string): void;
}

export interface Connection {
  readonly awareness: Awareness;
  /** The origin of the changes that it brings into the document. */
  readonly origin: unknown;
  /** What the server has said that it has, when it last asked for the rest. */
  readonly serverState: ReadonlyMap<number, number>;
  connect(): void;
  /** From now on changes of the document are sent. */
  sendChanges(): void;
  /** The history that later connections will name. */
  setEpoch(epoch: number): void;
  /** Who writes from now on. */
  setClientId(clientId: number): void;
  /** Resolves when the rest of the server's state is here, so far as it is on its way. */
  lastWords(): Promise<void>;
  destroy(): void;
}

/** Prepares a connection; nothing is asked before `connect`. */
export function createConnection(options: ConnectionOptions): Connection {
  const { doc } = options;
  let serverState: ReadonlyMap<number, number> = new Map();

  const provider = new WebsocketProvider(options.syncUrl, options.articleId, doc, {
    connect: false,
    disableBc: true,
    params: paramsOf(options.epoch),
    WebSocketPolyfill: countingSocket(options.onSent),
  });
  doc.off('update', provider._updateHandler);
  const { awareness } = provider;
  awareness.setLocalState(null); // nobody is shown before the server has said which client id to use

  provider.messageHandlers[MESSAGE_HELLO] = (_encoder, decoder) => options.onHello(readHello(decoder));
  provider.messageHandlers[MESSAGE_SAVED] = (_encoder, decoder) => options.onSaved(readSaved(decoder));
  provider.messageHandlers[MESSAGE_REFUSED] = (_encoder, decoder) => options.onRefused(readRefused(decoder));
  const readSync = provider.messageHandlers[MESSAGE_SYNC]!;
  provider.messageHandlers[MESSAGE_SYNC] = (encoder, decoder, ...rest) => {
    if (decoding.peekVarUint(decoder) === SYNC_STEP_1) {
      const peek = decoding.clone(decoder);
      decoding.readVarUint(peek);
      serverState = Y.decodeStateVector(decoding.readVarUint8Array(peek));
    }
    readSync(encoder, decoder, ...rest);
  };
  gatherFirstState(provider, options.onProgress);

  provider.on('status', ({ status }: { status: string }) => {
    if (status === 'connected') options.onOpened();
    else if (status === 'disconnected') options.onLost();
  });
  provider.on('connection-close', (event: CloseEvent | null) => options.onTried(event?.code ?? null));
  provider.on('sync', (synced: boolean) => {
    if (synced) options.onSynced();
  });
  provider.on('closed', ({ code, reason }: { code: number; reason: string }) => options.onClosed(code, reason));

  return {
    awareness,
    origin: provider,
    get serverState() {
      return serverState;
    },
    connect: () => provider.connect(),
    sendChanges: () => doc.on('update', provider._updateHandler),
    setEpoch(epoch) {
      provider.params = paramsOf(epoch);
    },
    setClientId(clientId) {
      const state = awareness.getLocalState();
      awareness.setLocalState(null);
      doc.clientID = clientId;
      awareness.clientID = clientId;
      if (state) awareness.setLocalState(state);
    },
    lastWords() {
      if (!provider.wsconnected || provider.synced) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, LAST_WORDS_MS);
        provider.once('sync', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
    destroy: () => provider.destroy(),
  };
}

function paramsOf(epoch: number | null): Record<string, string> {
  const ours = { v: String(PROTOCOL_VERSION), pieces: '1', schema: String(SCHEMA_VERSION) };
  return { ...ours, ...(epoch === null ? {} : { epoch: String(epoch) }) };
}
