// What the server does by itself after a change: repairs block ids, keeps annotations on their words, computes the desk's
// figures, takes automatic snapshots. app.ts hands `reactions` and `settled` to the rooms.
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import type { Reaction, Room } from '../sync/types.ts';

export interface ReactionDependencies {
  storage: Storage;
  now(): number;
  /** The desk's figures of an article changed (socket.io `desk.article`); at most once in `summaryDelayMs`. */
  summaryChanged(summary: ArticleSummary): void;
  /** An automatic snapshot was taken. */
  snapshotsChanged(articleId: string): void;
  failed(error: unknown, what: string): void;
  /** 2 s if left out. */
  summaryDelayMs?: number;
  /** Time between automatic snapshots of an article that people work on; 10 min if left out. */
  snapshotEveryMs?: number;
}

export interface Reactions {
  reactions: readonly Reaction[];
  /** For SyncDependencies.settled: the room fell idle or leaves memory. */
  settled(room: Room): Promise<void>;
  /** Ends timers, after the figures that still wait are saved. */
  close(): Promise<void>;
}
