// The tab's one socket.io connection: commands in; presence, notifications and changes out. The library is fetched only when
// the connection is opened, so that the first screen does not wait for it. It knows nothing of pages.
import type { Socket } from 'socket.io-client';
import type { CommandEnvelope } from '../../shared/protocol/commands.ts';
import {
  type ClientEvents,
  type CommandAnswer,
  MOST_WATCHED,
  type PresentPerson,
  type ServerEvents,
} from '../../shared/protocol/events.ts';
import type { Observable } from '../article/types.ts';

export interface Live {
  /** Whether the connection stands now. */
  readonly connected: Observable<boolean>;
  /** Who is in which article, by article id, of those that are watched. */
  readonly presence: Observable<Readonly<Record<string, readonly PresentPerson[]>>>;
  /** Listens over all reconnections; answers with its disposer. */
  on<E extends keyof ServerEvents>(event: E, listener: ServerEvents[E]): () => void;
  /**
   * Sends a command and resolves with the server's answer. Rejects if there is no connection or no answer in time: send the
   * same envelope again then, its id makes that harmless.
   */
  command(envelope: CommandEnvelope): Promise<CommandAnswer>;
  /** Asks for the news of these articles (the first 500 of all that are watched) until the disposer is called. */
  watchArticles(articleIds: readonly string[]): () => void;
  /** Opens the connection, or opens it anew as the person and in the language of now. */
  open(language: string): void;
  close(): void;
}

const ANSWER_WITHIN_MS = 15_000;

type LiveSocket = Socket<ServerEvents, ClientEvents>;

interface Store<T> extends Observable<T> {
  set(value: T): void;
}

export function createLive(): Live {
  const connected = createStore(false);
  const presence = createStore<Readonly<Record<string, readonly PresentPerson[]>>>({});
  const listeners = new Map<keyof ServerEvents, Set<(...values: never[]) => void>>();
  let socket: LiveSocket | null = null;
  /** Rises with every open and close: a library that arrives late knows that nobody waits for it any more. */
  let opening = 0;
  const watched = new Set<readonly string[]>();
  let isAsking = false;

  /** Once for all that pages change in one go. */
  const askForNews = () => {
    if (isAsking) return;
    isAsking = true;
    queueMicrotask(() => {
      isAsking = false;
      if (!socket?.connected) return;
      const ids = [...new Set([...watched].flat())].slice(0, MOST_WATCHED);
      if (watched.size > 0) socket.emit('desk.watch', ids, (state) => presence.set(state.presence));
      else socket.emit('desk.unwatch');
    });
  };

  const attach = (fresh: LiveSocket) => {
    fresh.on('connect', () => {
      connected.set(true);
      if (watched.size > 0) askForNews();
    });
    fresh.on('disconnect', () => connected.set(false));
    fresh.on('desk.presence', (articleId, people) => presence.set({ ...presence.get(), [articleId]: people }));
    for (const [event, handlers] of listeners) for (const handler of handlers) fresh.on(event, handler as never);
  };

  const detach = () => {
    opening += 1;
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = null;
    connected.set(false);
  };

  return {
    connected,
    presence,
    on(event, listener) {
      const handlers = listeners.get(event) ?? new Set();
      handlers.add(listener as never);
      listeners.set(event, handlers);
      socket?.on(event, listener as never);
      return () => {
        handlers.delete(listener as never);
        socket?.off(event, listener as never);
      };
    },
    command(envelope) {
      if (!socket?.connected) return Promise.reject(new Error('not connected'));
      return socket.timeout(ANSWER_WITHIN_MS).emitWithAck('command', envelope);
    },
    watchArticles(articleIds) {
      const mine = [...articleIds];
      watched.add(mine);
      askForNews();
      return () => {
        watched.delete(mine);
        if (watched.size === 0) presence.set({});
        askForNews();
      };
    },
    open(language) {
      detach();
      const turn = opening;
      import('socket.io-client').then(
        ({ io }) => {
          if (turn !== opening) return;
          socket = io({
            path: '/live',
            auth: { language },
            transports: ['websocket', 'polling'],
            withCredentials: true,
          });
          attach(socket);
        },
        () => {
          // The chunk did not come (network cut): the browser tells when it is back.
          if (turn === opening)
            addEventListener('online', () => turn === opening && this.open(language), { once: true });
        },
      );
    },
    close: detach,
  };
}

function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
