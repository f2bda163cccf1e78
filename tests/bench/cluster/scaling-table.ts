// The tables of docs/scaling.md: what `npm run bench:cluster` measured, what is assumed, and what both give. Run it to print them;
// a test compares them with the page.
import { fileURLToPath } from 'node:url';
import {
  firstLimit,
  type Gathered,
  group,
  groupsFor,
  type Habits,
  type Limits,
  mostPeople,
  split,
  type UnitCosts,
} from './scaling.ts';

/**
 * What `npm run bench:cluster` measured: 24 November 2026, 2 cores (AMD EPYC) shared with others, load 6 to 12; Node 20.20.2, PostgreSQL
 * 15.20, Redis 7. µs a key for 1, 2 and 3 processes: one key at a time, and saturated with so many rows a commit.
 */
const MEASURED = {
  rows: [29.2, 14.2, 9.8],
  kopuro: { single: [1_933, 2_226, 2_635], saturated: [196, 283, 314] },
  postgres: { single: [967, 904, 992], saturated: [64, 83, 96] },
  redis: { single: [137, 134, 149], saturated: [20, 21, 20] },
  redisBytes: [1_036, 1_627, 2_580],
  delivery: [14.8, 9.7, 3.2],
  /**
   * Measured otherwise: the newest 50 of 100,000 articles, asked of SQLite, and the news of one article, read as they came from another
   * process. 24 November 2026, the same machine at a load of 13, one run.
   */
  firstPage: 1_960,
  hearNews: 5.7,
  newsBytes: 488,
  /** ms of a second. */
  atRest: [7.2, 8.2, 6.6],
} as const;

type Three = readonly [number, number, number];

export const COSTS: UnitCosts = costs();

function costs(): UnitCosts {
  const { rows, kopuro: total } = MEASURED;
  const fit = ({ single, saturated }: { single: Three; saturated: Three }, index: 0 | 1 | 2) =>
    split({ rowsPerCommit: 1, perRow: single[index] }, { rowsPerCommit: rows[index], perRow: saturated[index] });
  const kopuro = fit(total, 0);
  // What two and three processes cost more than one is what the other process costs that has the article.
  const hearing = ([1, 2] as const).map((index) =>
    split(
      { rowsPerCommit: 1, perRow: total.single[index] - kopuro.commit - kopuro.row },
      { rowsPerCommit: rows[index], perRow: total.saturated[index] - kopuro.commit / rows[index] - kopuro.row },
    ),
  );
  const averageFit = (all: readonly Gathered[]): Gathered => ({
    commit: average(all.map(({ commit }) => commit)),
    row: average(all.map(({ row }) => row)),
  });
  return {
    kopuro,
    hearing: averageFit(hearing),
    postgres: averageFit(([0, 1, 2] as const).map((index) => fit(MEASURED.postgres, index))),
    redis: averageFit(([0, 1, 2] as const).map((index) => fit(MEASURED.redis, index))),
    redisBytes: average(MEASURED.redisBytes.slice(1)),
    delivery: average(MEASURED.delivery),
    firstPage: MEASURED.firstPage,
    hearNews: MEASURED.hearNews,
    newsBytes: MEASURED.newsBytes,
    atRest: MEASURED.atRest[0] * 1000,
    atRestPerOther: Math.max(0, ((MEASURED.atRest[2] - MEASURED.atRest[0]) / 2) * 1000),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0) / values.length;
}

export const HABITS: Habits = {
  online: 0.1,
  typing: 0.2,
  onDesk: 0.1,
  keysPerSecond: 3,
  peoplePerArticle: 4,
  deskNewsPerSecond: 0.5,
  shownAtDesk: 50,
  firstPagesPerSecond: 0.2,
};

export const LIMITS: Limits = {
  use: 0.6,
  commitMs: 5,
  commitsPerSecond: 5_000,
  postgresCores: 16,
  connections: 500,
  connectionsPerProcess: 15,
  redisBytesPerSecond: 500e6,
};

const LIMITED = [
  'PostgreSQL connections',
  'PostgreSQL commits',
  'PostgreSQL cores',
  'Redis core',
  'Redis bandwidth',
] as const;
const PEOPLE = [1_000, 10_000, 100_000, 1_000_000];

/** In Markdown: what one group has to bear, and into how many groups people are divided. */
export function tables(): string[] {
  const whole = PEOPLE.map((people) => group(people, COSTS, HABITS, LIMITS));
  const divided = PEOPLE.map((people) => {
    const groups = groupsFor(people, COSTS, HABITS, LIMITS);
    return { groups, each: group(people / groups, COSTS, HABITS, LIMITS) };
  });
  return [
    table(
      ['people, in one group', ...PEOPLE.map(number)],
      [
        ['online', ...PEOPLE.map((people) => number(people * HABITS.online))],
        ['articles open', ...PEOPLE.map((people) => number((people * HABITS.online) / HABITS.peoplePerArticle))],
        ['keys a second', ...whole.map((one) => number(one.keysPerSecond))],
        ['keys at readers, a second', ...whole.map((one) => number(one.deliveriesPerSecond))],
        ['news at desks, a second', ...whole.map((one) => number(one.deskNewsPerSecond))],
        ['processes', ...whole.map((one) => number(one.processes))],
        ['cores of Köpürö, used', ...whole.map((one) => number(one.kopuro))],
        ['commits a second', ...whole.map((one) => number(one.commitsPerSecond))],
        ['cores of PostgreSQL, used', ...whole.map((one) => number(one.postgres))],
        ['core of Redis, used', ...whole.map((one) => number(one.redis))],
        ['Redis, MB a second', ...whole.map((one) => number(one.redisBytesPerSecond / 1e6))],
        ...LIMITED.map((limit) => [`${limit}: used`, ...whole.map(({ used }) => percent(used[limit]))]),
      ],
    ),
    table(
      ['people, in groups', ...PEOPLE.map(number)],
      [
        ['groups', ...divided.map(({ groups }) => number(groups))],
        ['processes in each', ...divided.map(({ each }) => number(each.processes))],
        ['processes in all', ...divided.map(({ groups, each }) => number(groups * each.processes))],
        ['commits a second in each', ...divided.map(({ each }) => number(each.commitsPerSecond))],
        ['cores of PostgreSQL in each, used', ...divided.map(({ each }) => number(each.postgres))],
        [
          'fullest in each',
          ...divided.map(({ each }) => `${firstLimit(each).limit}, ${percent(firstLimit(each).used)}`),
        ],
      ],
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function number(value: number): string {
  return value >= 10 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
}

function percent(share: number): string {
  return `${number(share * 100)} %`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(tables().join('\n\n'));
  console.log(`\n${JSON.stringify(COSTS)}`);
  console.log(`One group bears ${number(mostPeople(COSTS, HABITS, LIMITS))} people.`);
}
