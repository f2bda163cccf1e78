// Ends what has had its time: closes the connections of sessions that expired unused, and lets old sessions, links and
// invitations go from storage. One timer, set for the next session that will end. It knows storage, time, and whom to tell.
import type { PeopleStore } from '../storage/types.ts';

/** Also the longest pause: no session that begins meanwhile can end before it. */
const DAY = 86_400_000;
/** A timer that rings a little early must not keep us busy. */
const SHORTEST_PAUSE = 100;

export interface ExpiryParts {
  people: Pick<PeopleStore, 'purge'>;
  now(): number;
  /** A session of this person is over: its open connections must close now. */
  credentialsEnded(personId: string): Promise<void>;
  failed(error: unknown, what: string): void;
}

export interface Expiry {
  /** Sweeps now, then whenever a session ends, and at least daily. */
  start(): void;
  /** One sweep: whatever has expired by now is gone, and its connections closed, when the promise resolves. */
  sweep(): Promise<void>;
  /** Ends the timer and waits for a sweep that is under way. */
  close(): Promise<void>;
}

export function createExpiry({ people, now, credentialsEnded, failed }: ExpiryParts): Expiry {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let closed = false;

  async function sweep(): Promise<number | null> {
    const { sessionsOf, nextExpiry } = await people.purge(now());
    await Promise.all(sessionsOf.map((personId) => credentialsEnded(personId)));
    return nextExpiry;
  }

  function run(): void {
    underWay = sweep()
      .catch((error: unknown) => {
        failed(error, 'ending what has expired');
        return null; // the next day tries again
      })
      .then((next) => {
        if (closed) return;
        const pause = next === null ? DAY : Math.min(DAY, Math.max(SHORTEST_PAUSE, next - now()));
        timer = setTimeout(run, pause).unref();
      });
  }

  return {
    start: run,
    sweep: async () => void (await sweep()),
    async close() {
      closed = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
