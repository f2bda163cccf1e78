// When a key reaches the screen, as the browser itself has it: from the moment at which its input system received the key to the
// moment at which the frame that the key brought about was presented, in the browser's own trace. A page cannot know the latter: painting
// into pixels and putting the windows together come after its own part of the frame. The trace holds these events only, so that
// keeping it costs next to nothing.
import type { Browser, Page } from 'playwright-core';

/** The least of the trace's categories that hold `EventLatency`. */
const CATEGORIES = ['input.scrolling'];

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  /** Microseconds. */
  ts: number;
  id2?: { local?: string };
  args: { event_latency?: { event_type?: string } };
}

/** ms from each key that is typed during `work` to the screen. */
export async function shownTimes(browser: Browser, page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  try {
    await work();
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  return keysOf(trace.traceEvents);
}

/** Pairs beginnings with ends: their ids are used again once they have ended. */
export function keysOf(events: readonly TraceEvent[]): number[] {
  const begun = new Map<string, TraceEvent>();
  const times: number[] = [];
  const latencies = events.filter(({ name, ph }) => name === 'EventLatency' && (ph === 'b' || ph === 'e'));
  for (const event of latencies.sort((one, other) => one.ts - other.ts)) {
    const id = `${event.pid} ${event.id2?.local}`;
    if (event.ph === 'b') begun.set(id, event);
    else {
      const begin = begun.get(id);
      begun.delete(id);
      if (begin?.args.event_latency?.event_type === 'KEY_PRESSED') times.push((event.ts - begin.ts) / 1_000);
    }
  }
  return times;
}
