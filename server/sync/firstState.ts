// What somebody hears who has nothing yet: the stored state in pieces, then every update committed since, all of it built once
// and shared by however many come. It is a list that a newcomer reads to its end, at their own pace, and is then up to date.
// Only what is committed is in it. It knows messages and time, neither sockets nor storage.

import { breathe, cutIntoPieces } from '../updates/pieces.ts';
import { payloadOf, SharedMessage, syncUpdate } from './frames.ts';

/** Updates since the state was read, after which the next newcomer has it read anew. */
const MAX_SINCE = 500;
/** Bytes of them: a newcomer should not load much more than the article. */
const MAX_SINCE_BYTES = 1024 * 1024;
/** Bytes of them after which a newcomer who still reads will never get to the end. */
const OUTRUN_BYTES = 8 * 1024 * 1024;

/** What is in the log, for those who have nothing of it. */
export interface FirstUpdates {
  /** Of bounded size, each of which builds upon those before it. */
  readonly pieces: readonly Uint8Array[];
  /** The same in one, if it is stored so; null if it has to be joined. */
  readonly whole: Uint8Array | null;
}

export interface FirstStateParts {
  /** The committed state as the log had it when the room was loaded. */
  first: FirstUpdates;
  /** Reads it anew; what is committed while it reads may or may not be in it. */
  read(): Promise<FirstUpdates>;
  now(): number;
  /** Forgotten when nobody asked for it this long. */
  keepMs: number;
}

/** One reading of the stored state and what was committed since. Grows at its end; the same for all who read it. */
interface Reading {
  readonly pieces: Promise<readonly SharedMessage[]>;
  /** All pieces as one update, for clients that would take each piece for a state of its own; made when first needed. */
  whole: Promise<readonly SharedMessage[]> | null;
  /** The bytes of `whole`, if they are stored so: kept until it is made. */
  stored: Promise<Uint8Array | null> | null;
  readonly since: SharedMessage[];
  sinceBytes: number;
  readers: number;
}

/** A newcomer's place in the list. */
export interface FirstStateReader {
  /** Bytes to come, as far as they are known. */
  readonly bytes: number;
  /** The next message, or null at the end: from then on updates are heard as they are committed. */
  next(): SharedMessage | null;
  /** More is written than this reader takes in. */
  readonly outrun: boolean;
  /** The reader is gone or done. */
  release(): void;
}

export class FirstState {
  readonly #parts: Pick<FirstStateParts, 'read' | 'now' | 'keepMs'>;
  #current: Reading | null;
  /** The current one, and older ones that somebody still reads. */
  readonly #readings = new Set<Reading>();
  #usedAt: number;

  constructor({ first, ...parts }: FirstStateParts) {
    this.#parts = parts;
    this.#usedAt = parts.now();
    this.#current = this.#begin(Promise.resolve(first));
  }

  /** Something was committed: `message` tells of it. */
  append(message: SharedMessage): void {
    for (const reading of this.#readings) {
      reading.since.push(message);
      reading.sinceBytes += message.length;
    }
    if (this.#current !== null && this.#current.readers === 0 && isLong(this.#current)) this.#forget();
  }

  /** Begins at its beginning. `whole`: the stored state as one message. Rejects if it could not be read. */
  async open(whole: boolean): Promise<FirstStateReader> {
    this.#usedAt = this.#parts.now();
    const reading = this.#fresh();
    reading.readers += 1;
    try {
      return this.#reader(reading, await (whole ? wholeOf(reading) : reading.pieces));
    } catch (error) {
      if (this.#current === reading) this.#current = null;
      this.#leave(reading);
      throw error;
    }
  }

  /** Looks at time: what nobody asks for is forgotten. */
  sweep(): void {
    if (this.#current === null || this.#current.readers > 0) return;
    if (this.#parts.now() - this.#usedAt >= this.#parts.keepMs) this.#forget();
  }

  #fresh(): Reading {
    if (this.#current !== null && isLong(this.#current)) this.#forget();
    this.#current ??= this.#begin(this.#parts.read());
    return this.#current;
  }

  #forget(): void {
    const reading = this.#current;
    this.#current = null;
    if (reading?.readers === 0) this.#readings.delete(reading);
  }

  /** Collects from now on what is committed, so that nothing falls between the reading and it. */
  #begin(updates: Promise<FirstUpdates>): Reading {
    const pieces = updates.then((all) => all.pieces.map((piece) => new SharedMessage(syncUpdate(piece))));
    const stored = updates.then(({ whole }) => whole);
    for (const read of [pieces, stored]) read.catch(() => {}); // whoever opens it is told
    const reading: Reading = { pieces, whole: null, stored, since: [], sinceBytes: 0, readers: 0 };
    this.#readings.add(reading);
    return reading;
  }

  #reader(reading: Reading, messages: readonly SharedMessage[]): FirstStateReader {
    let at = 0;
    let released = false;
    return {
      bytes: messages.reduce((sum, message) => sum + message.length, reading.sinceBytes),
      next: () => {
        const message = messages[at] ?? reading.since[at - messages.length] ?? null;
        if (message !== null) at += 1;
        return message;
      },
      get outrun() {
        return reading.sinceBytes > OUTRUN_BYTES;
      },
      release: () => {
        if (!released) this.#leave(reading);
        released = true;
      },
    };
  }

  #leave(reading: Reading): void {
    reading.readers -= 1;
    if (reading !== this.#current && reading.readers === 0) this.#readings.delete(reading);
  }
}

function isLong({ since, sinceBytes }: Reading): boolean {
  return since.length > MAX_SINCE || sinceBytes > MAX_SINCE_BYTES;
}

function wholeOf(reading: Reading): Promise<readonly SharedMessage[]> {
  reading.whole ??= joined(reading).finally(() => {
    reading.stored = null;
  });
  return reading.whole;
}

async function joined({ pieces, stored }: Reading): Promise<readonly SharedMessage[]> {
  const messages = await pieces;
  if (messages.length === 1) return messages;
  const asStored = await stored;
  const updates = messages.map(({ message }) => payloadOf(message));
  const whole = asStored ? [asStored] : await cutIntoPieces(updates, Number.POSITIVE_INFINITY, breathe);
  return whole.map((update) => new SharedMessage(syncUpdate(update)));
}
