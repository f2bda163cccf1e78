// What measured unit costs give for so many people: processor time, commits and bandwidth of a group of processes on one PostgreSQL
// and one Redis, and into how many such groups a newsroom has to be divided. Pure; `tsx tests/bench/cluster/scaling-table.ts` prints
// the table of docs/scaling.md.

/** µs of processor time of something that is gathered: b of them at once cost `commit + b × row`. */
export interface Gathered {
  commit: number;
  row: number;
}

/** What one thing costs. Processor time in µs. */
export interface UnitCosts {
  /** A key, with its caret and its first reader; as many as come together are one commit. */
  kopuro: Gathered;
  postgres: Gathered;
  redis: Gathered;
  /** A key at another process that has the article. */
  hearing: Gathered;
  /** A further reader of a key; news of the desk at one window is taken to cost the same. */
  delivery: number;
  /** A desk's first page, asked of storage. */
  firstPage: number;
  /** News of an article at a process that did not make them; and their bytes. */
  hearNews: number;
  newsBytes: number;
  /** Over Redis's network, in and out, for a key. */
  redisBytes: number;
  /** A process that nothing happens in, in a second; and what it hears of each other process. */
  atRest: number;
  atRestPerOther: number;
}

/** What people do. */
export interface Habits {
  /** Of all people: who has a window open in the busiest hour. */
  online: number;
  /** Of those: who is typing at one moment; and who looks at the desk. */
  typing: number;
  onDesk: number;
  /** Of somebody who is typing. */
  keysPerSecond: number;
  /** People in one open article, the one who types among them. */
  peoplePerArticle: number;
  /** News of an article that is typed in, to the desks that show it. */
  deskNewsPerSecond: number;
  /** Articles that a desk shows; all of them are typed in, if so many are. */
  shownAtDesk: number;
  /** How often a desk is told that there is something new, and asks for its first page. */
  firstPagesPerSecond: number;
}

/** What one group can bear. */
export interface Limits {
  /** Share of a core that may be used: the rest is for peaks, restarts and one process less. */
  use: number;
  /** ms that a commit takes, so many follow one another in a process; and commits in a second that PostgreSQL's disk takes. */
  commitMs: number;
  commitsPerSecond: number;
  postgresCores: number;
  connections: number;
  connectionsPerProcess: number;
  redisBytesPerSecond: number;
}

export type Limit =
  | 'Köpürö'
  | 'PostgreSQL commits'
  | 'PostgreSQL cores'
  | 'PostgreSQL connections'
  | 'Redis core'
  | 'Redis bandwidth';

export interface Group {
  keysPerSecond: number;
  /** Keys at readers, and news at desks, in a second. */
  deliveriesPerSecond: number;
  deskNewsPerSecond: number;
  processes: number;
  rowsPerCommit: number;
  commitsPerSecond: number;
  /** Cores, used. */
  kopuro: number;
  postgres: number;
  redis: number;
  redisBytesPerSecond: number;
  /** Part of each limit that is used: 1 is all of it. */
  used: Record<Limit, number>;
}

/** From two measurements of one process: rows per commit and what a row cost at them. Neither part is less than nothing. */
export function split(
  few: { rowsPerCommit: number; perRow: number },
  many: { rowsPerCommit: number; perRow: number },
): Gathered {
  const commit = (few.perRow - many.perRow) / (1 / few.rowsPerCommit - 1 / many.rowsPerCommit);
  const row = Math.max(0, many.perRow - commit / many.rowsPerCommit);
  return { commit: Math.max(0, commit), row };
}

/** One group with so many people, and as many processes as they need. */
export function group(people: number, costs: UnitCosts, habits: Habits, limits: Limits): Group {
  // More processes take in more of the work and make a little more of it; the fewest are found by doubling, then halving.
  let high = 1;
  while (!isEnough(high)) {
    if (high >= MOST_PROCESSES) return withProcesses(high, people, costs, habits, limits);
    high *= 2;
  }
  let low = Math.floor(high / 2) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return withProcesses(high, people, costs, habits, limits);

  function isEnough(processes: number): boolean {
    return withProcesses(processes, people, costs, habits, limits).kopuro <= processes * limits.use;
  }
}

