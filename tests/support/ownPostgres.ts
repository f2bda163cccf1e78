// PostgreSQL servers of a test's own, for what must not be done to one that others use: killed, started anew, followed by a
// standby that takes over. Each has a folder that is thrown away. It knows PostgreSQL's own tools, and nothing of ours.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, inject, it } from 'vitest';
import { ask, type TestDatabase } from './postgres.ts';
import { freePort, pause } from './server.ts';

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;
const DATABASE = 'kopuro';

export interface OwnPostgres {
  readonly port: number;
  /** The database that the test uses; dropped with the whole server. */
  readonly database: TestDatabase;
  /** Starts it, at first or anew. */
  start(): Promise<void>;
  /** kill -9 of the postmaster; the others notice. */
  kill(): Promise<void>;
  /** `pg_ctl stop`. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** A server of its own that follows this one, started. `port`: where it reaches this one, if not straight. */
  standby(options?: { port?: number }): Promise<OwnPostgres>;
  /** The standby takes over; resolves when it takes writes. */
  promote(): Promise<void>;
  /** Lines for its configuration; they count from its next start, or after `reload`. */
  configure(...lines: string[]): Promise<void>;
  reload(): Promise<void>;
  /** Everything that it has said. */
  log(): Promise<string>;
  /** Ends it and removes its folder. */
  dispose(): Promise<void>;
}

/** Like `describe`, for what needs PostgreSQL, Redis, and PostgreSQL's server programs. */
export function describeOwnPostgres(name: string, define: () => void): void {
  const missing = inject('redis') === null ? 'Redis' : programs() === null ? 'PostgreSQL’s server programs' : null;
  if (missing === null) describe(name, define);
  else if (process.env.CI === 'true') {
    it(`${name}: nothing may be left out here`, () => {
      throw new Error(`${missing} not found`);
    });
  } else describe.skip(`${name} (left out: ${missing} not found)`, define);
}

/** The folder of `initdb` and `postgres`, newest version first; null if there is none. */
function programs(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => `${debian}/${version}/bin`), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(`${folder}/initdb`) && existsSync(`${folder}/postgres`)) ?? null;
}

/** PostgreSQL refuses to run as root. */
async function servant(): Promise<{ uid?: number; gid?: number }> {
  if (userInfo().uid !== 0) return {};
  const idOf = async (option: string) => Number((await run('id', [option, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/** Makes and starts one. The caller disposes of it. `addresses`: it listens there as well as on 127.0.0.1. */
export async function startPostgres(options: { addresses?: readonly string[] } = {}): Promise<OwnPostgres> {
  const server = await make(options.addresses ?? [], async (folder, as) => {
    const settings = ['--auth=trust', '--username=kopuro', '--encoding=UTF8', '--no-locale', '--no-sync'];
    await run(`${programs()}/initdb`, [...settings, `--pgdata=${folder}`], as);
  });
  try {
    await server.start();
    await ask(server.database.url.replace(/\w+$/, 'postgres'), `CREATE DATABASE ${DATABASE}`);
    return server;
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

async function make(
  addresses: readonly string[],
  fill: (folder: string, as: { uid?: number; gid?: number; cwd: string }) => Promise<void>,
): Promise<OwnPostgres> {
  const bin = programs();
  const parent = await mkdtemp(path.join(tmpdir(), 'kopuro-own-postgres-'));
  const as = { ...(await servant()), cwd: parent };
  if (as.uid !== undefined && as.gid !== undefined) await chown(parent, as.uid, as.gid);
  const folder = path.join(parent, 'data');
  const logFile = path.join(parent, 'log');
  const port = await freePort();
  let child: ChildProcess | null = null;
  const url = `postgres://kopuro@127.0.0.1:${port}/${DATABASE}`;
  const configure = (...lines: string[]) => appendFile(path.join(folder, 'postgresql.conf'), `\n${lines.join('\n')}\n`);
  const ended = (one: ChildProcess | null) => one === null || one.exitCode !== null || one.signalCode !== null;

  async function answers(sql: string): Promise<boolean> {
    try {
      const [row] = await ask<{ is: boolean }>(url.replace(/\w+$/, 'postgres'), sql);
      return row?.is === true;
    } catch {
      return false; // not yet
    }
  }

  async function until(sql: string, what: string): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(sql))) {
      if (ended(child) || Date.now() > deadline) throw new Error(`PostgreSQL ${what}:\n${await own.log()}`);
      await pause(20);
    }
  }

  async function followed(): Promise<void> {
    const sql = "SELECT count(*) > 0 AS is FROM pg_stat_replication WHERE state = 'streaming'";
    await until(sql, 'is not followed');
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ended(ending)) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  }

  const own: OwnPostgres = {
    port,
    database: { name: DATABASE, url, query: (sql, parameters) => ask(url, sql, parameters), drop: async () => {} },
    async start() {
      const deadline = Date.now() + START_TIMEOUT_MS;
      for (;;) {
        // Its parent writes what it says: a log collector would outlive a kill.
        const started = spawn('sh', ['-c', 'exec "$0" -D "$1" >>"$2" 2>&1', `${bin}/postgres`, folder, logFile], {
          ...as,
          stdio: 'ignore',
        });
        child = started;
        const killWithUs = () => started.kill('SIGQUIT');
        process.once('exit', killWithUs);
        started.once('exit', () => process.removeListener('exit', killWithUs));
        try {
          await until('SELECT true AS is', 'did not start');
          return;
        } catch (error) {
          // After kill -9 the backends of the former one hold its shared memory until they have noticed.
          if (!ended(started) || Date.now() > deadline) throw error;
          await pause(100);
        }
      }
    },
    kill: () => end('SIGKILL'),
    stop: (mode) => end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    configure,
    async reload() {
      child?.kill('SIGHUP');
      await pause(50);
    },
    async standby({ port: way = port } = {}) {
      const standby = await make(addresses, async (target, asThem) => {
        const from = ['--host=127.0.0.1', `--port=${port}`, '--username=kopuro'];
        await run(`${bin}/pg_basebackup`, [...from, `--pgdata=${target}`, '--checkpoint=fast', '--no-sync'], asThem);
        await writeFile(path.join(target, 'standby.signal'), '');
      });
      try {
        await standby.configure(`primary_conninfo = 'host=127.0.0.1 port=${way} user=kopuro application_name=standby'`);
        await standby.start();
        await followed();
        return standby;
      } catch (error) {
        await standby.dispose();
        throw error;
      }
    },
    async promote() {
      await ask(url.replace(/\w+$/, 'postgres'), 'SELECT pg_promote(true, 30)');
      await until('SELECT NOT pg_is_in_recovery() AS is', 'did not take over');
    },
    log: () => readFile(logFile, 'utf8').catch(() => ''),
    async dispose() {
      await end('SIGQUIT');
      await rm(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };

  try {
    await fill(folder, as);
    await configure(
      `port = ${port}`,
      `listen_addresses = '${['127.0.0.1', ...addresses].join(',')}'`,
      "unix_socket_directories = ''",
      'max_connections = 80',
      'shared_buffers = 16MB',
      'wal_receiver_status_interval = 1s',
    );
    if (addresses.length > 0) await appendFile(path.join(folder, 'pg_hba.conf'), '\nhost all all all trust\n');
    return own;
  } catch (error) {
    await own.dispose();
    throw error;
  }
}
