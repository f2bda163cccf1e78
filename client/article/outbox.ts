// Commands on their way to the server: in order, one at a time, kept until the server has answered, sent again after every
// interruption. The store and the line are handed in; it knows nothing of IndexedDB, socket.io or articles.
import type { CommandEnvelope } from '../../shared/protocol/commands.ts';
import { type ErrorCode, KopuroError } from '../../shared/protocol/errors.ts';
import type { CommandAnswer } from '../../shared/protocol/events.ts';
import { createValue, type Value } from './observable.ts';
import type { Observable, PendingCommand } from './types.ts';

/** Keeps commands over a reload. */
export interface OutboxStore {
  load(): Promise<PendingCommand[]>;
  put(command: PendingCommand): Promise<void>;
  remove(id: string): Promise<void>;
}

/** The way to the server. */
export interface CommandLine {
  connected(): boolean;
  /** Calls the listener whenever there is a connection again; returns a disposer. */
  onConnect(listener: () => void): () => void;
  /** Rejects if no answer came: the command may or may not have been carried out. */
  send(envelope: CommandEnvelope): Promise<CommandAnswer>;
}

export interface OutboxOptions {
  articleId: string;
  store: OutboxStore;
  line: CommandLine;
  /** Base64 of what the sender has, so that a command never overtakes the words that it is about. */
  stateVector(): string;
  newId(): string;
  now(): number;
  /** Runs `work` after `ms`; returns a disposer. */
  later(work: () => void, ms: number): () => void;
}

export interface Outbox {
  readonly pending: Observable<readonly PendingCommand[]>;
  /** Resolves with the result, or rejects with a KopuroError, once the server has answered. */
  send(type: PendingCommand['type'], payload: unknown): Promise<unknown>;
  destroy(): void;
}

/** Errors that pass: the same command may succeed a moment later. */
const TRANSIENT: readonly ErrorCode[] = [
  'behind-client',
  'shutting-down',
  'not-saved',
  'rate-limited',
  'article-unreadable',
];
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** How long to wait before the try after `failures` failed ones. */
export function retryDelay(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1));
}

interface Waiter {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, line } = options;
  const pending: Value<readonly PendingCommand[]> = createValue<readonly PendingCommand[]>([]);
  const waiters = new Map<string, Waiter>();
  let sending = false;
  let destroyed = false;
  let failures = 0;
  let cancelRetry: (() => void) | null = null;

  const loaded = store.load().then((earlier) => {
    // What was asked for while loading stays behind what was there before.
    const known = new Set(pending.get().map(({ id }) => id));
    pending.set([...earlier.filter(({ id }) => !known.has(id)), ...pending.get()]);
  });

  async function settle(command: PendingCommand, answer: CommandAnswer): Promise<void> {
    await store.remove(command.id);
    pending.set(pending.get().filter(({ id }) => id !== command.id));
    const waiter = waiters.get(command.id);
    waiters.delete(command.id);
    if ('error' in answer) waiter?.reject(new KopuroError(answer.error.code, answer.error.details));
    else waiter?.resolve(answer.result);
  }

  function retry(): void {
    failures += 1;
    cancelRetry?.();
    cancelRetry = options.later(() => {
      cancelRetry = null;
      void flush();
    }, retryDelay(failures));
  }

  async function flush(): Promise<void> {
    if (sending || destroyed || cancelRetry) return;
    sending = true;
    try {
      await loaded;
      for (;;) {
        const [command] = pending.get();
        if (!command || destroyed || !line.connected()) return;
        let answer: CommandAnswer;
        try {
          answer = await line.send({
            id: command.id,
            articleId: options.articleId,
            type: command.type,
            payload: command.payload,
            stateVector: options.stateVector(),
          });
        } catch {
          retry(); // no answer: the same id again has no second effect
          return;
        }
        if ('error' in answer && TRANSIENT.includes(answer.error.code)) {
          retry();
          return;
        }
        failures = 0;
        await settle(command, answer);
      }
    } finally {
      sending = false;
    }
  }

  const stop = line.onConnect(() => {
    cancelRetry?.();
    cancelRetry = null;
    void flush();
  });
  void flush();

  return {
    pending,
    async send(type, payload) {
      const command: PendingCommand = { id: options.newId(), type, payload, at: options.now() };
      pending.set([...pending.get(), command]);
      const answered = new Promise<unknown>((resolve, reject) => waiters.set(command.id, { resolve, reject }));
      await store.put(command);
      void flush();
      return answered;
    },
    destroy() {
      destroyed = true;
      cancelRetry?.();
      stop();
    },
  };
}
