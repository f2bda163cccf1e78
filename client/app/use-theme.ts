// The theme and the way to change it, the same in every component that asks.
import { useCallback, useSyncExternalStore } from 'react';
import { applyTheme, chosenTheme, type Theme } from './theme.ts';

const CHANGED = 'kopuro:theme';

function subscribe(listener: () => void): () => void {
  addEventListener(CHANGED, listener);
  addEventListener('storage', listener); // changed in another tab
  return () => {
    removeEventListener(CHANGED, listener);
    removeEventListener('storage', listener);
  };
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, chosenTheme);
  const change = useCallback((next: Theme) => {
    applyTheme(next);
    dispatchEvent(new Event(CHANGED));
  }, []);
  return [theme, change];
}
