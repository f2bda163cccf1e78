// One process at a time at the quiet side of an article's log: while one merges rows into history, another must not count them.
// An advisory lock, held by a connection; if that breaks the lock is gone, and what goes on without it is stopped by the
// tables' own keys at worst.
import { crc32 } from 'node:zlib';
import type { Engine } from '../schema.ts';
import type { Sessions } from './sessions.ts';

/** Our half of the key. Two articles with one checksum wait for each other, nothing worse. */
const LOCK_CLASS = 0x6b6f7075;
/** Longest wait for the other process. */
const PATIENCE_MS = 60_000;

export function createAlone(sessions: Sessions): Engine['alone'] {
  return (articleId, work) =>
    sessions.hold(async (session) => {
      const key = [LOCK_CLASS, crc32(articleId) | 0];
      await session.query("SELECT set_config('lock_timeout', $1, false)", [String(PATIENCE_MS)]);
      await session.query('SELECT pg_advisory_lock($1, $2)', key);
      try {
        return await work();
      } finally {
        // If this fails the connection is broken, and the lock with it.
        await session.query('SELECT pg_advisory_unlock($1, $2)', key).catch(() => {});
      }
    });
}
