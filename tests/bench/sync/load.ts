// The load process: gets one task from its parent, runs it against a server that its parent started, answers with the figures
// and ends. It asks its parent for the server's CPU time and memory, and never looks at its own.
import { articles } from './scenarios/articles.ts';
import { coldOpen } from './scenarios/cold-open.ts';
import { fanOut } from './scenarios/fan-out.ts';
import { feed } from './scenarios/feed.ts';
import { idle } from './scenarios/idle.ts';
import { kill } from './scenarios/kill.ts';
import { reconnect } from './scenarios/reconnect.ts';
import { stoppedReader } from './scenarios/stopped-reader.ts';
import type { MeasuredServer, RunScenario, Task } from './task.ts';

const SCENARIOS: Record<Task['scenario'], RunScenario> = {
  'fan-out': fanOut,
  articles,
  idle,
  'cold-open': coldOpen,
  reconnect,
  'stopped-reader': stoppedReader,
  kill,
  feed,
};

/** What goes over the channel. */
export type FromLoad =
  | { kind: 'ask'; id: number; what: string; details: Record<string, unknown> }
  | { kind: 'done'; values: Record<string, number> }
  | { kind: 'void'; why: string };
export type ToLoad = { kind: 'task'; task: Task } | { kind: 'answer'; id: number; value: unknown; error?: string };

const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let asked = 0;

function ask<T>(what: string, details: Record<string, unknown> = {}): Promise<T> {
  asked += 1;
  const id = asked;
  return new Promise<T>((resolve, reject) => {
    waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    send({ kind: 'ask', id, what, details });
  });
}

function send(message: FromLoad, then?: () => void): void {
  process.send!(message, undefined, undefined, then);
}

/** Where the CPU time was spent, beside the figures: percent of the process's time that its first thread had. */
const shares: Record<string, number> = {};

const server: MeasuredServer = {
  async cpuDuring(name, work) {
    await ask('startProfile', { name });
    const before = await ask<{ all: number; first: number }>('cpu');
    await work();
    const after = await ask<{ all: number; first: number }>('cpu');
    await ask('stopProfile', { name });
    const all = after.all - before.all;
    if (after.first > 0) shares[`${name}-first-thread`] = (100 * (after.first - before.first)) / all;
    return all;
  },
  memory: () => ask('memory'),
  kill: () => ask('kill'),
  restart: () => ask('restart'),
};

function end(message: FromLoad): void {
  send(message, () => process.exit(0));
}

process.on('uncaughtException', (error) => end({ kind: 'void', why: error.message }));
process.on('unhandledRejection', (error) => end({ kind: 'void', why: String(error) }));
process.on('message', (message: ToLoad) => {
  if (message.kind === 'task') {
    SCENARIOS[message.task.scenario](message.task, server).then(
      (values) => end({ kind: 'done', values: { ...values, ...shares } }),
      (error: Error) => end({ kind: 'void', why: error.message }),
    );
    return;
  }
  const { resolve, reject } = waiting.get(message.id)!;
  waiting.delete(message.id);
  if (message.error === undefined) resolve(message.value);
  else reject(new Error(message.error));
});
