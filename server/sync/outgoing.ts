// What leaves over one connection, and how its reader keeps up: past a bound it lags and is to be spared live updates, when it
// has drained it can be caught up, and when nothing moves for long it has stopped. It knows bytes and a socket, nothing of rooms.
import type { SharedMessage } from './frames.ts';
import type { Socket } from './socket.ts';
import type { SyncOptions } from './types.ts';

type Pace =
  | { kind: 'live' }
  /** `since`: when its backlog last shrank. */
  | { kind: 'lagging'; backlog: number; since: number };

const LIVE: Pace = { kind: 'live' };

/** Whose messages these are. */
export interface Sending {
  /** The reader lags from now on. Called in the middle of sending. */
  fellBehind(): void;
  /** The reader has read everything that was sent. */
  drained(): void;
}

export interface OutgoingParts {
  readonly options: Pick<SyncOptions, 'slowReaderBytes' | 'stoppedReaderBytes' | 'stoppedReaderMs'>;
  now(): number;
}

export class Outgoing {
  readonly #socket: Socket;
  readonly #sending: Sending;
  readonly #parts: OutgoingParts;
  #pace: Pace = LIVE;
  #lastSentAt: number;

  /** `parts` are shared by all connections: there are thousands, and most are idle. */
  constructor(socket: Socket, sending: Sending, parts: OutgoingParts) {
    this.#socket = socket;
    this.#sending = sending;
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
    return this.#socket.bufferedBytes > this.#parts.options.stoppedReaderBytes;
  }

  /** For this connection alone. */
  send(message: Uint8Array): void {
    this.#lastSentAt = this.#parts.now();
    this.#socket.send(message);
    this.#measure();
  }

  /** A message for many, and with it, in one write, what is for this connection alone. */
  sendShared(message: SharedMessage, ...own: readonly Uint8Array[]): void {
    this.#lastSentAt = this.#parts.now();
    this.#socket.sendTogether(message, ...own);
    this.#measure();
  }

  /** Calls back once when everything sent so far has left. */
  whenDrained(callback: () => void): void {
    this.#socket.whenDrained(callback);
  }

  /** Whether the reader has stopped and should be cut off. Called from time to time. */
  hasStopped(): boolean {
    if (this.#pace.kind === 'live') return false;
    const { options, now } = this.#parts;
    const backlog = this.#socket.bufferedBytes;
    if (backlog < this.#pace.backlog) this.#pace.since = now();
    this.#pace.backlog = backlog;
    return now() - this.#pace.since > options.stoppedReaderMs;
  }

  #measure(): void {
    const socket = this.#socket;
    const { options, now } = this.#parts;
    if (this.#pace.kind === 'lagging' || socket.bufferedBytes <= options.slowReaderBytes) return;
    this.#pace = { kind: 'lagging', backlog: socket.bufferedBytes, since: now() };
    this.#sending.fellBehind();
    socket.whenDrained(() => {
      this.#pace = LIVE;
      this.#sending.drained();
    });
  }
}
