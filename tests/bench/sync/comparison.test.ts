// The arithmetic of the sync benchmark: medians, ratios within a round, aims, void runs, and the table.
import { describe, expect, it } from 'vitest';
import { FIGURES, type Figure, RUNS, SCENARIOS, type ServerName } from './aims.ts';
import { compare, format, formatComparison, median, type Run, summarize } from './comparison.ts';

function figure(id: string): Figure {
  return FIGURES.find((one) => one.id === id)!;
}

function run(server: ServerName, round: number, values: Record<string, number>, why: string | null = null): Run {
  return { server, scenario: 'fan-out', round, values, why };
}

describe('median and spread', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow('no samples');
    expect(summarize([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5 });
    expect(summarize([])).toBeNull();
  });
});

describe('compare', () => {
  it('takes ratios within a round, so that a slow round is slow for both', () => {
    const runs = [
      run('kopuro', 0, { 'saturated-cpu': 1 }),
      run('hocuspocus', 0, { 'saturated-cpu': 4 }),
      run('kopuro', 1, { 'saturated-cpu': 30 }),
      run('hocuspocus', 1, { 'saturated-cpu': 100 }),
      run('kopuro', 2, { 'saturated-cpu': 2 }),
      run('hocuspocus', 2, { 'saturated-cpu': 8 }),
    ];
    expect(compare(figure('saturated-cpu'), runs)).toMatchObject([
      { server: 'hocuspocus', ratio: 0.25, aim: '≤ 0.500 ×', met: true, ours: { median: 2, least: 1, most: 30 } },
    ]);
  });

  it('allows two flushes of the same round in latency', () => {
    const latency = (ours: number) =>
      compare(figure('paced-p50'), [
        run('kopuro', 0, { 'paced-p50': ours, 'flush-p50': 0.5 }),
        run('y-websocket', 0, { 'paced-p50': 1 }),
      ])[0];
    expect(latency(2)).toMatchObject({ met: true, aim: '≤ theirs + 1' });
    expect(latency(2.01)).toMatchObject({ met: false });
  });

  it('holds an absolute aim against the worst round, whatever the peers did', () => {
    const rows = compare(figure('stopped-memory'), [
      { ...run('kopuro', 0, { 'stopped-memory': 1 }), scenario: 'stopped-reader' },
      { ...run('kopuro', 1, { 'stopped-memory': 9 }), scenario: 'stopped-reader' },
    ]);
    expect(rows).toMatchObject([{ server: null, met: false, aim: '≤ 8' }]);
  });

  it('leaves void runs out, says why, and calls nothing met that was not measured', () => {
    const runs = [
      run('kopuro', 0, { 'saturated-cpu': 1 }),
      run('hocuspocus', 0, { 'saturated-cpu': 0.001 }, 'reader 7 lacks 3 updates'),
    ];
    expect(compare(figure('saturated-cpu'), runs)).toMatchObject([
      { theirs: null, ratio: null, met: null, note: 'Hocuspocus 4.7 void in 1 of 1: reader 7 lacks 3 updates' },
    ]);
  });

  it('gives peers without an aim a ratio all the same', () => {
    const runs = [run('kopuro', 0, { 'saturated-cpu': 1 }), run('relay', 0, { 'saturated-cpu': 2 })];
    expect(compare(figure('saturated-cpu'), runs)).toMatchObject([{ server: 'relay', ratio: 0.5, met: null }]);
  });
});

describe('the aims', () => {
  it('are held against servers that run the scenario, and every scenario has a figure', () => {
    for (const { aim, scenario, id } of FIGURES) {
      const against =
        aim.kind === 'ratio' ? (Object.keys(aim.most) as ServerName[]) : aim.kind === 'two flushes' ? aim.of : [];
      expect({ id, missing: against.filter((server) => !RUNS[scenario].includes(server)) }).toEqual({
        id,
        missing: [],
      });
    }
    expect(SCENARIOS.filter((scenario) => !FIGURES.some((one) => one.scenario === scenario))).toEqual([]);
  });
});

describe('formatComparison', () => {
  it('puts figure, both values, ratio, aim and verdict in one line', () => {
    const rows = compare(figure('saturated-cpu'), [
      run('kopuro', 0, { 'saturated-cpu': 0.5 }),
      run('kopuro', 1, { 'saturated-cpu': 0.7 }),
      run('y-websocket', 0, { 'saturated-cpu': 8 }),
      run('y-websocket', 1, { 'saturated-cpu': 8 }),
    ]);
    expect(formatComparison(rows)).toMatch(
      /fan-out, saturated: CPU per delivery\s+0\.600 \(0\.500–0\.700\) µs\s+y-websocket-server 0\.1\.1\s+8\s+0\.075 ×\s+≤ 0\.050 ×\s+NO/,
    );
  });

  it('shows three digits that mean something', () => {
    expect([1234.4, 17.25, 1.234, 0.1234, 0, -0.5].map(format)).toEqual([
      '1234',
      '17.3',
      '1.23',
      '0.123',
      '0',
      '-0.500',
    ]);
  });
});
