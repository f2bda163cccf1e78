// A value that changes and tells its listeners; `useObservable` (client/ui) connects it to React. It knows nothing of articles.
import type { Observable } from './types.ts';

/** An observable that its owner can set. Setting the same value tells nobody. */
export interface Value<T> extends Observable<T> {
  set(value: T): void;
}

export function createValue<T>(initial: T): Value<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
