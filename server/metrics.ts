// Figures for Prometheus: one registry per app, filled from what the app tells and from what it is asked for when scraped.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { COMMAND_TYPES } from '../shared/protocol/commands.ts';
import { KopuroError } from '../shared/protocol/errors.ts';
import type { Commands } from './commands/types.ts';
import type { Storage } from './storage/types.ts';

/** What is read at the moment of scraping. */
export interface LiveFigures {
  rooms: number;
  connections: number;
  slowReaders: number;
  pendingBytes: number;
  storing: boolean;
  liveSockets: number;
  importsWaiting: number;
}

export interface Metrics {
  /** A request was answered. `route` is its pattern, never the address. */
  request(method: string, route: string, status: number, seconds: number): void;
  /** A command was carried out (`ok`) or refused with an error code. */
  command(type: string, outcome: string): void;
  /** A batch of changes was flushed to disk, or could not be. */
  commit(outcome: 'ok' | 'failed', rows: number, seconds: number): void;
  /** A sync message of a client was refused with a code. */
  refused(code: string): void;
  /** One update of a client deleted most of a text. */
  massDeletion(): void;
  /** Whatever else has figures of its own registers them here. */
  registry: Registry;
  render(): Promise<{ type: string; body: string }>;
}

export function createMetrics(figures: () => LiveFigures, ofProcess: boolean): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'kopuro_http_request_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 5],
    registers: [registry],
  });
  const commands = new Counter({
    name: 'kopuro_commands_total',
    help: 'Commands by type and outcome',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  const commits = new Histogram({
    name: 'kopuro_commit_seconds',
    help: 'Time that a group commit takes, until it is flushed to disk',
    labelNames: ['outcome'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    registers: [registry],
  });
  const committedRows = new Counter({
    name: 'kopuro_committed_rows_total',
    help: 'Rows added to the logs of articles',
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'kopuro_sync_refused_total',
    help: 'Sync messages refused, by code',
    labelNames: ['code'],
    registers: [registry],
  });
  const massDeletions = new Counter({
    name: 'kopuro_mass_deletions_total',
    help: 'Updates of clients that deleted most of a text',
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: (figures: LiveFigures) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(figures()));
      },
    });
  gauge('kopuro_rooms', 'Articles that are live in this process', (now) => now.rooms);
  gauge('kopuro_sync_connections', 'Open sync connections', (now) => now.connections);
  gauge(
    'kopuro_sync_slow_readers',
    'Sync connections that read too slowly to be sent every change',
    (now) => now.slowReaders,
  );
  gauge('kopuro_sync_pending_bytes', 'Bytes accepted and not yet committed', (now) => now.pendingBytes);
  gauge('kopuro_sync_storing', '1 while changes are taken in, 0 while storage cannot keep them', (now) =>
    now.storing ? 1 : 0,
  );
  gauge('kopuro_live_sockets', 'Open socket.io connections', (now) => now.liveSockets);
  gauge(
    'kopuro_imports_waiting',
    'Texts that are being read for an import or wait for it',
    (now) => now.importsWaiting,
  );

  return {
    registry,
    request: (method, route, status, seconds) => requests.observe({ method, route, status: String(status) }, seconds),
    command: (type, outcome) => commands.inc({ type, outcome }),
    commit(outcome, rows, seconds) {
      commits.observe({ outcome }, seconds);
      if (outcome === 'ok') committedRows.inc(rows);
    },
    refused: (code) => refusals.inc({ code }),
    massDeletion: () => massDeletions.inc(),
    render: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}

/** The same storage, each commit to its log measured. */
export function measureCommits(storage: Storage, metrics: Metrics): Storage {
  const append: Storage['log']['append'] = async (entries, commands, after) => {
    const began = performance.now();
    const done = (outcome: 'ok' | 'failed') =>
      metrics.commit(outcome, entries.length, (performance.now() - began) / 1000);
    try {
      const appended = await storage.log.append(entries, commands, after);
      done('ok');
      return appended;
    } catch (error) {
      done('failed');
      throw error;
    }
  };
  return { ...storage, log: { ...storage.log, append } };
}

/** The same commands, each one counted by type and outcome. */
export function countCommands(commands: Commands, metrics: Metrics): Commands {
  return {
    ...commands,
    async run(envelope, person) {
      // What came from outside must not become a label by itself: it could be anything.
      const type = COMMAND_TYPES.includes(envelope.type) ? envelope.type : 'unknown';
      try {
        const result = await commands.run(envelope, person);
        metrics.command(type, 'ok');
        return result;
      } catch (error) {
        metrics.command(type, error instanceof KopuroError ? error.code : 'internal');
        throw error;
      }
    },
  };
}
