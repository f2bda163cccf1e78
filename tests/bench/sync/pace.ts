// Waiting in the load process: for conditions, with a limit after which the run is void, and for moments.
import { performance } from 'node:perf_hooks';

/** A run that has not delivered by then is void. */
export const PATIENCE_MS = 30_000;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks every `everyMs`. Throws with what `missing` says if it is not so in time. */
export async function until(isSo: () => boolean, missing: () => string, everyMs = 2): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`incomplete after ${PATIENCE_MS / 1000} s: ${missing()}`);
    await pause(everyMs);
  }
}

/** Does each thing at its moment (ms from now), in order; late ones at once. */
export async function atMoments(things: readonly { at: number; act(): void }[]): Promise<void> {
  const ordered = [...things].sort((a, b) => a.at - b.at);
  const start = performance.now();
  for (let next = 0; next < ordered.length; ) {
    const now = performance.now() - start;
    while (next < ordered.length && ordered[next]!.at <= now) ordered[next++]!.act();
    if (next < ordered.length) await pause(Math.max(0, ordered[next]!.at - (performance.now() - start)));
  }
}
