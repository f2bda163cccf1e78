// A PostgreSQL database as a place to move a newsroom from or to.
import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { OpenPlace, Place } from '../moving/place.ts';
import type { Tables } from '../schema.ts';
import { createAlone } from './alone.ts';
import { atomicallyIn, atomicallyOn, sessionDialect } from './dialect.ts';
import { placeOf } from './errors.ts';
import { bringUpToDate, requireNewsroom, tableNames } from './prepare.ts';
import { BEGIN_READING, Sessions } from './sessions.ts';

const CONNECTIONS = 6;
/** Copying a large article is one transaction of large statements. */
const TIMEOUT_MS = 600_000;

/** `read`: of this version and whole; otherwise it may be empty, or hold half of a move. Throws StorageStartError. */
export async function openPostgresPlace(url: string, logger: Logger, { read = false } = {}): Promise<OpenPlace> {
  if (read) await requireNewsroom(url);
  else await bringUpToDate(url, logger, { unfinishedMove: 'goes-on' });
  const sessions = new Sessions({ url, most: CONNECTIONS, timeoutMs: TIMEOUT_MS, logger });
  const quiet = new Sessions({ url, most: 1, timeoutMs: TIMEOUT_MS, logger });
  return {
    name: nameOf(url),
    engine: {
      database: new Kysely<Tables>({ dialect: sessionDialect(sessions) }),
      atomically: atomicallyOn(sessions),
      alone: createAlone(quiet, 'article'),
    },
    tableNames: () => tableNames(sessions),
    async close() {
      await Promise.all([sessions.end(), quiet.end()]);
    },
  };
}

/** The database as it is at this moment, for as long as `work` takes, while others go on writing. */
export function readAsOfNow<T>(sessions: Sessions, url: string, work: (place: Place) => Promise<T>): Promise<T> {
  return sessions.transaction(BEGIN_READING, async (session) => {
    await session.query("SELECT set_config('idle_in_transaction_session_timeout', '0', true)");
    return work({
      name: nameOf(url),
      engine: {
        database: new Kysely<Tables>({ dialect: sessionDialect(session) }),
        atomically: atomicallyIn(session),
        alone: (_articleId, quietWork) => quietWork(),
      },
      tableNames: () => tableNames(session),
    });
  });
}

function nameOf(url: string): string {
  const { host, database } = placeOf(url);
  return `${database} (${host})`;
}
