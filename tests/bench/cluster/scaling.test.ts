// The arithmetic of docs/scaling.md, on costs that are easy to reckon with; and that the page's tables are what the measured ones give.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  firstLimit,
  group,
  groupsFor,
  type Habits,
  type Limits,
  mostPeople,
  split,
  type UnitCosts,
} from './scaling.ts';
import { tables } from './scaling-table.ts';

const COSTS: UnitCosts = {
  kopuro: { commit: 1_000, row: 100 },
  postgres: { commit: 500, row: 50 },
  hearing: { commit: 0, row: 0 },
  delivery: 0,
  firstPage: 0,
  hearNews: 0,
  newsBytes: 0,
  redis: { commit: 0, row: 10 },
  redisBytes: 1_000,
  atRest: 0,
  atRestPerOther: 0,
};
const HABITS: Habits = {
  online: 0.1,
  typing: 0.5,
  onDesk: 0,
  keysPerSecond: 2,
  peoplePerArticle: 2,
  deskNewsPerSecond: 0.5,
  shownAtDesk: 50,
  firstPagesPerSecond: 0.2,
};
const LIMITS: Limits = {
  use: 0.5,
  commitMs: 10,
  commitsPerSecond: 1_000,
  postgresCores: 8,
  connections: 300,
  connectionsPerProcess: 15,
  redisBytesPerSecond: 1e8,
};

describe('split', () => {
  it('finds again what a commit and a row cost', () => {
    const perRow = (rowsPerCommit: number) => ({ rowsPerCommit, perRow: 900 / rowsPerCommit + 70 });
    const { commit, row } = split(perRow(1), perRow(20));
    expect(commit).toBeCloseTo(900);
    expect(row).toBeCloseTo(70);
  });
});

describe('group', () => {
  it('reckons keys, commits and cores', () => {
    // 100 online, 50 of them typing: 100 keys a second, one commit each.
    const one = group(1_000, COSTS, HABITS, LIMITS);
    expect(one).toMatchObject({ keysPerSecond: 100, commitsPerSecond: 100, rowsPerCommit: 1, processes: 1 });
    expect(one.kopuro).toBeCloseTo(0.11);
    expect(one.postgres).toBeCloseTo(0.055);
    expect(one.redisBytesPerSecond).toBeCloseTo(100 * 1_000);
    expect(one.used['PostgreSQL connections']).toBeCloseTo(15 / 300);
  });

  it('gathers keys into commits when there are more than a process can commit one by one', () => {
    const one = group(5_000, COSTS, HABITS, LIMITS);
    expect(one.rowsPerCommit).toBeCloseTo(500 / one.processes / 100);
    expect(one.commitsPerSecond).toBeCloseTo(100 * one.processes);
  });

  it('takes the fewest processes that are enough', () => {
    // 30,000 keys a second: 3 cores for rows, and 0.1 for the hundred commits of each process; half of each core may be used.
    const { kopuro, processes } = group(300_000, COSTS, HABITS, LIMITS);
    expect(processes).toBe(8);
    expect(kopuro).toBeCloseTo(3.8);
    expect(group(1_000, COSTS, HABITS, LIMITS).processes).toBe(1);
  });

  it('has the news of the desk grow with the people, once more is typed in than a desk shows', () => {
    const one = (people: number) => group(people, COSTS, { ...HABITS, onDesk: 0.1 }, LIMITS);
    expect(one(20_000).deskNewsPerSecond / one(10_000).deskNewsPerSecond).toBeCloseTo(2);
    // 10 desks of 100 people online, 50 of them typing.
    expect(one(1_000).deskNewsPerSecond).toBeCloseTo(10 * 50 * 0.5);
    expect(one(500).deskNewsPerSecond).toBeCloseTo(5 * 25 * 0.5);
  });

  it('reckons what desks ask, and what processes hear of each other’s articles', () => {
    const asking = group(1_000, { ...COSTS, firstPage: 5_000 }, { ...HABITS, onDesk: 0.1 }, LIMITS);
    expect(asking.kopuro).toBeCloseTo(0.11 + 10 * 0.2 * 0.005);
    // As above, and 7,500 news a second that each process hears but the one that made them.
    const { kopuro, processes } = group(300_000, { ...COSTS, hearNews: 10 }, HABITS, LIMITS);
    expect(kopuro).toBeCloseTo(3 + 0.1 * processes + 7_500 * (processes - 1) * 10e-6);
    const loud = group(1_000, { ...COSTS, newsBytes: 100 }, HABITS, LIMITS);
    expect(loud.redisBytesPerSecond).toBeCloseTo(100 * 1_000 + 25 * 100 * 2);
  });
});

describe('groupsFor', () => {
  it('divides until nothing is used up, and no further', () => {
    const groups = groupsFor(500_000, COSTS, HABITS, LIMITS);
    expect(groups).toBeGreaterThan(1);
    expect(firstLimit(group(500_000 / groups, COSTS, HABITS, LIMITS)).used).toBeLessThanOrEqual(1);
    expect(firstLimit(group(500_000 / (groups - 1), COSTS, HABITS, LIMITS)).used).toBeGreaterThan(1);
    expect(groupsFor(mostPeople(COSTS, HABITS, LIMITS), COSTS, HABITS, LIMITS)).toBe(1);
  });
});

describe('docs/scaling.md', () => {
  it('has the tables that the measured costs give', () => {
    const page = readFileSync(new URL('../../../docs/scaling.md', import.meta.url), 'utf8');
    for (const table of tables()) expect(page).toContain(table);
  });
});
