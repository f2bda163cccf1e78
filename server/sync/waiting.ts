// Who waits for something to happen in a room: for a commit, or for words that a client says it has typed. Everybody is told in
// the end, that it has happened or that the room was dropped. It knows counts and state vectors, no rooms.
import type * as Y from 'yjs';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { decodeStateVector } from '../updates/decode.ts';
import { Malformed } from '../updates/reader.ts';
import { stateOf } from './guard/store.ts';

interface Waiter {
  version: number;
  /** When it gives up. */
  until: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** For the commit of a version. */
export class CommitWaiters {
  #waiters: Waiter[] = [];

  /** `until`: when to give up; Infinity for what must know how it ended. */
  wait(version: number, until: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ version, until, resolve, reject }));
  }

  committed(version: number): void {
    if (this.#waiters.length === 0) return;
    const done = this.#waiters.filter((waiter) => waiter.version <= version);
    this.#waiters = this.#waiters.filter((waiter) => waiter.version > version);
    for (const waiter of done) waiter.resolve();
  }

  /** Fails whoever has waited long enough. Called from time to time. */
  sweep(now: number, error: () => unknown): void {
    const patient = this.#waiters.filter((waiter) => waiter.until > now);
    if (patient.length === this.#waiters.length) return;
    const done = this.#waiters.filter((waiter) => waiter.until <= now);
    this.#waiters = patient;
    for (const waiter of done) waiter.reject(error());
  }

  fail(error: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters = [];
  }
}

/** For content that a state vector names. */
export class WordWaiters {
  readonly #watchers = new Set<{ look(): void; fail(error: unknown): void }>();

  /** Rejects with `behind-client` after `timeoutMs`, and with `invalid-input` at once if this is no state vector. */
  async wait(doc: Y.Doc, stateVector: Uint8Array, timeoutMs: number): Promise<void> {
    const missing = read(stateVector);
    const isThere = () => {
      for (const [client, clock] of missing) {
        if (stateOf(doc, client) < clock) return false;
        missing.delete(client);
      }
      return true;
    };
    if (isThere()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        settle();
      };
      const watcher = {
        look: () => isThere() && end(resolve),
        fail: (error: unknown) => end(() => reject(error)),
      };
      const timer = setTimeout(() => watcher.fail(new KopuroError('behind-client')), timeoutMs);
      this.#watchers.add(watcher);
    });
  }

  /** The document has changed. */
  look(): void {
    for (const watcher of this.#watchers) watcher.look();
  }

  fail(error: unknown): void {
    for (const watcher of [...this.#watchers]) watcher.fail(error);
  }
}

function read(stateVector: Uint8Array): Map<number, number> {
  try {
    return decodeStateVector(stateVector);
  } catch (error) {
    if (error instanceof Malformed) throw new KopuroError('invalid-input', { field: 'stateVector' });
    throw error;
  }
}

/** What was waited for will not be. */
export function notSaved(): KopuroError {
  return new KopuroError('not-saved');
}
