// From samples to the table: medians, spread, ratios within a round, and whether an aim is met. Pure.
import { percentile } from '../figures.ts';
import { type Figure, LABELS, type PeerName, RUNS, type ServerName } from './aims.ts';

/** What one run of one scenario on one server gave; `why` says that its figures are void. */
export interface Run {
  server: ServerName;
  scenario: string;
  round: number;
  values: Record<string, number>;
  why: string | null;
}

export interface Summary {
  median: number;
  least: number;
  most: number;
}

export interface Row {
  figure: Figure;
  server: PeerName | null;
  ours: Summary | null;
  theirs: Summary | null;
  /** Ours by theirs, the median over the rounds that have both. */
  ratio: number | null;
  aim: string;
  /** Null: no aim, or nothing to compare with. */
  met: boolean | null;
  note: string;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) throw new Error('no samples');
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function summarize(samples: readonly number[]): Summary | null {
  if (samples.length === 0) return null;
  return { median: median(samples), least: percentile(samples, 0), most: percentile(samples, 1) };
}

/** One row for each peer that the figure was measured on; one alone where nobody else was. */
export function compare(figure: Figure, runs: readonly Run[]): Row[] {
  const peers = RUNS[figure.scenario].filter(
    (server): server is PeerName => server !== 'kopuro' && runs.some((run) => isOf(run, figure, server)),
  );
  return (peers.length > 0 ? peers : [null]).map((server) => compareWith(figure, runs, server));
}

function compareWith(figure: Figure, runs: readonly Run[], server: PeerName | null): Row {
  const ours = byRound(figure, runs, 'kopuro');
  const theirs = server ? byRound(figure, runs, server) : new Map<number, number>();
  const both = [...ours].flatMap(([round, value]) => {
    const other = theirs.get(round);
    return other === undefined ? [] : [{ round, value, other }];
  });
  const ratios = both.filter(({ other }) => other > 0).map(({ value, other }) => value / other);
  const row = {
    figure,
    server,
    ours: summarize([...ours.values()]),
    theirs: summarize([...theirs.values()]),
    ratio: ratios.length > 0 ? median(ratios) : null,
    note: [note(figure, runs, 'kopuro'), server ? note(figure, runs, server) : ''].filter(Boolean).join('; '),
  };
  const { aim } = figure;
  switch (aim.kind) {
    case 'none':
      return { ...row, aim: '', met: null };
    case 'ratio': {
      const most = server ? aim.most[server] : undefined;
      if (most === undefined) return { ...row, aim: '', met: null };
      return { ...row, aim: `≤ ${format(most)} ×`, met: row.ratio === null ? null : row.ratio <= most };
    }
    case 'two flushes': {
      if (server === null || !aim.of.includes(server)) return { ...row, aim: '', met: null };
      const flushes = byRound({ ...figure, id: aim.flush }, runs, 'kopuro');
      const excess = both.map(({ round, value, other }) => value - other - 2 * (flushes.get(round) ?? 0));
      const twice = flushes.size > 0 ? 2 * median([...flushes.values()]) : 0;
      return {
        ...row,
        aim: `≤ theirs + ${format(twice)}`,
        met: excess.length > 0 && flushes.size > 0 ? median(excess) <= 0 : null,
      };
    }
    case 'most':
      return { ...row, aim: `≤ ${format(aim.most)}`, met: row.ours === null ? null : row.ours.most <= aim.most };
  }
}

function isOf(run: Run, figure: Figure, server: ServerName): boolean {
  return run.server === server && run.scenario === figure.scenario;
}

function byRound(figure: Figure, runs: readonly Run[], server: ServerName): Map<number, number> {
  const values = new Map<number, number>();
  for (const run of runs) {
    const value = run.values[figure.id];
    if (isOf(run, figure, server) && run.why === null && value !== undefined) values.set(run.round, value);
  }
  return values;
}

function note(figure: Figure, runs: readonly Run[], server: ServerName): string {
  const all = runs.filter((run) => isOf(run, figure, server));
  const broken = all.filter((run) => run.why !== null);
  return broken.length > 0 ? `${LABELS[server]} void in ${broken.length} of ${all.length}: ${broken[0]!.why}` : '';
}

export function formatComparison(rows: readonly Row[]): string {
  const cells = rows.map((row, index) => {
    const isFirst = rows[index - 1]?.figure !== row.figure;
    return [
      isFirst ? row.figure.what : '',
      isFirst ? `${spread(row.ours)} ${row.figure.unit}` : '',
      row.server ? LABELS[row.server] : '',
      row.server ? spread(row.theirs) : '',
      row.ratio === null ? '' : `${format(row.ratio)} ×`,
      row.aim,
      row.met === null ? '' : row.met ? 'yes' : 'NO',
      row.note,
    ];
  });
  const table = [['figure', LABELS.kopuro, 'beside', 'theirs', 'ratio', 'aim', 'met', ''], ...cells];
  const widths = table[0]!.slice(0, -1).map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

function spread(summary: Summary | null): string {
  if (summary === null) return '–';
  const { median: middle, least, most } = summary;
  return least === most ? format(middle) : `${format(middle)} (${format(least)}–${format(most)})`;
}

/** Three digits that mean something, none invented. */
export function format(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toString();
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
