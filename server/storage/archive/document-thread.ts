// The process's end of the document thread: starts it when it is needed, also after it has died, ends it when it is not, hands it
// one piece of work after the other. A document lives in the thread as long as `withDocument` runs.
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { startThread } from '../../start-thread.ts';
import { StorageError } from '../errors.ts';
import { Revival } from '../revival.ts';
import type { DocumentId, ThreadAnswer, Values, Work } from './messages.ts';

/** A thread without work ends after this: it holds memory. */
const IDLE_MS = 60_000;
/** Larger pieces change hands; smaller ones are copied sooner. */
const TRANSFER_BYTES = 64 * 1024;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Kind = Work['kind'];
type WorkOf<K extends Kind> = Extract<Work, { kind: K }>;
/** Work on a document, its number left out. */
export type Ask = <K extends Exclude<Kind, 'open' | 'close' | 'pack' | 'parts'>>(
  work: Omit<WorkOf<K>, 'document'> & { kind: K },
) => Promise<Values[K]>;

/** Bytes that no document can be made of. */
export class Unreadable extends Error {}

export class DocumentThread {
  #worker: Worker | null = null;
  /** In the order in which they were asked: the thread answers in that order. */
  #waiting: Waiting[] = [];
  #lastDocument = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #logger: Pick<Logger, 'error'> | undefined;
  readonly #revival = new Revival();
  /** Not to be started before: it has died. */
  #restAt = 0;

  constructor(logger?: Pick<Logger, 'error'>) {
    this.#logger = logger;
  }

  /** Opens an empty document in the thread, for as long as `use` runs. */
  async withDocument<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
    this.#lastDocument += 1;
    const document: DocumentId = this.#lastDocument;
    await this.ask({ kind: 'open', document });
    try {
      return await use((work) => this.ask({ ...work, document } as never));
    } finally {
      // A thread that has ended has forgotten it anyway.
      if (this.#worker) await this.ask({ kind: 'close', document }).catch(() => {});
    }
  }

  /**
   * Rejects with `Unreadable`, or with StorageError `closed`, `failed` or `unavailable` (the thread has died). Bytes of 64 KiB
   * and more are taken over.
   */
  ask<K extends Kind>(work: WorkOf<K>): Promise<Values[K]> {
    if (this.#closed) return Promise.reject(closed());
    clearTimeout(this.#idle);
    if (!this.#worker && performance.now() < this.#restAt) return Promise.reject(died('a moment ago'));
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (value: unknown) => void, reject });
      worker.ref();
      worker.postMessage(work, transferable(work));
    });
  }

  /** Ends the thread; work under way is given up, which leaves what is stored as it was. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#end(closed());
  }

  #start(): Worker {
    const worker = startThread({ here: import.meta.url, source: 'thread.ts', built: 'document-thread.js' });
    worker.on('message', (answer: ThreadAnswer) => {
      if (this.#worker === worker) this.#settle(answer);
    });
    worker.on('online', () => this.#revival.started(performance.now()));
    const gone = (reason: unknown) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      const pause = this.#revival.died(performance.now());
      this.#restAt = performance.now() + pause;
      this.#logger?.error(
        { err: reason, pause },
        'the document thread has died; it is started again when it is needed',
      );
      this.#rejectAll(died(String(reason)));
    };
    worker.on('error', gone);
    worker.on('exit', gone);
    return worker;
  }

  #settle(answer: ThreadAnswer): void {
    const waiting = this.#waiting.shift();
    if (!waiting) throw new Error('the document thread answered what nobody asked');
    switch (answer.kind) {
      case 'done':
        waiting.resolve(answer.value);
        break;
      case 'unreadable':
        waiting.reject(new Unreadable(answer.message));
        break;
      case 'failed':
        waiting.reject(new StorageError('failed', answer.message));
        break;
    }
    if (this.#waiting.length > 0) return;
    this.#worker?.unref(); // nobody waits: it need not keep the process
    this.#idle = setTimeout(() => void this.#end(closed()), IDLE_MS).unref();
  }

  #rejectAll(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.reject(error);
  }

  async #end(reason: unknown): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#rejectAll(reason);
    await worker?.terminate();
  }
}

function closed(): StorageError {
  return new StorageError('closed', 'storage was closed');
}

function died(how: string): StorageError {
  return new StorageError('unavailable', `the document thread has died: ${how}`);
}

/** The buffers that may change hands: large ones that nothing else is in. */
function transferable(work: Work): ArrayBuffer[] {
  const buffers = bytesOf(work).flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && byteLength === buffer.byteLength && byteLength >= TRANSFER_BYTES ? buffer : [],
  );
  return [...new Set(buffers)];
}

function bytesOf(work: Work): readonly Uint8Array[] {
  switch (work.kind) {
    case 'apply':
      return work.updates;
    case 'applyPacked':
      return [work.packed.data];
    case 'applySegment':
    case 'parts':
      return [work.segment];
    case 'pack':
      return work.rows.map((row) => row.data);
    default:
      return [];
  }
}
