// A value computed from others that change. It knows nothing of what they are.
import type { Observable } from '../article/types.ts';

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
