// Three groups of tests. `unit`: pure logic and integration over real sockets in this process, many files at a time in shared
// threads (so: no singletons, nothing left behind). `browser`: the server as a process of its own, with real Chromium or
// raw clients in front of it, one file after the other. `waiting`: what takes minutes and costs nothing; tests/run.mjs runs it
// beside the other two.
import { defineConfig } from 'vitest/config';

const REAL_PROCESS = [
  'tests/browser/**/*.test.ts',
  'tests/process/**/*.test.ts',
  'tests/faults/**/*.test.ts',
  'tests/cluster/**/*.test.ts',
];
const WAITING = 'tests/waiting/**/*.test.ts';

export default defineConfig({
  test: {
    allowOnly: false,
    passWithNoTests: false,
    coverage: { provider: 'v8', include: ['server/**', 'shared/**'], reportsDirectory: 'coverage' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: [...REAL_PROCESS, WAITING],
          pool: 'threads',
          isolate: false,
          globalSetup: ['tests/support/services.ts'],
          testTimeout: 15_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'browser',
          include: REAL_PROCESS,
          globalSetup: ['tests/support/services.ts'],
          pool: 'threads',
          isolate: false,
          maxWorkers: 1,
          fileParallelism: false,
          // Everything in there waits for what it expects and goes on at once; a busy machine may take long.
          testTimeout: 300_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'waiting',
          include: [WAITING],
          pool: 'threads',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
