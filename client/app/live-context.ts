// Hands the tab's live connection to components.
import { createContext, useContext, useEffect, useRef } from 'react';
import type { ServerEvents } from '../../shared/protocol/events.ts';
import type { Live } from './live.ts';

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveContext around it');
  return live;
}

/** Calls `listener` for every such event while the component is mounted. */
export function useLiveEvent<E extends keyof ServerEvents>(event: E, listener: ServerEvents[E]): void {
  const live = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      live.on(event, ((...values: never[]) =>
        (latest.current as (...v: never[]) => void)(...values)) as ServerEvents[E]),
    [live, event],
  );
}
