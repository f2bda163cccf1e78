// What leaves over one connection, and what happens when its reader is slow: taken off live updates past a bound, caught up by
// one merged update when it drains, cut off when it has stopped. It knows bytes and a socket, nothing of rooms.
import * as Y from 'yjs';
import type { SharedMessage } from './frames.ts';
import { syncUpdate } from './frames.ts';
import type { Socket } from './socket.ts';
import type { SyncOptions } from './types.ts';

type Bounds = Pick<SyncOptions, 'slowReaderBytes' | 'stoppedReaderBytes' | 'stoppedReaderMs'>;

type Pace =
  | { kind: 'live' }
  /** `missed` are the room's own buffers, shared by all who lag: no copies. `since`: when its backlog last shrank. */
  | { kind: 'lagging'; missed: Uint8Array[]; missedBytes: number; backlog: number; since: number };

export class Outgoing {
  readonly #socket: Socket;
  readonly #bounds: Bounds;
  readonly #now: () => number;
  readonly #caughtUp: () => void;
  #pace: Pace = { kind: 'live' };
  #lastSentAt: number;

  /** `caughtUp` is called when a lagging reader hears live updates again (presence was not kept for it). */
  constructor(socket: Socket, bounds: Bounds, now: () => number, caughtUp: () => void) {
    this.#socket = socket;
    this.#bounds = bounds;
    this.#now = now;
    this.#caughtUp = caughtUp;
    this.#lastSentAt = now();
  }

  get lagging(): boolean {
    return this.#pace.kind === 'lagging';
  }

  get lastSentAt(): number {
    return this.#lastSentAt;
  }

  /** Whether so much waits that whoever asks for more has stopped reading. */
  get overfull(): boolean {
    return this.#socket.bufferedBytes > this.#bounds.stoppedReaderBytes;
  }

  /** For this connection alone. */
  send(message: Uint8Array): void {
    this.#lastSentAt = this.#now();
    this.#socket.send(message);
    this.#measure();
  }

  /** The room's committed update: `message` holds `update`. With it, in one write, what is for this connection alone. */
  sendUpdate(message: SharedMessage, update: Uint8Array, ...own: readonly Uint8Array[]): void {
    if (this.#pace.kind === 'lagging') {
      this.#pace.missed.push(update);
      this.#pace.missedBytes += update.length;
      for (const one of own) this.send(one);
      return;
    }
    this.#lastSentAt = this.#now();
    this.#socket.sendTogether(message, ...own);
    this.#measure();
  }

  /** Presence is worth nothing late: whoever lags does without. */
  sendPresence(message: SharedMessage): void {
    if (this.#pace.kind === 'lagging') return;
    this.#lastSentAt = this.#now();
    this.#socket.sendTogether(message);
    this.#measure();
  }

  /** Whether the reader has stopped and should be cut off. Called from time to time. */
  hasStopped(): boolean {
    if (this.#pace.kind === 'live') return false;
    const backlog = this.#socket.bufferedBytes;
    if (backlog < this.#pace.backlog) this.#pace.since = this.#now();
    this.#pace.backlog = backlog;
    if (this.#pace.missedBytes > this.#bounds.stoppedReaderBytes) return true;
    return this.#now() - this.#pace.since > this.#bounds.stoppedReaderMs;
  }

  #measure(): void {
    if (this.#pace.kind === 'lagging' || this.#socket.bufferedBytes <= this.#bounds.slowReaderBytes) return;
    this.#pace = {
      kind: 'lagging',
      missed: [],
      missedBytes: 0,
      backlog: this.#socket.bufferedBytes,
      since: this.#now(),
    };
    this.#socket.whenDrained(() => this.#catchUp());
  }

  #catchUp(): void {
    if (this.#pace.kind === 'live') return;
    const { missed } = this.#pace;
    this.#pace = { kind: 'live' };
    if (missed.length > 0) this.send(syncUpdate(missed.length === 1 ? missed[0]! : Y.mergeUpdates(missed)));
    this.#caughtUp();
  }
}
