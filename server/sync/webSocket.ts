// The adapter from a real WebSocket (ws) to what a connection needs. The only file that knows ws.
import * as ws from 'ws';
import type { SharedMessage } from './frames.ts';
import type { Socket } from './socket.ts';

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

/**
 * Calls back, before ws does anything about it, when a frame announces more than `maxPayload`. ws would say 1009, which clients
 * take for a passing trouble: they would come back with the same frame for ever.
 */
export function whenTooLarge(webSocket: ws.WebSocket, callback: () => void): void {
  const { _receiver } = webSocket as unknown as { _receiver: NodeJS.EventEmitter };
  _receiver.prependListener('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') callback();
  });
}

// `Sender` is exported by ws but missing from its published types.
const { Sender } = ws as unknown as {
  Sender: { frame(data: Uint8Array, options: Record<string, unknown>): Buffer[] };
};

/** One unmasked binary frame, uncompressed: what a server sends. */
function frame(message: Uint8Array): Uint8Array {
  return Buffer.concat(Sender.frame(message, { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false }));
}
