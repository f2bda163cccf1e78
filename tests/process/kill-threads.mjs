// Kills threads of the built server from within, for tests: preloaded by NODE_OPTIONS into the process and into each of its
// threads, it obeys files that a test puts into the folder KOPURO_TEST_ORDERS. `storage.throw` is an order for the storage
// thread: it is carried out once, and the file is gone then. `storage.never` stays, and lets no such thread start. Only the
// document thread is terminated from without: where JavaScript is cut off within a call of SQLite, its package aborts the process.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import workers, { isMainThread, workerData } from 'node:worker_threads';
import zlib from 'node:zlib';

const folder = process.env.KOPURO_TEST_ORDERS;
/** What a thread may allocate: it dies of `memory` in a moment. */
const resourceLimits = { maxOldGenerationSizeMb: 96 };

/** Deaths that a thread dies by itself. */
const deaths = {
  throw: () => {
    throw new Error('told to throw');
  },
  exit: () => process.exit(3),
  memory: () => {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, Math.random));
  },
};

function obey(thread, orders) {
  for (const [name, carryOut] of Object.entries(orders)) {
    const order = path.join(folder, `${thread}.${name}`);
    if (!existsSync(order)) continue;
    rmSync(order);
    carryOut();
  }
}

if (isMainThread) {
  const started = new Map();
  workers.Worker = class extends workers.Worker {
    constructor(url, options) {
      super(url, { ...options, resourceLimits });
      const name = path.basename(String(url)).split('-')[0];
      started.set(name, this);
    }
  };
  syncBuiltinESMExports();
  setInterval(() => {
    for (const [name, worker] of started) obey(name, { terminate: () => worker.terminate() });
  }, 5).unref();
} else {
  const name = workerData?.file === undefined ? 'document' : 'storage';
  if (readdirSync(folder).includes(`${name}.never`)) process.exit(4);
  if (name === 'storage') dieInTransactions();
  setInterval(() => obey(name, deaths), 5).unref();
}

/** Puts a death between two statements of a commit: there the checksum of a row is reckoned. */
function dieInTransactions() {
  const { crc32 } = zlib;
  zlib.crc32 = (data, value) => {
    if (typeof data === 'string' && data.startsWith('row ')) obey('storage', { transaction: deaths.exit });
    return crc32(data, value);
  };
  syncBuiltinESMExports();
}
