// The command line's author: whoever may read the data folder acts as "Köpürö" with an editor's rights. That person is in no
// table; commands, which look everybody up in storage, find it through this view.
import { LOCAL_PERSON } from './identity/identity.ts';
import type { PeopleStore, Storage } from './storage/types.ts';

/** The same storage, in which the local person can be found too. */
export function withLocalPerson(storage: Storage): Storage {
  const people = new Proxy(storage.people, {
    get(target, key: keyof PeopleStore) {
      if (key === 'find') {
        return async (id: string) => (id === LOCAL_PERSON.id ? LOCAL_PERSON : target.find(id));
      }
      const member: unknown = target[key];
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return {
    lineage: storage.lineage,
    log: storage.log,
    archive: storage.archive,
    articles: storage.articles,
    snapshots: storage.snapshots,
    people,
    notifications: storage.notifications,
    time: () => storage.time(),
    check: () => storage.check(),
    requireHope: () => storage.requireHope(),
    alone: (name, work) => storage.alone(name, work),
    backup: (file) => storage.backup(file),
    close: () => storage.close(),
  };
}
