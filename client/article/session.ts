// Opens an article: one Y.Doc, the local database, the connection, the outbox, and the truth about what is saved. It knows
// nothing of editors or React. After a refusal it hands its document over and a new session takes its place.
import * as decoding from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Standing } from '../../shared/access/roles.ts';
import { randomId } from '../../shared/article/ids.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import type { CommandInput, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import {
  CLOSE,
  type Hello,
  MESSAGE_HELLO,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  PROTOCOL_VERSION,
  REFUSAL_ERROR,
  type Refused,
  readHello,
  readRefused,
  readSaved,
  SYNC_STEP_1,
} from '../../shared/protocol/sync.ts';
import { countingSocket } from './counting-socket.ts';
import { gatherFirstState } from './first-state.ts';
import { type LocalStore, openLocalStore } from './local-store.ts';
import { ArticleMemory, type KeyValueStore } from './memory.ts';
import { createValue } from './observable.ts';
import { type CommandLine, createOutbox } from './outbox.ts';
import { outboxStore } from './outbox-store.ts';
import { SaveCounter } from './save-counter.ts';
import { joinSiblings, tabChannel } from './siblings.ts';
import { type CarriedWords, letGo, takeOver } from './succession.ts';
import type { ArticleSession, SaveStatus } from './types.ts';

/** How long a first connection may take before the indicator says "Offline". */
const CONNECTING_MS = 4_000;
/** How long to wait for the rest of the server's state before a refused document is left. */
const LAST_WORDS_MS = 3_000;
/** A second refusal this soon after words were put back means that they are the reason: they are only kept then. */
const REENTRY_GUARD_MS = 10_000;
/** When the server has not answered for so long, the connection is as good as none, whatever the socket says. */
const SILENCE_MS = 6_000;
/** The count of waiting changes is written this often at most. */
const REMEMBER_MS = 300;

export interface SessionOptions {
  articleId: string;
  person: Person;
  line: CommandLine;
  storage: KeyValueStore;
  /** e.g. `wss://host/sync`. */
  syncUrl: string;
  carried: CarriedWords | null;
  /** This session is over; open another with what it carries. */
  onReplaced(carried: CarriedWords): void;
  /** The server has closed for good: signed out, not allowed, not found. */
  onClosed(reason: ErrorCode): void;
}

