// The copy of an open article in this browser (IndexedDB), for a reload without a connection. Typing goes first: what changes
// is written a moment later, several changes as one. It knows nothing of the server.
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';

/** Changes are kept this long after they were made. */
const KEEP_MS = 30;
/** A first state is kept this long after it came: showing it goes first. */
const KEEP_STATE_MS = 1_000;

export interface LocalStore {
  readonly name: string;
  /** The origin of the changes that it brings into the document. */
  readonly origin: unknown;
  /** What it holds is in the document. */
  readonly read: boolean;
  /** Writes an update of the document, a moment after the frame that shows it. */
  keep(update: Uint8Array): void;
  /** Writes the whole document, once what came first is on the screen. */
  keepStateSoon(): void;
  /** Writes at once what still waits. */
  flush(): void;
  close(): void;
  /** Closes it and deletes it, once no other tab has it open. */
  remove(): void;
}

/** Opens a database and brings what it holds into the document; `onFound` is called then, unless it holds nothing. */
export function openLocalStore(name: string, doc: Y.Doc, onFound: () => void): LocalStore {
  const database = new IndexeddbPersistence(name, doc);
  doc.off('update', database._storeUpdate);
  let waiting: Uint8Array[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stateTimer: ReturnType<typeof setTimeout> | null = null;
  database.once('synced', () => {
    if (doc.store.clients.size > 0) onFound();
  });

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    const updates = waiting;
    waiting = [];
    database._storeUpdate(Y.mergeUpdates(updates), null);
  }

  function close(): void {
    flush();
    if (stateTimer !== null) clearTimeout(stateTimer);
  }

  return {
    name,
    origin: database,
    get read() {
      return database.synced;
    },
    keep(update) {
      waiting.push(update);
      timer ??= setTimeout(flush, KEEP_MS);
    },
    keepStateSoon() {
      stateTimer = setTimeout(() => database._storeUpdate(Y.encodeStateAsUpdate(doc), null), KEEP_STATE_MS);
    },
    flush,
    close() {
      close();
      void database.destroy();
    },
    remove() {
      close();
      void database.clearData();
    },
  };
}
