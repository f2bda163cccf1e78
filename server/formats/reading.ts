// Reading texts off the thread that serves everybody: one import thread, one text at a time, the others in a short queue, each
// with a limit to its time and memory. Short plain texts are read in place. Errors keep their codes.
import type { Worker } from 'node:worker_threads';
import { type ErrorCode, type ErrorDetails, KopuroError } from '../../shared/protocol/errors.ts';
import type { ImportFormat, ImportPreview } from '../../shared/protocol/rest.ts';
import { startThread } from '../start-thread.ts';
import { blocksOf, type ImportedText, type ImportInput, previewText } from './import.ts';

/** Plain text so short is read sooner than it is handed over. */
const IN_PLACE_LENGTH = 64 * 1024;
const MEMORY_MEGABYTES = 512;
/** A thread without work ends after this: it holds memory. */
const IDLE_MS = 60_000;

export type ThreadQuestion =
  | { kind: 'file'; input: ImportInput }
  | { kind: 'text'; content: string; format?: ImportFormat }
  | { kind: 'blocks'; content: string; format: ImportFormat };

export type ThreadAnswer =
  | { kind: 'ready' }
  | { kind: 'done'; value: unknown }
  | { kind: 'refused'; code: ErrorCode; details?: ErrorDetails };

export interface ReadingLimits {
  /** One text may take so long. The longest that is accepted takes a third of it on a slow machine. */
  timeMs: number;
  /** So many may wait; the next one is asked to come again. */
  waiting: number;
}

/** What import.ts does, elsewhere. Besides its errors: `file-too-deep` for what takes too long, `rate-limited`, `shutting-down`. */
export interface Reading {
  file(input: ImportInput): Promise<ImportPreview>;
  text(content: string, format?: ImportFormat): Promise<ImportPreview>;
  blocks(content: string, format: ImportFormat): Promise<ImportedText>;
  /** Texts in the thread's queue, the one that it reads included. */
  waiting(): number;
  close(): Promise<void>;
}

interface Job {
  question: ThreadQuestion;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export function createReading(limits: Partial<ReadingLimits> = {}): Reading {
  const thread = new ImportThread({ timeMs: 10_000, waiting: 30, ...limits });
  const inPlace = (content: string, format: ImportFormat | undefined) =>
    format === 'txt' && content.length < IN_PLACE_LENGTH;
  return {
    file: async (input) => (await thread.ask({ kind: 'file', input })) as ImportPreview,
    async text(content, format) {
      if (inPlace(content, format)) return previewText(content, format).preview;
      return (await thread.ask({ kind: 'text', content, ...(format ? { format } : {}) })) as ImportPreview;
    },
    async blocks(content, format) {
      if (inPlace(content, format)) return blocksOf(content, format);
      return (await thread.ask({ kind: 'blocks', content, format })) as ImportedText;
    },
    waiting: () => thread.length,
    close: () => thread.close(),
  };
}

class ImportThread {
  readonly #limits: ReadingLimits;
  readonly #waiting: Job[] = [];
  #current: Job | null = null;
  #worker: Worker | null = null;
  #isReady = false;
  /** Of the text that is being read, or of the idle thread. */
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(limits: ReadingLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#waiting.length + (this.#current ? 1 : 0);
  }

  ask(question: ThreadQuestion): Promise<unknown> {
    if (this.#closed) return Promise.reject(new KopuroError('shutting-down'));
    if (this.#waiting.length >= this.#limits.waiting) {
      return Promise.reject(new KopuroError('rate-limited', { seconds: Math.ceil(this.#limits.timeMs / 1000) }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = this.#current ? [this.#current, ...this.#waiting] : this.#waiting;
    for (const job of open) job.reject(new KopuroError('shutting-down'));
    this.#waiting.length = 0;
    this.#current = null;
    await this.#end();
  }

  #next(): void {
    if (this.#current || this.#closed) return;
    const job = this.#waiting.shift();
    clearTimeout(this.#timer);
    if (!job) {
      if (this.#worker) this.#timer = setTimeout(() => void this.#end(), IDLE_MS).unref();
      return;
    }
    this.#current = job;
    if (!this.#worker) this.#start();
    else if (this.#isReady) this.#hand(job);
  }

  #start(): void {
    const worker = startThread(
      { here: import.meta.url, source: 'thread.ts', built: 'import-thread.js' },
      { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES } },
    );
    this.#worker = worker;
    this.#isReady = false;
    worker.unref(); // a request that waits holds its socket; nothing else need keep the process
    worker.on('message', (answer: ThreadAnswer) => {
      if (this.#worker === worker) this.#take(answer);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#finish((job) =>
        job.reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new KopuroError('file-too-deep') : error),
      );
    });
  }

  #take(answer: ThreadAnswer): void {
    switch (answer.kind) {
      case 'ready':
        this.#isReady = true;
        if (this.#current) this.#hand(this.#current);
        return;
      case 'done':
        this.#finish((job) => job.resolve(answer.value));
        return;
      case 'refused':
        this.#finish((job) => job.reject(new KopuroError(answer.code, answer.details)));
        return;
    }
  }

  #hand(job: Job): void {
    this.#worker?.postMessage(job.question);
    this.#timer = setTimeout(() => {
      void this.#end();
      this.#finish((late) => late.reject(new KopuroError('file-too-deep')));
    }, this.#limits.timeMs);
  }

  #finish(settle: (job: Job) => void): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = null;
    if (job) settle(job);
    this.#next();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}
