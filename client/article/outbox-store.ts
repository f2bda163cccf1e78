// The outbox in IndexedDB: one small database for each person, its entries in the order in which they were asked for.
import * as idb from 'lib0/indexeddb';
import type { OutboxStore } from './outbox.ts';
import type { PendingCommand } from './types.ts';

const STORE = 'commands';

interface Entry extends PendingCommand {
  articleId: string;
}

/** The entries of one article. Where there is no IndexedDB (private windows of some browsers) they live until the page closes. */
export function outboxStore(personId: string, articleId: string): OutboxStore {
  const opened: Promise<IDBDatabase | null> = idb
    .openDB(`kopuro-outbox/${personId}`, (db) => idb.createStores(db, [[STORE]]))
    .catch((error: unknown) => {
      console.warn('The outbox cannot be kept over a reload here', error);
      return null;
    });
  const store = async (mode: 'readonly' | 'readwrite') => {
    const db = await opened;
    return db && idb.transact(db, [STORE], mode)[0]!;
  };
  return {
    async load() {
      const entries = await store('readonly');
      if (!entries) return [];
      const all = (await idb.getAll(entries)) as Entry[];
      return all
        .filter((entry) => entry.articleId === articleId)
        .sort((a, b) => a.at - b.at)
        .map(({ id, type, payload, at }) => ({ id, type, payload, at }));
    },
    async put(command) {
      const entries = await store('readwrite');
      if (entries) await idb.put(entries, { ...command, articleId } as never, command.id); // lib0 types only keys here
    },
    async remove(id) {
      const entries = await store('readwrite');
      if (entries) await idb.del(entries, id);
    },
  };
}
