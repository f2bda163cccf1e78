// A network of its own for one process: a namespace at the other end of a pair of virtual cables. What lies on this side has
// addresses of its own (a database, a Redis, people), so that each way can be cut alone, in either direction or in both. Linux,
// as root; elsewhere the tests are left out, except in CI.
import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { platform, userInfo } from 'node:os';
import { promisify } from 'node:util';
import { describe, inject, it } from 'vitest';

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);

/** What lies on this side. Connections from here come from the address of `people` unless they are bound to another. */
export type Side = 'people' | 'postgres' | 'redis';
const SIDES: readonly Side[] = ['people', 'postgres', 'redis'];

export interface Namespace {
  /** Of the process inside. */
  readonly address: string;
  readonly addressOf: Readonly<Record<Side, string>>;
  /** Runs a command inside. */
  readonly within: readonly string[];
  /** Packets are dropped without a word, until `heal`: those to the process (`in`), those from it (`out`), or both. */
  cut(side: Side, direction?: 'in' | 'out' | 'both'): Promise<void>;
  heal(): Promise<void>;
  /** Removes everything. */
  dispose(): Promise<void>;
}

/** Like `describe`, for what needs namespaces. Says in a line of its own why it is left out. */
export async function describeNamespaces(name: string, define: () => void): Promise<void> {
  const problem = inject('redis') === null ? 'Redis not found' : await namespaceProblem();
  if (problem === null) describe(name, define);
  else if (process.env.CI === 'true') {
    it(`${name}: nothing may be left out here`, () => {
      throw new Error(problem);
    });
  } else {
    console.log(
      `The tests of a divided network are left out: they need Linux, root and \`ip\` of iproute2 (${problem}).`,
    );
    describe.skip(name, define);
  }
}

async function namespaceProblem(): Promise<string | null> {
  if (platform() !== 'linux') return 'this is no Linux';
  if (userInfo().uid !== 0) return 'not root';
  try {
    const namespace = await openNamespace();
    await namespace.dispose();
    return null;
  } catch (error) {
    return String(error).split('\n')[0]!;
  }
}

/** Makes one. The caller disposes of it. */
export async function openNamespace(): Promise<Namespace> {
  const id = randomBytes(4).toString('hex');
  const name = `kopuro-${id}`;
  const [here, there] = [`kp${id}a`, `kp${id}b`];
  const net = `10.${randomInt(64, 250)}.${randomInt(1, 250)}`;
  const address = `${net}.10`;
  const addressOf = { people: `${net}.1`, postgres: `${net}.2`, redis: `${net}.3` };
  const inside = (...args: string[]) => ip('-n', name, ...args);
  const rules: string[][] = [];

  async function heal(): Promise<void> {
    for (let rule = rules.pop(); rule; rule = rules.pop()) await ip('rule', 'del', ...rule);
    await inside('route', 'flush', 'type', 'blackhole');
  }

  async function dispose(): Promise<void> {
    for (let rule = rules.pop(); rule; rule = rules.pop()) await ip('rule', 'del', ...rule);
    await ip('link', 'del', here).catch(() => {}); // it goes with the namespace, if it got so far
    await ip('netns', 'del', name);
  }

  await ip('netns', 'add', name);
  try {
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there);
    await ip('link', 'set', there, 'netns', name);
    for (const side of SIDES) await ip('addr', 'add', `${addressOf[side]}/24`, 'dev', here);
    await ip('link', 'set', here, 'up');
    await inside('addr', 'add', `${address}/24`, 'dev', there);
    await inside('link', 'set', there, 'up');
    await inside('link', 'set', 'lo', 'up');
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    address,
    addressOf,
    within: ['ip', 'netns', 'exec', name],
    async cut(side, direction = 'both') {
      if (direction !== 'out') {
        const rule = ['from', addressOf[side], 'to', address, 'blackhole'];
        await ip('rule', 'add', ...rule);
        rules.push(rule);
      }
      if (direction !== 'in') await inside('route', 'add', 'blackhole', `${addressOf[side]}/32`);
    },
    heal,
    dispose,
  };
}
