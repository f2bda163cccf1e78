// The built product as people run it: `kopuro serve` in a process of its own, on a free port, with a data folder that is thrown
// away. Tests kill it, stop it and start it again on the same port and folder. It knows the contracts of the command
// (environment, banner, health) and nothing of the code behind them.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endsWithUs } from './children.ts';

const COMMAND = fileURLToPath(new URL('../../server/bin/kopuro.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIMEOUT_MS = 110_000;
const STOP_TIMEOUT_MS = 20_000;

/** A one-time sign-in link with the line of the banner that it stood in or under. */
export interface SignInLink {
  line: string;
  url: string;
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT`, no slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  /** Everything printed by all starts so far. */
  output(): string;
  /** The sign-in links of the first start's banner, in order. */
  readonly links: readonly SignInLink[];
  /** Asks the script (see ServerOptions) something over its channel. Rejects with what it threw. */
  ask<T>(question: unknown): Promise<T>;
  /** Sends it a signal and waits for nothing. */
  signal(name: NodeJS.Signals): void;
  /** kill -9, then waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Starts it again, on the same port and folder. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

export interface ServerOptions {
  env?: Record<string, string>;
  /** Use this folder and leave it there at the end. */
  dataFolder?: string;
  /** A script of the tests that starts the server from its sources instead of the built command, and answers questions. */
  script?: string;
  /** Arguments for Node. */
  nodeArgs?: string[];
  /** A command and its arguments that runs Node, as `ip netns exec NAME` does. */
  within?: readonly string[];
  /** The address that it listens on; 127.0.0.1 if left out. */
  host?: string;
}

/** What a script answers over its channel. */
interface Answer {
  number: number;
  value?: unknown;
  error?: string;
}

interface Question {
  of: ChildProcess;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts the built server. The caller disposes of it. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'kopuro-test-')));
  const port = await freePort();
  const host = options.host ?? '127.0.0.1';
  const url = `http://${host}:${port}`;
  let output = '';
  let child: ChildProcess | null = null;
  let asked = 0;
  const questions = new Map<number, Question>();

  async function start(): Promise<void> {
    const run = options.script === undefined ? [COMMAND, 'serve'] : ['--import', 'tsx', options.script];
    const [program, ...args] = [...(options.within ?? []), process.execPath, ...(options.nodeArgs ?? []), ...run];
    const started = spawn(program!, args, {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'development',
        KOPURO_BUILD: 'off',
        KOPURO_LANGUAGE: 'en',
        KOPURO_DATA: dataFolder,
        HOST: host,
        PORT: String(port),
        ...options.env,
      },
      stdio: options.script === undefined ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = started;
    endsWithUs(started);
    started.once('exit', () => settleAll(started));
    started.on('message', (answer: Answer) => settle(answer));
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    started.stdout?.on('data', collect);
    started.stderr?.on('data', collect);
    await ready(started);
  }

  async function ready(started: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (started.exitCode !== null || started.signalCode !== null) {
        throw new Error(`the server ended while starting:\n${output}`);
      }
      if (await answers(`${url}/readyz`)) return;
      await pause(50);
    }
    started.kill('SIGKILL');
    throw new Error(`the server was not ready after ${START_TIMEOUT_MS} ms:\n${output}`);
  }

  function ask<T>(question: unknown): Promise<T> {
    const asking = child;
    if (!asking?.connected) return Promise.reject(new Error('there is no server to ask'));
    asked += 1;
    const number = asked;
    return new Promise((resolve, reject) => {
      questions.set(number, { of: asking, resolve: resolve as (value: unknown) => void, reject });
      asking.send({ number, question });
    });
  }

  function settle({ number, value, error }: Answer): void {
    const question = questions.get(number);
    questions.delete(number);
    if (error === undefined) question?.resolve(value);
    else question?.reject(new Error(error));
  }

  /** Whoever still waits for an answer of a server that has ended. */
  function settleAll(ended: ChildProcess): void {
    for (const [number, { of }] of questions) {
      if (of === ended) settle({ number, error: 'the server ended before it answered' });
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    const timer = setTimeout(() => ending.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await gone;
    clearTimeout(timer);
    return code;
  }

  async function removeData(): Promise<void> {
    if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    await removeData();
    throw error;
  }
  return {
    url,
    port,
    dataFolder,
    output: () => output,
    links: readLinks(output).map((link) => ({ ...link, url: url + new URL(link.url).pathname })),
    ask,
    signal: (name) => void child?.kill(name),
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    start,
    dispose: async () => {
      await end('SIGKILL');
      await removeData();
    },
  };
}

/** Runs a command of the built product on a data folder; answers with what it printed, throws if it failed. */
export async function runCommand(dataFolder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, KOPURO_BUILD: 'off', KOPURO_LANGUAGE: 'en', KOPURO_DATA: dataFolder },
  });
  return stdout;
}

/** The sign-in links of a banner. A link's line may hold the name too, or the name may stand in the line above. */
export function readLinks(output: string): SignInLink[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are to be left out
  const lines = output.replace(/\u001b\[[0-9;]*m/g, '').split('\n');
  const links: SignInLink[] = [];
  for (const [index, text] of lines.entries()) {
    const url = /https?:\/\/\S+\/sign-in\/[\w-]+/.exec(text)?.[0];
    if (url === undefined) continue;
    const alone = text.replace(url, '').trim() === '';
    links.push({ line: alone ? (lines[index - 1] ?? '') : text, url });
  }
  return links;
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
