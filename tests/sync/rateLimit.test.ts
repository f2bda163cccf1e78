// Budgets, with time as an argument.
import { describe, expect, it } from 'vitest';
import { type Budget, PersonBudgets, RateLimit } from '../../server/sync/rateLimit.ts';

describe('a rate limit', () => {
  it('gives so many at once and so many a second, and never more than it holds', () => {
    let now = 0;
    const limit = new RateLimit({ perSecond: 10, burst: 5 }, () => now);
    expect([limit.take(3), limit.take(3), limit.take(2), limit.take(1)]).toEqual([true, false, true, false]);
    now = 100;
    expect([limit.take(1), limit.take(1)]).toEqual([true, false]);
    now = 60_000;
    expect([limit.take(6), limit.take(5), limit.take(1)]).toEqual([false, true, false]);
  });
});

describe('the budgets of people', () => {
  it('are shared by all connections of one person, and outlive them', () => {
    let now = 0;
    const budgets = new PersonBudgets({ perSecond: 1, burst: 10 }, () => now);
    const own = { perSecond: 100, burst: 8 };
    const [first, second, others] = ['a', 'a', 'b'].map((person) => budgets.forConnection(person, own)) as [
      Budget,
      Budget,
      Budget,
    ];
    expect([first.take(8), second.take(3), second.take(2), others.take(8)]).toEqual([true, false, true, true]);
    budgets.sweep();
    expect(budgets.forConnection('a', own).take(1)).toBe(false);
    now = 60_000;
    budgets.sweep();
    expect(budgets.size).toBe(0);
    expect(budgets.forConnection('a', own).take(8)).toBe(true);
  });
});
