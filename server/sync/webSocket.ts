// The adapter from a real WebSocket (ws) to what a connection needs. The only file that knows ws.
import * as ws from 'ws';
import { CLOSE } from '../../shared/protocol/sync.ts';
import type { SharedMessage } from './frames.ts';
import type { Hearer, Socket } from './socket.ts';

/** ws keeps the stream under a WebSocket to itself; writing frames that were built once for everybody needs it. */
interface Stream {
  readonly writableNeedDrain: boolean;
  cork(): void;
  uncork(): void;
  write(bytes: Uint8Array): boolean;
  once(event: 'drain', listener: () => void): void;
}

const SHORT_BYTES = 4 * 1024;

/** A class, not an object of closures: thousands of idle connections each hold one. */
class AdaptedWebSocket implements Socket {
  readonly #webSocket: ws.WebSocket;
  readonly #stream: Stream;

  constructor(webSocket: ws.WebSocket) {
    this.#webSocket = webSocket;
    this.#stream = (webSocket as unknown as { _socket: Stream })._socket;
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(message: Uint8Array): void {
    if (!this.#isOpen) return;
    // ws writes the header by itself: two pieces, which cost more than copying what is short.
    if (message.length <= SHORT_BYTES) this.#stream.write(frame(message));
    else this.#webSocket.send(message);
  }

  sendTogether(shared: SharedMessage, ...own: readonly Uint8Array[]): void {
    if (!this.#isOpen) return;
    if (own.length === 0) {
      this.#stream.write(shared.framed(frame));
      return;
    }
    this.#stream.cork(); // so that they leave in one system call
    this.#stream.write(shared.framed(frame));
    for (const message of own) this.#stream.write(frame(message));
    this.#stream.uncork();
  }

  cork(): void {
    this.#stream.cork();
  }

  uncork(): void {
    this.#stream.uncork();
  }

  whenDrained(callback: () => void): void {
    if (this.#stream.writableNeedDrain) this.#stream.once('drain', callback);
    else setImmediate(callback);
  }

  ping(): void {
    if (this.#isOpen) this.#webSocket.ping();
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  abort(): void {
    this.#webSocket.terminate();
  }

  get #isOpen(): boolean {
    return this.#webSocket.readyState === ws.WebSocket.OPEN;
  }
}

export function toSocket(webSocket: ws.WebSocket): Socket {
  return new AdaptedWebSocket(webSocket);
}

const HEARER = Symbol('hearer');
type Heard = ws.WebSocket & { [HEARER]: Hearer };

/** From now on `hearer` hears everything. The listeners are the same for all WebSockets: each idle one holds a reference. */
export function listen(webSocket: ws.WebSocket, hearer: Hearer): void {
  (webSocket as Heard)[HEARER] = hearer;
  webSocket.on('message', onMessage);
  webSocket.on('pong', onPong);
  webSocket.on('close', onClose);
  webSocket.on('error', onError);
  const { _receiver } = webSocket as unknown as { _receiver: NodeJS.EventEmitter & { [HEARER]: Hearer } };
  _receiver[HEARER] = hearer;
  _receiver.prependListener('error', onReceiverError);
}

function onMessage(this: ws.WebSocket, data: ws.RawData, isBinary: boolean): void {
  const hearer = (this as Heard)[HEARER];
  if (!isBinary) hearer.close(CLOSE.malformed);
  else if (Array.isArray(data)) hearer.receive(Buffer.concat(data));
  else hearer.receive(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
}

function onPong(this: ws.WebSocket): void {
  (this as Heard)[HEARER].heard();
}

function onClose(this: ws.WebSocket): void {
  (this as Heard)[HEARER].disconnected();
}

function onError(this: ws.WebSocket, error: Error): void {
  (this as Heard)[HEARER].troubled(error);
}

/**
 * Before ws does anything about a frame that announces more than `maxPayload`: it would say 1009, which clients take for a
 * passing trouble, so that they would come back with the same frame for ever.
 */
function onReceiverError(this: { [HEARER]: Hearer }, error: NodeJS.ErrnoException): void {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this[HEARER].close(CLOSE.tooLarge);
}

// `Sender` is exported by ws but missing from its published types.
const { Sender } = ws as unknown as {
  Sender: { frame(data: Uint8Array, options: Record<string, unknown>): Buffer[] };
};

/** One unmasked binary frame, uncompressed: what a server sends. */
function frame(message: Uint8Array): Uint8Array {
  return Buffer.concat(Sender.frame(message, { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false }));
}
