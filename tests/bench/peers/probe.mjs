// Loaded into a measured server before its own code: answers, over the channel to its parent, how much CPU time the process has
// had (all threads, from the operating system) and how much memory lives. It costs nothing while nobody asks.
import { readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { isMainThread } from 'node:worker_threads';

const answers = {
  /** Microseconds, user and system: of the process, and of its first thread alone (Linux; else 0). */
  cpu() {
    const { user, system } = process.cpuUsage();
    return { all: user + system, first: firstThread() };
  },
  /** Bytes, after what is dead has been collected. `external` includes buffers. */
  async memory() {
    for (let times = 0; times < 3; times += 1) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { live: heapUsed + external, rss };
  },
  async startProfile() {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
    return null;
  },
  async stopProfile({ file }) {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
    session.disconnect();
    return null;
  },
};
let session = null;

function firstThread() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    return 0;
  }
}

if (isMainThread && process.send) {
  process.on('message', async ({ id, ask, ...details }) => {
    process.send({ id, value: await answers[ask](details) });
  });
  process.channel.unref();
}
