// When a thread that died is started again, with time as an argument.
import { expect, it } from 'vitest';
import { Revival } from '../../server/storage/revival.ts';

it('FAULT-21 waits not at all the first time, then longer and longer, but never longer than ten seconds', () => {
  const revival = new Revival();
  revival.started(0);
  const pauses = Array.from({ length: 12 }, () => {
    const pause = revival.died(1);
    revival.started(2);
    return pause;
  });
  expect(pauses.slice(0, 4)).toEqual([0, 100, 200, 400]);
  expect(pauses.slice(-2)).toEqual([10_000, 10_000]);
  expect(revival.died(60_002)).toBe(0); // it had worked for a minute
});

it('FAULT-21 gives up hope after some starts in a row that came to nothing, and has it again after one that works', () => {
  const revival = new Revival();
  const hopes = Array.from({ length: 7 }, () => {
    revival.died(0);
    return revival.isHopeless;
  });
  expect(hopes).toEqual([false, false, false, false, false, true, true]);
  revival.started(0);
  expect(revival.isHopeless).toBe(false);
  for (let deaths = 0; deaths < 20; deaths += 1) {
    revival.died(0);
    revival.started(0);
  }
  expect(revival.isHopeless).toBe(false);
});
