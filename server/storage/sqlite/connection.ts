// The process's end of the storage thread: numbers requests, matches answers, turns failures into errors. It knows no SQL.
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../start-thread.ts';
import { StorageError } from '../errors.ts';
import { type Appended, StorageStartError } from '../types.ts';
import type { Answer, AppendCommand, AppendRow, Numbered, Request, Rows, Statement, ThreadData } from './messages.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export class ThreadConnection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Asked, and to be sent with whatever else is asked in this turn of the event loop: each message wakes the thread. */
  #unsent: Numbered<Request>[] = [];
  #lastNumber = 0;
  #ended: Error | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answers: readonly Numbered<Answer>[]) => {
      for (const { number, message } of answers) this.#settle(number, message);
    });
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(new StorageError('closed', 'the storage thread has ended')));
  }

  /** Starts the thread and opens the file. Throws StorageStartError. */
  static async open(file: string, { readOnly = false } = {}): Promise<ThreadConnection> {
    const code = { here: import.meta.url, source: 'thread.ts', built: 'storage-thread.js' };
    const connection = new ThreadConnection(startThread(code, { workerData: { file, readOnly } satisfies ThreadData }));
    await new Promise((resolve, reject) => connection.#waiting.set(0, { resolve, reject }));
    return connection;
  }

  /** Carries out all statements in one transaction. */
  async run(statements: readonly Statement[]): Promise<Rows[]> {
    return (await this.#ask({ kind: 'run', statements })) as Rows[];
  }

  async append(
    rows: readonly AppendRow[],
    commands: readonly AppendCommand[],
    after: ReadonlyMap<string, number>,
  ): Promise<Appended> {
    return (await this.#ask({ kind: 'append', rows, commands, after })) as Appended;
  }

  async backup(file: string): Promise<void> {
    await this.#ask({ kind: 'backup', file });
  }

  /** Waits for what was asked before, closes the file, ends the thread. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve));
    await this.#ask({ kind: 'close' });
    await exited;
  }

  #ask(message: Request): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#lastNumber += 1;
      this.#waiting.set(this.#lastNumber, { resolve, reject });
      this.#unsent.push({ number: this.#lastNumber, message });
      if (message.kind !== 'run')
        this.#send(); // somebody waits for the disk: at once, and after what was asked before
      else if (this.#unsent.length === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    if (this.#unsent.length === 0) return;
    const requests = this.#unsent;
    this.#unsent = [];
    this.#worker.postMessage(requests);
  }

  #settle(number: number, answer: Answer): void {
    const waiting = this.#waiting.get(number);
    if (!waiting) throw new Error(`the storage thread answered ${number}, which nobody asked`);
    this.#waiting.delete(number);
    switch (answer.kind) {
      case 'done':
        waiting.resolve(answer.value);
        break;
      case 'error':
        waiting.reject(new StorageError(answer.code, answer.message));
        break;
      case 'start-error':
        waiting.reject(new StorageStartError(answer.code, answer.message));
        break;
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
