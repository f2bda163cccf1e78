// Connections to PostgreSQL: a bounded number of them, each prepared in the same way, and transactions upon them. Whatever goes
// wrong comes out as StorageError. It knows no tables.
import pg from 'pg';
import type { Logger } from 'pino';
import { StorageError } from '../errors.ts';
import { isBroken, storageError } from './errors.ts';
import { type ServerIdentity, ServerLineage, WHO_ARE_YOU } from './lineage.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a transaction whose process sleeps: its locks must not hold up the others. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** Longest wait for any lock that is not said to be shorter. */
const LOCK_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** What our connections say who they are. */
export const APPLICATION_NAME = 'kopuro';

export interface Session {
  /** One statement; answers with its rows. Throws StorageError. */
  query<Row extends object = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export const BEGIN = 'BEGIN';
/** Everything that it reads is as of one moment. */
export const BEGIN_READING = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

export interface SessionsOptions {
  url: string;
  most: number;
  /** A statement that is not answered after this long is given up, and its connection with it. */
  timeoutMs: number;
  logger: Logger;
  /** Shared by all connections of one storage. */
  lineage?: ServerLineage;
}

const OID = { int8: 20, bytea: 17 } as const;

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    // Epoch ms, client ids, counters: none comes near 2^53.
    if (oid === OID.int8) return Number;
    if (oid === OID.bytea) return readBytes;
    return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
  },
};

/** `\x` and hexadecimal digits. Into memory of its own, so that it can change hands between threads. */
function readBytes(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2);
  Buffer.from(bytes.buffer).write(text.slice(2), 'hex');
  return bytes;
}

/** For a connection or a pool. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    application_name: APPLICATION_NAME,
    types,
  };
}

/** What is seen is saved, whatever the server's own settings are: a commit that is not flushed is none. */
const PREPARE = `SELECT
  set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', false),
  set_config('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_MS}', false),
  set_config('synchronous_commit',
    CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
  ${WHO_ARE_YOU}`;

export class Sessions implements Session {
  readonly #pool: pg.Pool;
  readonly #lineage: ServerLineage;
  /** The server that each connection leads to. */
  readonly #serverOf = new WeakMap<object, string>();
  #ended: Promise<void> | null = null;

  constructor({ url, most, timeoutMs, logger, lineage = new ServerLineage() }: SessionsOptions) {
    this.#lineage = lineage;
    this.#pool = new pg.Pool({
      ...connectionOptions(url),
      max: most,
      min: 1, // so that others see that somebody works on this database
      query_timeout: timeoutMs,
      onConnect: async (client) => {
        // A connection that breaks between two statements says so here; the next statement on it fails.
        client.on('error', ({ message }) => logger.debug({ reason: message }, 'a connection to the database broke'));
        const { rows } = await client.query<ServerIdentity>(PREPARE);
        this.#serverOf.set(client, lineage.meet(rows[0]!));
      },
    });
    // Its message only: the error carries the whole client, address and all.
    this.#pool.on('error', ({ message }) =>
      logger.warn({ reason: message }, 'an idle connection to the database broke'),
    );
  }

  /** Name of the server that is asked now; empty before the first connection. */
  get server(): string {
    return this.#lineage.name;
  }

  query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.hold((session) => session.query<Row>(sql, parameters));
  }

  /**
   * One connection for as long as `work` runs. `asked`: the server that it was meant for (see `server`); no other one does it.
   */
  async hold<T>(work: (session: Session) => Promise<T>, asked = ''): Promise<T> {
    const client = await this.#connect();
    const server = this.#serverOf.get(client);
    let broken = false;
    try {
      if (asked !== '' && server !== asked) throw anotherServer();
      return await work({
        query: async (sql, parameters = []) => {
          if (server !== this.#lineage.name) {
            broken = true;
            throw anotherServer();
          }
          try {
            return (await client.query(sql, [...parameters])).rows;
          } catch (error) {
            broken ||= isBroken(error);
            throw storageError(error);
          }
        },
      });
    } finally {
      client.release(broken);
    }
  }

  /** All of `work` or nothing. If the commit itself is what fails, which of the two is not known. */
  transaction<T>(
    begin: typeof BEGIN | typeof BEGIN_READING,
    work: (session: Session) => Promise<T>,
    asked = '',
  ): Promise<T> {
    return this.hold(async (session) => {
      await session.query(begin);
      let value: T;
      try {
        value = await work(session);
      } catch (error) {
        // If this fails the connection is broken, and its transaction with it.
        await session.query('ROLLBACK').catch(() => {});
        throw error;
      }
      await session.query('COMMIT');
      return value;
    }, asked);
  }

  /** Waits for what was asked before. */
  end(): Promise<void> {
    this.#ended ??= this.#pool.end();
    return this.#ended;
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#ended) throw new StorageError('closed', 'storage was closed');
    for (;;) {
      let client: pg.PoolClient;
      try {
        client = await this.#pool.connect();
      } catch (error) {
        throw storageError(error);
      }
      // One that is left over from a server that is no longer ours leads nowhere good.
      if (this.#serverOf.get(client) === this.#lineage.name) return client;
      client.release(true);
    }
  }
}

function anotherServer(): StorageError {
  return new StorageError('unavailable', 'another server has taken over');
}
