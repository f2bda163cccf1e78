// What of an open article is saved, from the keystroke to the server's word, and what the indicator says of it. It counts and
// watches time, keeps the count for the next visit, and warns whoever leaves too early. It knows neither sockets nor Yjs.
import type { ArticleMemory } from './memory.ts';
import { createValue } from './observable.ts';
import { SaveCounter } from './save-counter.ts';
import type { Observable, SaveStatus } from './types.ts';

/** How long a first connection may take before the indicator says "Offline". */
const CONNECTING_MS = 4_000;
/** When the server has not answered for so long, the connection is as good as none, whatever the socket says. */
const SILENCE_MS = 6_000;
/** The count of waiting changes is written this often at most. */
const REMEMBER_MS = 300;

export interface SavingParts {
  memory: ArticleMemory;
  /** Names this tab among those of the same person and article. */
  tab: string;
  /** Commands that wait for the server. */
  pending: Observable<readonly unknown[]>;
  /** Whether the document is here, and nothing has to be put back into it. */
  isReady(): boolean;
}

export interface Saving {
  readonly status: Observable<SaveStatus>;
  /** True from the server's word that it cannot store anything until everything is saved. */
  readonly outage: Observable<boolean>;
  /** Something changed here. Called before the message that carries it is sent. */
  changed(): void;
  sent(kind: 'difference' | 'update'): void;
  /** The server's word: the first `count` messages of this connection are committed and flushed. */
  acknowledged(count: number): void;
  /** A connection stands; the server has said nothing yet. */
  opened(): void;
  lost(): void;
  /** Whether the server can store changes now. */
  stores(storing: boolean): void;
  /** A try to connect has ended. */
  tried(): void;
  /** The server has given what it has, or has closed for good. */
  settled(): void;
  progress(share: number | null): void;
  /** Changes that visits, by tab, left unsaved are in the document. */
  restored(waiting: Readonly<Record<string, number>>): void;
  /** Looks anew at everything that it was told. */
  show(): void;
  /** Writes the count of waiting changes down at once. */
  remember(): void;
  destroy(): void;
}

export function followSaving({ memory, tab, pending, isReady }: SavingParts): Saving {
  const status = createValue<SaveStatus>({ state: 'loading', progress: null });
  const outage = createValue(false);
  const counter = new SaveCounter();
  let loaded: number | null = null;
  let connecting = true;
  let online = false;
  /** What the server last said of it. It may be wrong: only when it has stored something is it certain. */
  let storing = true;
  let othersWaiting: string[] = [];
  let rememberTimer: ReturnType<typeof setTimeout> | null = null;
  /** Since when the server owes a word for something that was sent, and the timer that looks at it again. */
  let waitingSince: number | null = null;
  let silenceTimer: ReturnType<typeof setTimeout> | null = null;

  const waiting = () => counter.changes + pending.get().length;

  function show(): void {
    rememberTimer ??= setTimeout(remember, REMEMBER_MS);
    watchSilence();
    watchOutage();
    status.set(currentStatus(status.get()));
  }

  function watchSilence(): void {
    if (counter.changes === 0 || !online) waitingSince = null;
    else waitingSince ??= Date.now();
    if (waitingSince !== null) silenceTimer ??= setTimeout(lookAgain, SILENCE_MS);
  }

  function lookAgain(): void {
    silenceTimer = null;
    show();
  }

  /** It lasts over the reconnections that each vain try of the server brings about. */
  function watchOutage(): void {
    if (online && !storing) outage.set(true);
    else if (cutOff() || (storing && counter.saved && waiting() === 0)) outage.set(false);
  }

  function cutOff(): boolean {
    return !online && !connecting;
  }

  function isSilent(): boolean {
    return waitingSince !== null && Date.now() - waitingSince >= SILENCE_MS;
  }

  function currentStatus(before: SaveStatus): SaveStatus {
    const kept = memory.kept;
    if (kept) {
      return before.state === 'refused' && before.reason === kept.reason && before.kept.length === kept.kept.length
        ? before
        : { state: 'refused', ...kept };
    }
    const changes = waiting();
    if (!isReady() || (connecting && changes === 0 && !outage.get())) return { state: 'loading', progress: loaded };
    const state = stateOf(changes);
    if (state === before.state && (state === 'saved' || ('changes' in before && before.changes === changes)))
      return before;
    return state === 'saved' ? { state } : { state, changes };
  }

  function stateOf(changes: number): 'unstored' | 'offline' | 'saved' | 'saving' {
    if (outage.get()) return 'unstored'; // the server's silence has a reason
    if (cutOff() || isSilent()) return 'offline';
    return changes === 0 && counter.saved ? 'saved' : 'saving';
  }

  function remember(): void {
    if (rememberTimer !== null) clearTimeout(rememberTimer);
    rememberTimer = null;
    memory.setWaiting(tab, counter.changes);
    if (!counter.saved) return;
    // What other visits left was in the document that is saved now.
    for (const other of othersWaiting) memory.setWaiting(other, 0);
    othersWaiting = [];
  }

  function warnBeforeLeaving(event: BeforeUnloadEvent): void {
    remember();
    const { state } = status.get();
    if (state !== 'saved' && state !== 'loading' && state !== 'refused' && waiting() > 0) event.preventDefault();
  }

  const connectingTimer = setTimeout(() => {
    if (!online) connecting = false;
    show();
  }, CONNECTING_MS);
  const stopPending = pending.subscribe(show);
  window.addEventListener('beforeunload', warnBeforeLeaving);
  window.addEventListener('pagehide', remember);

  return {
    status,
    outage,
    changed() {
      counter.changed();
      show();
    },
    sent: (kind) => counter.sent(kind),
    acknowledged(count) {
      counter.acknowledged(count);
      waitingSince = null;
      show();
    },
    opened() {
      online = true;
      connecting = true; // until the first word of the server
      counter.opened();
      show();
    },
    lost() {
      online = false;
      connecting = outage.get(); // it comes back at once, or the next try tells
      counter.closed();
      show();
    },
    stores(now) {
      storing = now;
      show();
    },
    tried() {
      if (!online) connecting = false;
      show();
    },
    settled() {
      connecting = false;
      show();
    },
    progress(share) {
      loaded = share;
      show();
    },
    restored(earlier) {
      othersWaiting = Object.keys(earlier).filter((other) => other !== tab);
      counter.restored(Object.values(earlier).reduce((sum, changes) => sum + changes, 0));
    },
    show,
    remember,
    destroy() {
      clearTimeout(connectingTimer);
      if (silenceTimer !== null) clearTimeout(silenceTimer);
      if (rememberTimer !== null) clearTimeout(rememberTimer);
      stopPending();
      window.removeEventListener('beforeunload', warnBeforeLeaving);
      window.removeEventListener('pagehide', remember);
    },
  };
}
