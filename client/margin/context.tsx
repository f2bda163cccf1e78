// Gives the components below a workspace its margin's state.
import { createContext, useContext } from 'react';
import type { MarginState } from './margin.ts';

const MarginContext = createContext<MarginState | null>(null);

export const MarginProvider = MarginContext.Provider;

export function useMargin(): MarginState {
  const margin = useContext(MarginContext);
  if (!margin) throw new Error('useMargin is for components inside a MarginProvider');
  return margin;
}