export function openArticleSession(options: SessionOptions): ArticleSession {
  const { articleId, person, carried } = options;
  const memory = new ArticleMemory(options.storage, person.id, articleId);
  const remembered = memory.rights;
  const doc = new Y.Doc();
  const tab = randomId(8);
  const openedAt = Date.now();

  const standing = createValue<Standing>(remembered?.standing ?? { role: person.role, languages: person.languages });
  const editable = createValue<readonly string[]>(carried ? [] : (remembered?.editable ?? []));
  const ready = createValue(false);
  const obstacle = createValue<ErrorCode | null>(null);
  const status = createValue<SaveStatus>({ state: 'loading', progress: null });

  const counter = new SaveCounter();
  let loaded: number | null = null;
  let connecting = true;
  let online = false;
  let leaving = false;
  let carriedWaits = carried !== null;
  let hello: Hello | null = null;
  let store: LocalStore | null = null;
  /** Of the local database: another one than the one that was left. */
  const generation = carried?.generation ?? memory.generation;
  let hearing = false;
  let othersWaiting: string[] = [];
  let rememberTimer: ReturnType<typeof setTimeout> | null = null;
  let serverState: ReadonlyMap<number, number> = new Map();
  let wroteHere = false;
  /** Since when the server owes a word for something that was sent, and the timer that looks at it again. */
  let waitingSince: number | null = null;
  let silenceTimer: ReturnType<typeof setTimeout> | null = null;

  const onUpdate = (_update: Uint8Array, origin: unknown) => {
    if (origin === provider || origin === store?.origin) return;
    if (!wroteHere) {
      wroteHere = true;
      memory.addClientId(doc.clientID);
    }
    counter.changed();
    show();
  };

  const provider = new WebsocketProvider(options.syncUrl, articleId, doc, {
    connect: false,
    disableBc: true,
    params: syncParams(remembered?.epoch ?? null),
    WebSocketPolyfill: countingSocket((kind) => counter.sent(kind)),
  });
  doc.off('update', provider._updateHandler);
  const { awareness } = provider;
  awareness.setLocalState(null); // nobody is shown before the server has said which client id to use

  /**
   * From now on changes are heard of. Before the first state is here nobody can make any, and for each listener's sake Yjs
   * would encode all of that state once more: a quarter of the time that it takes to read it.
   */
  function hear(): void {
    if (hearing) return;
    hearing = true;
    // The counter before the provider, so that a change is counted before its message leaves.
    doc.on('update', onUpdate);
    doc.on('update', provider._updateHandler);
    doc.on('update', keepUpdate);
  }

  function keepUpdate(update: Uint8Array, origin: unknown): void {
    if (origin !== store?.origin) store?.keep(update);
  }

  const outbox = createOutbox({
    articleId,
    store: outboxStore(person.id, articleId),
    line: options.line,
    stateVector: () => toBase64(encodeBeyond(doc, serverState)),
    newId: randomId,
    now: Date.now,
    later: (work, ms) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  });

  function show(): void {
    rememberSoon();
    watchSilence();
    status.set(currentStatus(status.get()));
  }

  function watchSilence(): void {
    if (counter.changes === 0 || !online) waitingSince = null;
    else waitingSince ??= Date.now();
    if (waitingSince !== null) silenceTimer ??= setTimeout(lookAgain, SILENCE_MS);
  }

  function lookAgain(): void {
    silenceTimer = null;
    show();
  }

  function isSilent(): boolean {
    return waitingSince !== null && Date.now() - waitingSince >= SILENCE_MS;
  }

  function currentStatus(before: SaveStatus): SaveStatus {
    const kept = memory.kept;
    if (kept) {
      return before.state === 'refused' && before.reason === kept.reason && before.kept.length === kept.kept.length
        ? before
        : { state: 'refused', ...kept };
    }
    const changes = counter.changes + outbox.pending.get().length;
    if (!ready.get() || (connecting && changes === 0) || carriedWaits) return { state: 'loading', progress: loaded };
    const cutOff = isSilent() || (!online && !connecting);
    const state = cutOff ? 'offline' : changes === 0 && counter.saved ? 'saved' : 'saving';
    if (state === before.state && (state === 'saved' || ('changes' in before && before.changes === changes)))
      return before;
    return state === 'saved' ? { state } : { state, changes };
  }

  function rememberSoon(): void {
    rememberTimer ??= setTimeout(remember, REMEMBER_MS);
  }

  function remember(): void {
    if (rememberTimer !== null) clearTimeout(rememberTimer);
    rememberTimer = null;
    memory.setWaiting(tab, counter.changes);
    if (!counter.saved) return;
    // What other visits left was in the document that is saved now.
    for (const other of othersWaiting) memory.setWaiting(other, 0);
    othersWaiting = [];
  }

  function keepLocally(epoch: number): void {
    if (store) return;
    const waiting = carried ? {} : memory.waiting;
    store = openLocalStore(memory.databaseName(epoch, generation), doc, () => {
      hear();
      othersWaiting = Object.keys(waiting).filter((other) => other !== tab);
      counter.restored(Object.values(waiting).reduce((sum, changes) => sum + changes, 0));
      if (!carried) ready.set(true);
      show();
    });
  }

  function takeRights(next: Hello): void {
    hello = next;
    const languages = next.schemaVersion > SCHEMA_VERSION ? [] : next.editableLanguages;
    standing.set({ role: next.person.role, languages: next.editableLanguages });
    editable.set(leaving || carriedWaits ? [] : languages);
    memory.rights = { epoch: next.epoch, standing: standing.get(), editable: languages };
  }

  function takeHello(next: Hello): void {
    const first = hello === null;
    takeRights(next);
    if (!wroteHere && !doc.store.clients.has(next.clientId) && doc.clientID !== next.clientId) {
      const state = awareness.getLocalState();
      awareness.setLocalState(null);
      doc.clientID = next.clientId;
      awareness.clientID = next.clientId;
      if (state) awareness.setLocalState(state);
    }
    if (awareness.getLocalState() === null) awareness.setLocalState({});
    if (first) {
      provider.params = syncParams(next.epoch);
      keepLocally(next.epoch);
    }
    show();
  }

  /** Client ids that this session has written with, or has taken over from the one before. */
  function ownIds(): Set<number> {
    return new Set([...(wroteHere ? [doc.clientID] : []), ...(carriedWaits && carried ? carried.clientIds : [])]);
  }

  const siblings = joinSiblings({
    channel: tabChannel(`kopuro/${person.id}/${articleId}`),
    tab,
    holding(database) {
      if (carriedWaits && carried?.store?.name === database) return { clientIds: carried.clientIds, leaving: true };
      return store?.name === database ? { clientIds: ownIds(), leaving } : null;
    },
    onLeft: (reason) => void leave(reason, { putBack: mayPutBack(), told: false }),
    later: (work, ms) => void setTimeout(work, ms),
  });

  /** This document cannot go on: a new one takes over, in every tab that shares the local database. */
  async function leave(reason: ErrorCode, { putBack, told }: Pick<CarriedWords, 'putBack' | 'told'>): Promise<void> {
    if (leaving) return;
    leaving = true;
    editable.set([]);
    const claim = store
      ? siblings.leave(store.name, reason)
      : Promise.resolve({ others: new Set<number>(), first: true });
    await Promise.all([claim, lastWords()]);
    const { others, first } = await claim;
    const clientIds = new Set([...(first ? memory.clientIds : []), ...ownIds()].filter((id) => !others.has(id)));
    // The update handlers go first: the document stays as it is for the next session to read.
    doc.off('update', onUpdate);
    doc.off('update', keepUpdate);
    store?.flush();
    provider.destroy();
    release();
    const next = generation + 1;
    if (carriedWaits && carried) {
      // Nothing was taken over yet, and nobody could type here: what this session was to take goes on to the next one.
      store?.remove();
      options.onReplaced({ ...carried, generation: next });
    } else options.onReplaced({ doc, reason, clientIds, putBack, told, store, generation: next });
  }

  /** Resolves when the rest of the server's state is here, so far as it is on its way. */
  function lastWords(): Promise<void> {
    if (!provider.wsconnected || provider.synced) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LAST_WORDS_MS);
      provider.once('sync', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The server's state is here: what it lacks of the words carried over is put back or kept. */
  function takeCarried(words: CarriedWords): void {
    takeOver(words, { doc, memory, standing: standing.get(), editableLanguages: hello?.editableLanguages ?? [] });
    carriedWaits = false;
    if (hello) takeRights(hello);
  }

  provider.messageHandlers[MESSAGE_HELLO] = (_encoder, decoder) => takeHello(readHello(decoder));
  provider.messageHandlers[MESSAGE_SAVED] = (_encoder, decoder) => {
    counter.acknowledged(readSaved(decoder));
    waitingSince = null;
    show();
  };
  provider.messageHandlers[MESSAGE_REFUSED] = (_encoder, decoder) => {
    const refused: Refused = readRefused(decoder);
    void leave(REFUSAL_ERROR[refused.code], { putBack: mayPutBack(), told: true });
  };
  const readSync = provider.messageHandlers[MESSAGE_SYNC]!;
  provider.messageHandlers[MESSAGE_SYNC] = (encoder, decoder, ...rest) => {
    if (decoding.peekVarUint(decoder) === SYNC_STEP_1) {
      const peek = decoding.clone(decoder);
      decoding.readVarUint(peek);
      serverState = Y.decodeStateVector(decoding.readVarUint8Array(peek));
    }
    readSync(encoder, decoder, ...rest);
  };

  gatherFirstState(provider, (share) => {
    loaded = share;
    show();
  });

  const mayPutBack = () => carried === null || Date.now() - openedAt > REENTRY_GUARD_MS;

  provider.on('status', ({ status: connection }: { status: string }) => {
    if (connection === 'connected') {
      online = true;
      connecting = true; // until the first word of the server
      counter.opened();
    } else if (connection === 'disconnected') {
      online = false;
      counter.closed();
    }
    show();
  });
  provider.on('connection-close', (event: CloseEvent | null) => {
    if (!online) connecting = false;
    if (event?.code === CLOSE.articleUnreadable.code) obstacle.set('article-unreadable');
    show();
  });
  provider.on('sync', (synced: boolean) => {
    if (!synced) return;
    if (!hearing) {
      hear();
      if (store?.read) store.keepStateSoon();
    }
    connecting = false;
    if (carriedWaits && carried) takeCarried(carried);
    obstacle.set(null);
    ready.set(true);
    show();
  });
  provider.on('closed', ({ code, reason }: { code: number; reason: string }) => {
    connecting = false;
    if (code === CLOSE.epochChanged.code) {
      memory.forgetRights(Number(provider.params.epoch));
      // It concerns everybody who is here; only whoever wrote something in the old history needs to hear of it.
      void leave('epoch-changed', { putBack: false, told: false });
    } else if (code === CLOSE.refused.code || code === CLOSE.malformed.code || code === CLOSE.tooLarge.code) {
      const reason = code === CLOSE.tooLarge.code ? 'body-too-large' : 'invalid-input';
      void leave(reason, { putBack: false, told: true });
    } else {
      editable.set([]);
      options.onClosed(reason as ErrorCode);
    }
    show();
  });

  const connectingTimer = setTimeout(() => {
    if (!online) connecting = false;
    show();
  }, CONNECTING_MS);
  const stopPending = outbox.pending.subscribe(show);
  const warnBeforeLeaving = (event: BeforeUnloadEvent) => {
    remember();
    const { state } = status.get();
    if ((state === 'saving' || state === 'offline') && counter.changes + outbox.pending.get().length > 0) {
      event.preventDefault();
    }
  };
  window.addEventListener('beforeunload', warnBeforeLeaving);
  window.addEventListener('pagehide', remember);
  const keepNow = () => store?.flush();
  window.addEventListener('pagehide', keepNow);
  const onStorage = ({ key }: StorageEvent) => memory.isKept(key) && show();
  window.addEventListener('storage', onStorage);

  function release(): void {
    window.removeEventListener('pagehide', keepNow);
    window.removeEventListener('storage', onStorage);
    siblings.close();
    clearTimeout(connectingTimer);
    if (silenceTimer !== null) clearTimeout(silenceTimer);
    if (rememberTimer !== null) clearTimeout(rememberTimer);
    stopPending();
    outbox.destroy();
    window.removeEventListener('beforeunload', warnBeforeLeaving);
    window.removeEventListener('pagehide', remember);
  }

  if (remembered) keepLocally(remembered.epoch);
  provider.connect();

  return {
    articleId,
    doc,
    awareness,
    person,
    standing,
    editable,
    status,
    pending: outbox.pending,
    ready,
    obstacle,
    send: <T extends CommandType>(type: T, payload: CommandInput<T>) =>
      outbox.send(type, payload) as Promise<CommandResult<T>>,
    dismissKept() {
      memory.kept = null;
      show();
    },
    destroy() {
      if (leaving) return;
      leaving = true;
      remember();
      release();
      provider.destroy();
      store?.close();
      doc.destroy();
      if (carriedWaits && carried) letGo(carried);
    },
  };
}

function syncParams(epoch: number | null): Record<string, string> {
  const ours = { v: String(PROTOCOL_VERSION), pieces: '1', schema: String(SCHEMA_VERSION) };
  return { ...ours, ...(epoch === null ? {} : { epoch: String(epoch) }) };
}

/** The part of a document's state vector that goes beyond what the server is known to have. */
function encodeBeyond(doc: Y.Doc, known: ReadonlyMap<number, number>): Uint8Array {
  const beyond = new Map<number, number>();
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
    if (clock > (known.get(client) ?? 0)) beyond.set(client, clock);
  }
  return Y.encodeStateVector(beyond);
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
