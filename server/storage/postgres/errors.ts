// What PostgreSQL and the way to it say when something goes wrong, in the words that every engine shares.
import pg from 'pg';
import { StorageError, type StorageErrorCode } from '../errors.ts';
import { StorageStartError } from '../types.ts';

/** SQLSTATEs, https://www.postgresql.org/docs/15/errcodes-appendix.html */
const STATE = {
  invalidLogin: '28000',
  wrongPassword: '28P01',
  noDatabase: '3D000',
  noSchema: '3F000',
  noRights: '42501',
  readOnly: '25006',
  exists: '23505',
  reference: '23503',
  lockTimeout: '55P03',
} as const;

/** Connections, resources, the operator, the system: all of storage is in trouble, and it may pass. */
const PASSING_CLASSES = ['08', '53', '57', '58'];
/** A statement that took too long, or was cancelled by somebody: no outage. */
const CANCELLED = '57014';

/** As StorageError; what is one already stays as it is. */
export function storageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(classify(error), error instanceof Error ? error.message : String(error));
}

function classify(error: unknown): StorageErrorCode {
  const state = sqlState(error);
  if (state === null) return 'unavailable';
  if (state === STATE.exists) return 'exists';
  if (state === STATE.reference) return 'reference';
  if (state === STATE.lockTimeout) return 'busy';
  if (state === STATE.readOnly) return 'unavailable'; // a standby: the other one is about to take over
  return state !== CANCELLED && PASSING_CLASSES.includes(state.slice(0, 2)) ? 'unavailable' : 'failed';
}

/** Whether the connection can no longer be used: it broke, the server ended it, or what it would answer next is unknown. */
export function isBroken(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** Null if it did not come from the server. */
function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Why storage could not start, for the person who can mend it; anything else is handed back as it is. */
export function startError(error: unknown, url: string): unknown {
  if (error instanceof StorageStartError) return error;
  const place = placeOf(url);
  const reason = reasonOf(error);
  const problem = (code: StorageStartError['code']) => new StorageStartError(code, reason, { ...place, reason });
  switch (sqlState(error)) {
    case STATE.invalidLogin:
    case STATE.wrongPassword:
      return problem('database-login');
    case STATE.noDatabase:
      return problem('database-missing');
    case STATE.noRights:
    case STATE.noSchema:
    case STATE.readOnly:
      return problem('database-rights');
    default:
      // A password that the server wants and that is not given fails on our side, without a state.
      if (/\bpassword must be a string|no password\b/i.test(reason)) return problem('database-login');
      return storageError(error).code === 'unavailable' ? problem('database-unreachable') : error;
  }
}

function reasonOf(error: unknown): string {
  // Both addresses of `localhost` refused: Node says so in an AggregateError without a message.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}

/** What may be said of a database's address: not its password. */
export function placeOf(url: string): { host: string; database: string; user: string } {
  const { host, port, database, user } = new pg.Client({ connectionString: url });
  return { host: `${host}:${port}`, database: database ?? '', user: user ?? '' };
}
