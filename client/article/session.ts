// Opens an article: one Y.Doc, the local database, the connection, the outbox, and the truth about what is saved. It knows
// nothing of editors or React. After a refusal it hands its document over and a new session takes its place.
import * as Y from 'yjs';
import type { Standing } from '../../shared/access/roles.ts';
import { randomId } from '../../shared/article/ids.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import type { CommandInput, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import { CLOSE, type Hello, REFUSAL_ERROR } from '../../shared/protocol/sync.ts';
import { createConnection } from './connection.ts';
import { type LocalStore, openLocalStore } from './local-store.ts';
import { ArticleMemory, type KeyValueStore } from './memory.ts';
import { createValue } from './observable.ts';
import { type CommandLine, createOutbox } from './outbox.ts';
import { outboxStore } from './outbox-store.ts';
import { followSaving } from './saving.ts';
import { joinSiblings, tabChannel } from './siblings.ts';
import { stateBeyond } from './state-vector.ts';
import { type CarriedWords, letGo, takeOver } from './succession.ts';
import type { ArticleSession } from './types.ts';

/** A second refusal this soon after words were put back means that they are the reason: they are only kept then. */
const REENTRY_GUARD_MS = 10_000;

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

  let leaving = false;
  let carriedWaits = carried !== null;
  let hello: Hello | null = null;
  let store: LocalStore | null = null;
  /** Of the local database: another one than the one that was left. */
  const generation = carried?.generation ?? memory.generation;
  let hearing = false;
  let wroteHere = false;

  const connection = createConnection({
    syncUrl: options.syncUrl,
    articleId,
    doc,
    epoch: remembered?.epoch ?? null,
    onHello: takeHello,
    onSaved: (count) => saving.acknowledged(count),
    onRefused: ({ code }) => void leave(REFUSAL_ERROR[code], { putBack: mayPutBack(), told: true }),
    onSent: (kind) => saving.sent(kind),
    onProgress: (share) => saving.progress(share),
    onOpened: () => saving.opened(),
    onLost: () => saving.lost(),
    onTried(code) {
      for (const { code: closedBy, reason } of [CLOSE.articleUnreadable, CLOSE.tooManyConnections]) {
        if (code === closedBy) obstacle.set(reason);
      }
      saving.tried();
    },
    onSynced: takeState,
    onClosed: takeEnd,
  });

  const outbox = createOutbox({
    articleId,
    store: outboxStore(person.id, articleId),
    line: options.line,
    stateVector: () => stateBeyond(doc, connection.serverState),
    newId: randomId,
    now: Date.now,
    later: (work, ms) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  });

  const saving = followSaving({
    memory,
    tab,
    pending: outbox.pending,
    isReady: () => ready.get() && !carriedWaits,
  });

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

  /**
   * From now on changes are heard of. Before the first state is here nobody can make any, and for each listener's sake Yjs
   * would encode all of that state once more: a quarter of the time that it takes to read it.
   */
  function hear(): void {
    if (hearing) return;
    hearing = true;
    // The counter before the connection, so that a change is counted before its message leaves.
    doc.on('update', countUpdate);
    connection.sendChanges();
    doc.on('update', keepUpdate);
  }

  function countUpdate(_update: Uint8Array, origin: unknown): void {
    if (origin === connection.origin || origin === store?.origin) return;
    if (!wroteHere) {
      wroteHere = true;
      memory.addClientId(doc.clientID);
    }
    saving.changed();
  }

  function keepUpdate(update: Uint8Array, origin: unknown): void {
    if (origin !== store?.origin) store?.keep(update);
  }

  function keepLocally(epoch: number): void {
    if (store) return;
    const waiting = carried ? {} : memory.waiting;
    store = openLocalStore(memory.databaseName(epoch, generation), doc, () => {
      hear();
      saving.restored(waiting);
      if (!carried) ready.set(true);
      saving.show();
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
    const isNew = !wroteHere && !doc.store.clients.has(next.clientId) && doc.clientID !== next.clientId;
    if (isNew) connection.setClientId(next.clientId);
    const { awareness } = connection;
    if (awareness.getLocalState() === null) awareness.setLocalState({});
    if (first) {
      connection.setEpoch(next.epoch);
      keepLocally(next.epoch);
    }
    saving.stores(next.storing ?? true);
  }

  /** The server's state is here. */
  function takeState(): void {
    if (!hearing) {
      hear();
      if (store?.read) store.keepStateSoon();
    }
    if (carriedWaits && carried) takeCarried(carried);
    obstacle.set(null);
    ready.set(true);
    saving.settled();
  }

  /** What the server's state lacks of the words carried over is put back or kept. */
  function takeCarried(words: CarriedWords): void {
    takeOver(words, { doc, memory, standing: standing.get(), editableLanguages: hello?.editableLanguages ?? [] });
    carriedWaits = false;
    if (hello) takeRights(hello);
  }

  /** The server has closed for good. */
  function takeEnd(code: number, reason: string): void {
    if (code === CLOSE.epochChanged.code) {
      const epoch = hello?.epoch ?? remembered?.epoch;
      if (epoch !== undefined) memory.forgetRights(epoch);
      // It concerns everybody who is here; only whoever wrote something in the old history needs to hear of it.
      void leave('epoch-changed', { putBack: false, told: false });
    } else if (code === CLOSE.refused.code || code === CLOSE.malformed.code || code === CLOSE.tooLarge.code) {
      const why = code === CLOSE.tooLarge.code ? 'body-too-large' : 'invalid-input';
      void leave(why, { putBack: false, told: true });
    } else {
      editable.set([]);
      options.onClosed(reason as ErrorCode);
    }
    saving.settled();
  }

  /** Client ids that this session has written with, or has taken over from the one before. */
  function ownIds(): Set<number> {
    return new Set([...(wroteHere ? [doc.clientID] : []), ...(carriedWaits && carried ? carried.clientIds : [])]);
  }

  function mayPutBack(): boolean {
    return carried === null || Date.now() - openedAt > REENTRY_GUARD_MS;
  }

  /** This document cannot go on: a new one takes over, in every tab that shares the local database. */
  async function leave(reason: ErrorCode, { putBack, told }: Pick<CarriedWords, 'putBack' | 'told'>): Promise<void> {
    if (leaving) return;
    leaving = true;
    editable.set([]);
    const claim = store
      ? siblings.leave(store.name, reason)
      : Promise.resolve({ others: new Set<number>(), first: true });
    await Promise.all([claim, connection.lastWords()]);
    const { others, first } = await claim;
    const clientIds = new Set([...(first ? memory.clientIds : []), ...ownIds()].filter((id) => !others.has(id)));
    // The update handlers go first: the document stays as it is for the next session to read.
    doc.off('update', countUpdate);
    doc.off('update', keepUpdate);
    store?.flush();
    connection.destroy();
    release();
    const next = generation + 1;
    if (carriedWaits && carried) {
      // Nothing was taken over yet, and nobody could type here: what this session was to take goes on to the next one.
      store?.remove();
      options.onReplaced({ ...carried, generation: next });
    } else options.onReplaced({ doc, reason, clientIds, putBack, told, store, generation: next });
  }

  const keepNow = () => store?.flush();
  window.addEventListener('pagehide', keepNow);
  const onStorage = ({ key }: StorageEvent) => memory.isKept(key) && saving.show();
  window.addEventListener('storage', onStorage);

  function release(): void {
    window.removeEventListener('pagehide', keepNow);
    window.removeEventListener('storage', onStorage);
    siblings.close();
    saving.destroy();
    outbox.destroy();
  }

  if (remembered) keepLocally(remembered.epoch);
  connection.connect();

  return {
    articleId,
    doc,
    awareness: connection.awareness,
    person,
    standing,
    editable,
    status: saving.status,
    outage: saving.outage,
    pending: outbox.pending,
    ready,
    obstacle,
    send: <T extends CommandType>(type: T, payload: CommandInput<T>) =>
      outbox.send(type, payload) as Promise<CommandResult<T>>,
    dismissKept() {
      memory.kept = null;
      saving.show();
    },
    destroy() {
      if (leaving) return;
      leaving = true;
      saving.remember();
      release();
      connection.destroy();
      store?.close();
      doc.destroy();
      if (carriedWaits && carried) letGo(carried);
    },
  };
}
