// Connects an `Observable` (client/article/types.ts) to React. It knows nothing of what is observed.
import { useSyncExternalStore } from 'react';
import type { Observable } from '../article/types.ts';

/** The observable's value now; the component renders again whenever it changes. */
export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get, observable.get);
}
