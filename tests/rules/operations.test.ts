// That what docs/operations tells those who run the server is what the server does: variables, and names of figures.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../server/metrics.ts';
import { environmentTable, PAGE, variables, withTable } from './environment-table.ts';
import { filesUnder, isCode, ROOT, readSource } from './files.ts';

describe('the table of environment variables', () => {
  it('is what `npm run environment` makes of the schema', () => {
    expect(withTable(readSource(PAGE))).toBe(readSource(PAGE));
    expect(environmentTable().split('\n')).toHaveLength(Object.keys(variables()).length + 2);
  });

  it('has every variable of ours that the program mentions', () => {
    const mentioned = filesUnder('server')
      .filter(isCode)
      .flatMap((path) => readSource(path).match(/\bKOPURO_[A-Z_]+\b/g) ?? []);
    expect([...new Set(mentioned)].sort()).toEqual(
      Object.keys(variables())
        .filter((name) => name.startsWith('KOPURO_'))
        .sort(),
    );
  });
});

describe('dashboard and alerts', () => {
  const dashboard = 'docs/operations/grafana-dashboard.json';
  const alerts = 'docs/operations/prometheus-alerts.yaml';
  const named = (path: string) =>
    new Set(
      expressionsOf(path)
        .join('\n')
        .match(/\b(kopuro|nodejs|process)_\w+/g),
    );

  it('ask for figures that /metrics has', () => {
    const there = new Set([...ownFigures(), ...figuresOfTheProcess()].flatMap(seriesOf));
    for (const path of [dashboard, alerts]) {
      expect(named(path).size).toBeGreaterThan(5);
      expect([...named(path)].filter((name) => !there.has(name))).toEqual([]);
    }
  });

  it('ask for values of labels that there are', () => {
    const values = [dashboard, alerts].flatMap((path) => [
      ...expressionsOf(path)
        .join('\n')
        .matchAll(/\b(outcome|type|code)(?:=|!=|=~)"([^"]+)"/g),
    ]);
    expect(values.length).toBeGreaterThan(3);
    expect(values.map((match) => match[2]).filter((value) => !/^(ok|failed|internal)$/.test(value!))).toEqual([]);
  });

  it('leave out no figure of ours', () => {
    const shown = named(dashboard);
    expect(
      ownFigures()
        .filter((figure) => !seriesOf(figure).some((name) => shown.has(name)))
        .map(({ name }) => name),
    ).toEqual([]);
  });
});

interface Figure {
  name: string;
  type: string;
}

function ownFigures(): Figure[] {
  const figures = {
    rooms: 0,
    connections: 0,
    slowReaders: 0,
    pendingBytes: 0,
    storing: true,
    liveSockets: 0,
    importsWaiting: 0,
  };
  const { registry } = createMetrics(() => figures, false);
  return registry.getMetricsAsArray().map(({ name, type }) => ({ name, type: String(type) }));
}

/** Asked of a process of its own: measuring it begins with being asked, and does not end. */
function figuresOfTheProcess(): Figure[] {
  const program = `
    const { collectDefaultMetrics, register } = require('prom-client');
    collectDefaultMetrics();
    console.log(JSON.stringify(register.getMetricsAsArray().map(({ name, type }) => ({ name, type }))));
    process.exit();`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' })) as Figure[];
}

/** The names under which Prometheus stores a figure. */
function seriesOf({ name, type }: Figure): string[] {
  return type === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name];
}

/** What is asked of Prometheus: the values of `expr`, folded lines of YAML included, and what fills the variables. */
function expressionsOf(path: string): string[] {
  const source = readSource(path);
  if (path.endsWith('.yaml')) return [...source.matchAll(/\bexpr: ([\s\S]*?)\n {8}\w/g)].map((match) => match[1]!);
  return [...source.matchAll(/"(?:expr|query)": ("(?:[^"\\]|\\.)*")/g)].map((match) => JSON.parse(match[1]!) as string);
}
