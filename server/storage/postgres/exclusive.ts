// One process at a time for what must see the newest state of an article and then change it: an advisory lock, held by a
// transaction. A process that stops in the middle loses it within seconds (the server ends transactions that sleep), and finds
// that out by asking.
import { crc32 } from 'node:zlib';
import { createTurns } from '../turns.ts';
import type { UpdateLog } from '../types.ts';
import { BEGIN, type Sessions } from './sessions.ts';

/** Our half of the key. Two articles with one checksum wait for each other, nothing worse. */
const LOCK_CLASS = 0x6b6f7078;
/** Longest wait for the other processes. */
const PATIENCE_MS = 10_000;
/** Well below the time after which the server takes a transaction for one that sleeps. */
const STILL_HERE_MS = 1_500;

export function createExclusively(sessions: Sessions): UpdateLog['exclusively'] {
  // Whoever waits for their own process needs no connection for it.
  const turns = createTurns();
  return (articleId, work) =>
    turns(articleId, () =>
      sessions.hold(async (session) => {
        await session.query(BEGIN);
        let lost = false;
        const isHeld = async () => {
          try {
            if (!lost) await session.query('SELECT 1');
          } catch {
            lost = true; // the transaction is gone, and the lock with it
          }
          return !lost;
        };
        let stillHere: NodeJS.Timeout | undefined;
        try {
          await session.query("SELECT set_config('lock_timeout', $1, true)", [String(PATIENCE_MS)]);
          await session.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_CLASS, crc32(articleId) | 0]);
          stillHere = setInterval(() => void isHeld(), STILL_HERE_MS);
          return await work({ isHeld });
        } finally {
          clearInterval(stillHere);
          // If this fails the connection is broken, and its transaction with it.
          await session.query('ROLLBACK').catch(() => {});
        }
      }),
    );
}
