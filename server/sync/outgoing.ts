// What leaves over one connection, and how its reader keeps up: past a bound it lags and is to be spared live updates, when it
// has drained it can be caught up, and when nothing moves for long it has stopped. It knows bytes and a socket, nothing of rooms.
import type { SharedMessage } from './frames.ts';
import type { Socket } from './socket.ts';
import type { SyncOptions } from './types.ts';

type Bounds = Pick<SyncOptions, 'slowReaderBytes' | 'stoppedReaderBytes' | 'stoppedReaderMs'>;

type Pace =
  | { kind: 'live' }
  /** `since`: when its backlog last shrank. */
  | { kind: 'lagging'; backlog: number; since: number };

export interface OutgoingParts {
  socket: Socket;
  bounds: Bounds;
  now(): number;
  /** The reader lags from now on. Called in the middle of sending. */
  fellBehind(): void;
  /** The reader has read everything that was sent. */
  drained(): void;
}

export class Outgoing {
  readonly #parts: OutgoingParts;
  #pace: Pace = { kind: 'live' };
  #lastSentAt: number;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
    this.#lastSentAt = parts.now();
  }

  get lagging(): boolean {
    return this.#pace.kind === 'lagging';
  }

  get lastSentAt(): number {
    return this.#lastSentAt;
  }

  /** Whether so much waits that whoever asks for more has stopped reading. */
  get overfull(): boolean {
    return this.#parts.socket.bufferedBytes > this.#parts.bounds.stoppedReaderBytes;
  }

  /** For this connection alone. */
  send(message: Uint8Array): void {
    this.#lastSentAt = this.#parts.now();
    this.#parts.socket.send(message);
    this.#measure();
  }

  /** A message for many, and with it, in one write, what is for this connection alone. */
  sendShared(message: SharedMessage, ...own: readonly Uint8Array[]): void {
    this.#lastSentAt = this.#parts.now();
    this.#parts.socket.sendTogether(message, ...own);
    this.#measure();
  }

  /** Calls back once when everything sent so far has left. */
  whenDrained(callback: () => void): void {
    this.#parts.socket.whenDrained(callback);
  }

  /** Whether the reader has stopped and should be cut off. Called from time to time. */
  hasStopped(): boolean {
    if (this.#pace.kind === 'live') return false;
    const { socket, bounds, now } = this.#parts;
    const backlog = socket.bufferedBytes;
    if (backlog < this.#pace.backlog) this.#pace.since = now();
    this.#pace.backlog = backlog;
    return now() - this.#pace.since > bounds.stoppedReaderMs;
  }

  #measure(): void {
    const { socket, bounds, now, fellBehind, drained } = this.#parts;
    if (this.#pace.kind === 'lagging' || socket.bufferedBytes <= bounds.slowReaderBytes) return;
    this.#pace = { kind: 'lagging', backlog: socket.bufferedBytes, since: now() };
    fellBehind();
    socket.whenDrained(() => {
      this.#pace = { kind: 'live' };
      drained();
    });
  }
}
