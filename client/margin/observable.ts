// A value that changes and tells its listeners: the smallest store that React and the editors can both follow.
import type { Observable } from '../article/types.ts';

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
      return () => listeners.delete(listener);
    },
  };
}

/** A value computed from others; it keeps its object while the sources keep theirs. Listens only while listened to. */
export function derive<T>(sources: readonly Observable<unknown>[], compute: () => T): Observable<T> {
  let inputs: unknown[] | null = null;
  let value: T;
  return {
    get() {
      const now = sources.map((source) => source.get());
      if (inputs === null || now.some((input, index) => !Object.is(input, inputs![index]))) {
        inputs = now;
        value = compute();
      }
      return value;
    },
    subscribe(listener) {
      const stops = sources.map((source) => source.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
