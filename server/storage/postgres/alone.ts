// One process at a time at something: at the quiet side of an article's log (while one merges rows into history, another must not
// count them), or at what is done once for all. An advisory lock, held by a connection; if that breaks the lock is gone, and
// what goes on without it is stopped by the tables' own keys at worst.
import { crc32 } from 'node:zlib';
import type { Session, Sessions } from './sessions.ts';

/** Our half of the key. Two names with one checksum wait for each other, nothing worse. */
const LOCK_CLASSES = { article: 0x6b6f7075, whole: 0x6b6f7076 } as const;
/** Longest wait for the other process. */
const PATIENCE_MS = 60_000;

export function createAlone(sessions: Sessions, of: keyof typeof LOCK_CLASSES) {
  return <T>(name: string, work: () => Promise<T>): Promise<T> =>
    sessions.hold(async (session) => {
      const key = [LOCK_CLASSES[of], crc32(name) | 0];
      await lock(session, key);
      try {
        return await work();
      } finally {
        // If this fails the connection is broken, and the lock with it.
        await session.query('SELECT pg_advisory_unlock($1, $2)', key).catch(() => {});
      }
    });
}

/** The lock outlives the transaction in which it is taken; the longer patience does not. */
async function lock(session: Session, key: readonly number[]): Promise<void> {
  await session.query('BEGIN');
  try {
    await session.query("SELECT set_config('lock_timeout', $1, true)", [String(PATIENCE_MS)]);
    await session.query('SELECT pg_advisory_lock($1, $2)', key);
  } finally {
    await session.query('COMMIT').catch(() => {}); // as above
  }
}
