// The process's end of the storage thread: numbers requests, matches answers, turns failures into errors, and starts the thread
// again when it dies. What it had been asked by then is answered `unavailable`: it has happened wholly or not at all. It knows
// no SQL.
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { startThread } from '../../start-thread.ts';
import { StorageError } from '../errors.ts';
import { Revival } from '../revival.ts';
import { type Appended, StorageStartError } from '../types.ts';
import type { Answer, AppendCommand, AppendRow, Numbered, Request, Rows, Statement, ThreadData } from './messages.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface ThreadOptions {
  /** Nothing is written, and the file must exist. */
  readOnly?: boolean;
  logger?: Pick<Logger, 'error' | 'info'>;
}

type State =
  /** It has never worked yet: whoever opens is told why not, and nothing is tried again. */
  | { kind: 'opening' }
  /** It works, or is on its way to: what is asked waits for it. */
  | { kind: 'up' }
  /** It has died, and is started again when the timer is over. */
  | { kind: 'down'; why: StorageError; timer: NodeJS.Timeout }
  | { kind: 'closed' };

/** Number of the answer with which a thread says whether it could open the file. */
const START = 0;

export class ThreadConnection {
  readonly #data: ThreadData;
  readonly #logger: ThreadOptions['logger'];
  readonly #waiting = new Map<number, Waiting>();
  readonly #revival = new Revival();
  #state: State = { kind: 'opening' };
  #worker: Worker | null = null;
  /** Asked, and to be sent with whatever else is asked in this turn of the event loop: each message wakes the thread. */
  #unsent: Numbered<Request>[] = [];
  #lastNumber = START;

  private constructor(data: ThreadData, logger: ThreadOptions['logger']) {
    this.#data = data;
    this.#logger = logger;
  }

  /** Starts the thread and opens the file. Throws StorageStartError. */
  static async open(file: string, { readOnly = false, logger }: ThreadOptions = {}): Promise<ThreadConnection> {
    const connection = new ThreadConnection({ file, readOnly }, logger);
    await connection.#start();
    connection.#state = { kind: 'up' };
    return connection;
  }

  /** It could not be started again for so long that the process had better be started anew. It is tried nevertheless. */
  get isHopeless(): boolean {
    return this.#revival.isHopeless;
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
    if (this.#state.kind === 'closed') return;
    const worker = this.#worker;
    const exited = worker && new Promise((resolve) => worker.once('exit', resolve));
    const answered = worker && this.#ask({ kind: 'close' });
    if (this.#state.kind === 'down') clearTimeout(this.#state.timer);
    this.#state = { kind: 'closed' };
    try {
      await answered;
    } catch (error) {
      // It has died instead, which leaves the file as it is after every commit.
      if (!(error instanceof StorageError && error.code === 'closed')) throw error;
    }
    await exited;
  }

  #ask(message: Request): Promise<unknown> {
    if (this.#state.kind === 'closed') return Promise.reject(closed());
    if (this.#state.kind === 'down') return Promise.reject(this.#state.why);
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
    this.#worker?.postMessage(requests);
  }

  /** Resolves when the thread works; rejects with what it says, or with what it died of. */
  async #start(): Promise<void> {
    const code = { here: import.meta.url, source: 'thread.ts', built: 'storage-thread.js' };
    const worker = startThread(code, { workerData: this.#data });
    this.#worker = worker;
    let why: unknown = 'it ended by itself';
    worker.on('message', (answers: readonly Numbered<Answer>[]) => {
      for (const { number, message } of answers) this.#settle(number, message);
    });
    worker.on('error', (error) => {
      why = error;
    });
    // Not sooner: until then it may still hold the file.
    worker.on('exit', () => this.#gone(why));
    await new Promise((resolve, reject) => this.#waiting.set(START, { resolve, reject }));
    this.#revival.started(performance.now());
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

  #gone(why: unknown): void {
    this.#worker = null;
    this.#unsent = [];
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    if (this.#state.kind === 'up') this.#startLater(why);
    const reason = this.#state.kind === 'down' ? this.#state.why : this.#state.kind === 'closed' ? closed() : why;
    for (const one of waiting) one.reject(reason);
  }

  #startLater(why: unknown): void {
    const pause = this.#revival.died(performance.now());
    this.#logger?.error({ err: why, pause }, 'the storage thread has died; it is started again');
    const timer = setTimeout(() => {
      this.#state = { kind: 'up' };
      this.#start().then(
        () => this.#logger?.info('the storage thread works again'),
        (error: unknown) => this.#logger?.error({ err: error }, 'the storage thread could not start'),
      );
    }, pause);
    this.#state = { kind: 'down', why: new StorageError('unavailable', `the storage thread has died: ${why}`), timer };
  }
}

function closed(): StorageError {
  return new StorageError('closed', 'the storage thread has ended');
}
