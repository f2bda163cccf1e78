// Whether somebody is still at the other end, with a clock that jumps and a process that was stopped.
import { expect, it } from 'vitest';
import { Liveness } from '../../server/sync/liveness.ts';

it('SYNC-52 holds nobody for gone who was not asked, however far the clock was set', () => {
  let now = 0;
  const liveness = new Liveness(20_000, () => now);
  now = 3_600_000;
  expect(liveness.look()).toBe('ask');
  expect(liveness.look()).toBe('alive');
  liveness.heard();
  now += 9_000;
  expect(liveness.look()).toBe('alive');
});

it('SYNC-52 reads what came while the process was stopped before it holds anybody for gone', () => {
  let now = 0;
  const liveness = new Liveness(20_000, () => now);
  now = 10_000;
  expect(liveness.look()).toBe('ask');
  now = 60_000;
  expect(liveness.look()).toBe('alive');
  liveness.heard();
  expect(liveness.look()).toBe('alive');
});

it('SYNC-52 is sure of it a moment after nobody answered', () => {
  let now = 0;
  const liveness = new Liveness(20_000, () => now);
  now = 10_000;
  expect(liveness.look()).toBe('ask');
  now = 19_000;
  expect(liveness.look()).toBe('alive');
  now = 20_000;
  expect(liveness.look()).toBe('alive');
  now = 21_000;
  expect(liveness.look()).toBe('gone');
});
