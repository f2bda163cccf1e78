// What `npm run bench:sync` measures, on which servers, and what the project aims at. Data only.

export const SERVERS = [
  'kopuro',
  'hocuspocus',
  'hocuspocus-sqlite',
  'y-websocket',
  'y-websocket-leveldb',
  'relay',
  'relay-batching',
] as const;
export type ServerName = (typeof SERVERS)[number];
export type PeerName = Exclude<ServerName, 'kopuro'>;

export const LABELS: Record<ServerName, string> = {
  kopuro: 'Köpürö',
  hocuspocus: 'Hocuspocus 4.7',
  'hocuspocus-sqlite': 'Hocuspocus 4.7, sqlite',
  'y-websocket': 'y-websocket-server 0.1.1',
  'y-websocket-leveldb': 'y-websocket-server, LevelDB',
  relay: 'relay, frames once',
  'relay-batching': 'relay, batches a tick',
};

export const SCENARIOS = ['fan-out', 'articles', 'idle', 'cold-open', 'reconnect', 'stopped-reader', 'kill'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export type Aim =
  /** At most so many times the peer's figure. */
  | { kind: 'ratio'; most: Partial<Record<PeerName, number>> }
  /** At most the peer's figure and two flushes of the disk, timed in the same round. */
  | { kind: 'two flushes'; flush: string; of: readonly PeerName[] }
  /** At most this, whatever the peers do. */
  | { kind: 'most'; most: number }
  | { kind: 'none' };

export interface Figure {
  id: string;
  scenario: Scenario;
  what: string;
  unit: string;
  aim: Aim;
}

export const FIGURES: readonly Figure[] = [
  {
    id: 'saturated-cpu',
    scenario: 'fan-out',
    what: 'fan-out, saturated: CPU per delivery',
    unit: 'µs',
    aim: { kind: 'ratio', most: { hocuspocus: 0.5, 'y-websocket': 0.05, 'relay-batching': 2.5 } },
  },
  {
    id: 'paced-cpu',
    scenario: 'fan-out',
    what: 'fan-out, 10 keys/s a writer: CPU per delivery',
    unit: 'µs',
    aim: { kind: 'ratio', most: { hocuspocus: 0.7, 'y-websocket': 0.7, relay: 1.2 } },
  },
  {
    id: 'paced-p50',
    scenario: 'fan-out',
    what: 'the same: latency, p50',
    unit: 'ms',
    aim: { kind: 'two flushes', flush: 'flush-p50', of: ['hocuspocus', 'y-websocket'] },
  },
  {
    id: 'paced-p99',
    scenario: 'fan-out',
    what: 'the same: latency, p99',
    unit: 'ms',
    aim: { kind: 'two flushes', flush: 'flush-p99', of: ['hocuspocus', 'y-websocket'] },
  },
  {
    id: 'articles-cpu',
    scenario: 'articles',
    what: '500 articles of two: CPU per update',
    unit: 'µs',
    aim: { kind: 'ratio', most: { hocuspocus: 0.6, 'y-websocket': 0.8, 'y-websocket-leveldb': 0.35, relay: 3 } },
  },
  { id: 'articles-p50', scenario: 'articles', what: 'the same: latency, p50', unit: 'ms', aim: { kind: 'none' } },
  { id: 'articles-p99', scenario: 'articles', what: 'the same: latency, p99', unit: 'ms', aim: { kind: 'none' } },
  {
    id: 'idle-memory',
    scenario: 'idle',
    what: '2,000 idle: live memory per connection',
    unit: 'kB',
    aim: { kind: 'ratio', most: { hocuspocus: 0.7, 'y-websocket': 0.9, relay: 2 } },
  },
  { id: 'idle-rss', scenario: 'idle', what: 'the same: resident memory', unit: 'kB', aim: { kind: 'none' } },
  {
    id: 'presence-cpu',
    scenario: 'idle',
    what: 'the same: CPU per presence delivery',
    unit: 'µs',
    aim: { kind: 'ratio', most: { hocuspocus: 0.4, 'y-websocket': 0.8, relay: 1 } },
  },
  {
    id: 'open-time',
    scenario: 'cold-open',
    what: 'cold open of the long article: time to full state',
    unit: 'ms',
    aim: { kind: 'ratio', most: { 'hocuspocus-sqlite': 0.3, 'y-websocket-leveldb': 0.1 } },
  },
  {
    id: 'open-cpu',
    scenario: 'cold-open',
    what: 'the same: CPU',
    unit: 'ms',
    aim: { kind: 'ratio', most: { 'hocuspocus-sqlite': 0.2, 'y-websocket-leveldb': 0.1 } },
  },
  {
    id: 'reconnect-cpu',
    scenario: 'reconnect',
    what: '1,000 reconnect at once: CPU per client',
    unit: 'µs',
    aim: { kind: 'ratio', most: { hocuspocus: 0.6, 'y-websocket': 1.2 } },
  },
  {
    id: 'reconnect-time',
    scenario: 'reconnect',
    what: 'the same: until the last is synced',
    unit: 'ms',
    aim: { kind: 'none' },
  },
  {
    id: 'stopped-memory',
    scenario: 'stopped-reader',
    what: 'a stopped reader during 60 MB: live memory held',
    unit: 'MB',
    aim: { kind: 'most', most: 8 },
  },
  {
    id: 'lost-seen',
    scenario: 'kill',
    what: 'kill -9 while typing: seen updates lost',
    unit: '%',
    aim: { kind: 'most', most: 0 },
  },
  {
    id: 'lost-acknowledged',
    scenario: 'kill',
    what: 'the same: acknowledged updates lost',
    unit: '%',
    aim: { kind: 'most', most: 0 },
  },
];

/** Where a scenario makes no sense, the server is left out: a relay holds nothing, and a server without a store opens nothing. */
export const RUNS: Record<Scenario, readonly ServerName[]> = {
  'fan-out': SERVERS,
  articles: SERVERS.filter((server) => server !== 'relay-batching'),
  idle: ['kopuro', 'hocuspocus', 'y-websocket', 'relay'],
  'cold-open': ['kopuro', 'hocuspocus-sqlite', 'y-websocket-leveldb'],
  reconnect: ['kopuro', 'hocuspocus', 'hocuspocus-sqlite', 'y-websocket', 'y-websocket-leveldb'],
  'stopped-reader': ['kopuro', 'hocuspocus', 'y-websocket'],
  kill: ['kopuro', 'hocuspocus-sqlite', 'y-websocket-leveldb'],
};
