// Gives the components below a workspace its margin's state.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Observable } from '../article/types.ts';
import type { MarginState } from './margin.ts';

const MarginContext = createContext<MarginState | null>(null);

export const MarginProvider = MarginContext.Provider;

export function useMargin(): MarginState {
  const margin = useContext(MarginContext);
  if (!margin) throw new Error('useMargin is for components inside a MarginProvider');
  return margin;
}

/** The current value of an observable; the component renders anew when it changes. */
export function useValue<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
