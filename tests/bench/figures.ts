// Figures out of measurements, and the table in which `npm run bench` prints them. Pure.

export interface Measurement {
  what: string;
  value: number;
  unit: string;
  /** What the project aims at; null where there is no aim. */
  aim: number | null;
}

/** The value below which `share` (0 to 1) of the samples lie: nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export function formatTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ what, value, unit, aim }) => [
    what,
    `${format(value)} ${unit}`,
    aim === null ? '' : `< ${format(aim)} ${unit}`,
    aim === null ? '' : value < aim ? 'yes' : 'NO',
  ]);
  const table = [['measured', 'value', 'aim', 'met'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, column))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 1 ? cell.padStart(width) : cell.padEnd(width);
}

function format(value: number): string {
  return value >= 100 || Number.isInteger(value) ? Math.round(value).toString() : value.toFixed(1);
}