/** More than any group can have; so many hear of each other more than they can bear. */
const MOST_PROCESSES = 1 << 14;

function withProcesses(processes: number, people: number, costs: UnitCosts, habits: Habits, limits: Limits): Group {
  const online = people * habits.online;
  const writers = online * habits.typing;
  const keys = writers * habits.keysPerSecond;
  const readers = habits.peoplePerArticle - 1;
  const deliveries = keys * readers;
  // Everybody who types does it in another article: the most news that there can be.
  const desks = online * habits.onDesk;
  const changes = writers * habits.deskNewsPerSecond;
  const deskNews = desks * Math.min(writers, habits.shownAtDesk) * habits.deskNewsPerSecond;
  // People of one article are at processes by chance.
  const others = (processes - 1) * (1 - (1 - 1 / processes) ** readers);
  const rowsPerCommit = Math.max(1, ((keys / processes) * limits.commitMs) / 1000);
  const commits = keys / rowsPerCommit;
  const perKey = ({ commit, row }: Gathered) => commit / rowsPerCommit + row;
  const furtherReaders = Math.max(0, readers - 1);
  const kopuro =
    (keys * (perKey(costs.kopuro) + others * perKey(costs.hearing) + furtherReaders * costs.delivery) +
      deskNews * costs.delivery +
      desks * habits.firstPagesPerSecond * costs.firstPage +
      changes * (processes - 1) * costs.hearNews +
      processes * (costs.atRest + (processes - 1) * costs.atRestPerOther)) /
    1e6;
  const postgres = (keys * perKey(costs.postgres)) / 1e6;
  const redis = (keys * perKey(costs.redis)) / 1e6;
  // What is measured is said once and heard by one: half of it comes in, half of it goes out to each who hears.
  const redisBytesPerSecond =
    (keys * costs.redisBytes * (1 + Math.max(1, others))) / 2 + changes * costs.newsBytes * (1 + processes);
  return {
    keysPerSecond: keys,
    deliveriesPerSecond: deliveries,
    deskNewsPerSecond: deskNews,
    processes,
    rowsPerCommit,
    commitsPerSecond: commits,
    kopuro,
    postgres,
    redis,
    redisBytesPerSecond,
    used: {
      Köpürö: kopuro / (processes * limits.use),
      'PostgreSQL commits': commits / limits.commitsPerSecond,
      'PostgreSQL cores': postgres / (limits.postgresCores * limits.use),
      'PostgreSQL connections': (processes * limits.connectionsPerProcess) / limits.connections,
      'Redis core': redis / limits.use,
      'Redis bandwidth': redisBytesPerSecond / limits.redisBytesPerSecond,
    },
  };
}

/** What of a group is used up first. Köpürö itself is not asked: there are as many processes as it needs. */
export function firstLimit({ used }: Group): { limit: Limit; used: number } {
  const [first] = (Object.entries(used) as [Limit, number][])
    .filter(([limit]) => limit !== 'Köpürö')
    .sort(([, a], [, b]) => b - a);
  return { limit: first![0], used: first![1] };
}

/** The fewest groups of equal size in which nothing is used up. */
export function groupsFor(people: number, costs: UnitCosts, habits: Habits, limits: Limits): number {
  for (let groups = 1; ; groups += 1) {
    if (firstLimit(group(people / groups, costs, habits, limits)).used <= 1) return groups;
    if (groups >= people) throw new Error('one person is too many');
  }
}

/** The most people whom one group bears. */
export function mostPeople(costs: UnitCosts, habits: Habits, limits: Limits): number {
  let [low, high] = [1, 1e9];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (firstLimit(group(middle, costs, habits, limits)).used <= 1) low = middle;
    else high = middle;
  }
  return low;
}
