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

export function toSocket(webSocket: ws.WebSocket): Socket {
  const stream = (webSocket as unknown as { _socket: Stream })._socket;
  const isOpen = () => webSocket.readyState === webSocket.OPEN;
  return {
    get bufferedBytes() {
      return webSocket.bufferedAmount;
    },
    send(message) {
      if (isOpen()) webSocket.send(message);
    },
    sendTogether(shared: SharedMessage, ...own) {
      if (!isOpen()) return;
      if (own.length === 0) {
        stream.write(shared.framed(frame));
        return;
      }
      stream.cork(); // so that they leave in one system call
      stream.write(shared.framed(frame));
      for (const message of own) stream.write(frame(message));
      stream.uncork();
    },
    whenDrained(callback) {
      if (stream.writableNeedDrain) stream.once('drain', callback);
      else setImmediate(callback);
    },
    ping() {
      if (isOpen()) webSocket.ping();
    },
    close(code, reason) {
      webSocket.close(code, reason);
    },
    abort() {
      webSocket.terminate();
    },
  };
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
