// The bounds and intervals of the sync engine, with their reasons. Tests shorten them; nothing else does.
import type { SyncOptions } from './types.ts';

/** Sixteen times the text of a long book; a paste of a whole article with all its history stays far below. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export const DEFAULT_OPTIONS: SyncOptions = {
  maxFrameBytes: MAX_FRAME_BYTES,
  // What is typed while an article loads. Whoever has more keeps it, comes back, and is asked for it in one message.
  maxQueuedBytes: 1024 * 1024,
  // A fast typist makes 15 updates in a second; a held key 30; a reconnecting client sends its backlog as one.
  updatesPerSecond: 200,
  updateBurst: 2_000,
  // Somebody at work in three tabs; a script with twenty connections gets no more.
  personUpdatesPerSecond: 500,
  personUpdateBurst: 5_000,
  // Thirty windows on three devices, and as many again that have not noticed yet that their connection is gone. A program that
  // follows a newsroom has one in each of its articles. It is the memory of one process that is protected, so several processes
  // do not share it: whose windows all land at one of them would have too few. The newcomer is refused, not the oldest put out:
  // that one may hold words, would come back, and put out the next.
  personConnections: 100,
  articleConnections: 50,
  // All of these come back at once when a server was started again, and once more if that fails.
  personJoinsPerSecond: 10,
  personJoinBurst: 200,
  slowReaderBytes: 1024 * 1024,
  stoppedReaderBytes: 8 * 1024 * 1024,
  stoppedReaderMs: 30_000,
  presenceIntervalMs: 50,
  // News that was lost is there within a second.
  lookMs: 500,
  // By then every process has looked at its logs, found the new server, and stored what that lacks.
  puttingBackMs: 2_000,
  // y-websocket's provider gives a connection up after 30 s of silence.
  keepAliveMs: 15_000,
  // A pulled cable closes nothing. Clients with a presence state say it again every 15 s, others answer a ping.
  silentMs: 20_000,
  idleMs: 60_000,
  settleMs: 30_000,
  compactAfterRows: 500,
  commitAttempts: 5,
  commitRetryMs: 50,
  // Two frames of a screen: nobody sees words of others come later, and where much is typed all that comes within it costs one
  // flush, and one write to each reader.
  commitIntervalMs: 33,
  outageMs: 1_000,
  // A quarter of a gigabyte with what the documents need for it; what a disk takes in a second.
  maxPendingBytes: 64 * 1024 * 1024,
  // Before the process ends by itself (server/cli/serve.ts).
  closeMs: 10_000,
  // Longer than any disk takes that works at all, shorter than people and programs wait for an answer.
  commitPatienceMs: 15_000,
};
