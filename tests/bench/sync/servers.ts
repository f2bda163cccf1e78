// The measured servers as processes: how each is started on a folder of its own, and what the probe in it answers. One at a time,
// on the first core, if the machine can pin; the load has the second.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, pause } from '../../support/server.ts';
import type { ServerName } from './aims.ts';
import type { Dialect } from './wire.ts';

const PEERS = fileURLToPath(new URL('../peers/', import.meta.url));
const PROBE = new URL('../peers/probe.mjs', import.meta.url).href;
const COMMAND = fileURLToPath(new URL('../../../server/bin/kopuro.mjs', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 30_000;

interface Kind {
  dialect: Dialect;
  script: string;
  /** Environment on a data folder. */
  env(folder: string): Record<string, string>;
  /** Answers when the server is ready. */
  ready: string;
}

const Y_WEBSOCKET = join(PEERS, 'node_modules/@y/websocket-server/src/server.js');

export const KINDS: Record<ServerName, Kind> = {
  kopuro: {
    dialect: 'kopuro',
    script: COMMAND,
    env: (folder) => ({ KOPURO_DATA: folder, KOPURO_BUILD: 'off', KOPURO_LANGUAGE: 'en' }),
    ready: '/readyz',
  },
  hocuspocus: { dialect: 'hocuspocus', script: join(PEERS, 'hocuspocus.mjs'), env: () => ({}), ready: '/' },
  'hocuspocus-sqlite': {
    dialect: 'hocuspocus',
    script: join(PEERS, 'hocuspocus.mjs'),
    env: (folder) => ({ DATABASE: join(folder, 'documents.sqlite') }),
    ready: '/',
  },
  'y-websocket': { dialect: 'yjs', script: Y_WEBSOCKET, env: () => ({}), ready: '/' },
  'y-websocket-leveldb': {
    dialect: 'yjs',
    script: Y_WEBSOCKET,
    env: (folder) => ({ YPERSISTENCE: join(folder, 'leveldb') }),
    ready: '/',
  },
  relay: { dialect: 'relay', script: join(PEERS, 'relay.mjs'), env: () => ({ RELAY: 'once' }), ready: '/' },
  'relay-batching': {
    dialect: 'relay',
    script: join(PEERS, 'relay.mjs'),
    env: () => ({ RELAY: 'batching' }),
    ready: '/',
  },
};

/** Whether processes can be given a core each. */
export const PINNED = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** A Node process on a core of its own, if possible. */
export function spawnOn(core: 0 | 1, args: readonly string[], env: Record<string, string>): ChildProcess {
  const command = PINNED ? ['taskset', '-c', String(core), process.execPath] : [process.execPath];
  const child = spawn(command[0]!, [...command.slice(1), ...args], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.removeListener('exit', killWithUs));
  return child;
}

export interface PeerProcess {
  readonly port: number;
  ask<T>(what: 'cpu' | 'memory' | 'startProfile' | 'stopProfile', details?: Record<string, unknown>): Promise<T>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL for those who do not listen. */
  stop(): Promise<void>;
}

/** Starts a server. Throws with what it printed if it does not come up. */
export async function startPeer(name: ServerName, folder: string): Promise<PeerProcess> {
  const { script, env, ready } = KINDS[name];
  if (!existsSync(script)) throw new Error('not installed: npm ci --prefix tests/bench/peers');
  const port = await freePort();
  const child = spawnOn(0, ['--expose-gc', '--import', PROBE, script, ...(name === 'kopuro' ? ['serve'] : [])], {
    HOST: '127.0.0.1',
    PORT: String(port),
    ...env(folder),
  });
  let printed = '';
  const collect = (chunk: Buffer) => {
    printed = (printed + chunk.toString('utf8')).slice(-2_000);
  };
  child.stdout!.on('data', collect);
  child.stderr!.on('data', collect);
  const gone = once(child, 'exit');
  const answers = new Map<number, (value: unknown) => void>();
  child.on('message', ({ id, value }: { id: number; value: unknown }) => {
    answers.get(id)?.(value);
    answers.delete(id);
  });

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answersAt(`http://127.0.0.1:${port}${ready}`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`did not start: ${printed.trim().split('\n').slice(-5).join(' | ')}`);
    }
    await pause(20);
  }

  let asked = 0;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  };
  return {
    port,
    ask: <T>(what: string, details: Record<string, unknown> = {}) =>
      new Promise<T>((resolve, reject) => {
        asked += 1;
        answers.set(asked, resolve as (value: unknown) => void);
        child.send({ id: asked, ask: what, ...details }, (error) => error && reject(error));
      }),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

function answersAt(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
