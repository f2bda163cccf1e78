// What a connection knows of the socket under it. Tests put two queues in memory here.
import type { Close } from '../../shared/protocol/sync.ts';
import type { SharedMessage } from './frames.ts';

export interface Socket {
  /** Bytes that were given to `send` and have not left yet. */
  readonly bufferedBytes: number;
  send(message: Uint8Array): void;
  /** Several messages, in order, in one write where possible. The first may be one that others get too. */
  sendTogether(shared: SharedMessage, ...own: readonly Uint8Array[]): void;
  /** What is sent from now on waits for `uncork`, to leave in one write. Both count: each cork needs its uncork. */
  cork(): void;
  uncork(): void;
  /** Calls back once when everything given to `send` has left. */
  whenDrained(callback: () => void): void;
  /** Asks for a sign of life. */
  ping(): void;
  close(code: number, reason: string): void;
  /** Ends it without a word: for those who have stopped listening. */
  abort(): void;
}

/** Who hears what comes over a socket. */
export interface Hearer {
  receive(message: Uint8Array): void;
  /** A sign of life. */
  heard(): void;
  close(why: Close): void;
  disconnected(): void;
  /** Protocol errors and broken pipes; the socket closes by itself. */
  troubled(error: Error): void;
}
