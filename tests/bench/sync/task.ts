// What the load process is told to do and what it may ask meanwhile: the contract between it and the process that starts servers.
import type { Scenario } from './aims.ts';
import type { Dialect } from './wire.ts';

/** A document that every server has alike. `state`: one V1 update. */
export interface Article {
  id: string;
  state: Uint8Array;
}

/** How much of everything: `FULL` is what the aims are about, `QUICK` is for trying things out. */
export interface Size {
  rounds: number;
  writers: number;
  readers: number;
  /** Updates of each writer, as fast as they are delivered. */
  saturatedKeys: number;
  pacedSeconds: number;
  articles: number;
  idle: number;
  /** Rooms that the idle ones and those who reconnect are spread over. */
  rooms: number;
  reconnecting: number;
  floodBytes: number;
  /** Words and keystrokes of the long article. */
  words: number;
  keystrokes: number;
  /** The kill comes at a moment between these. */
  killAfterMs: readonly [number, number];
}

export const FULL: Size = {
  rounds: 3,
  writers: 10,
  readers: 100,
  saturatedKeys: 300,
  pacedSeconds: 5,
  articles: 500,
  idle: 2_000,
  rooms: 20,
  reconnecting: 1_000,
  floodBytes: 60e6,
  words: 60_000,
  keystrokes: 100_000,
  killAfterMs: [3_000, 13_000],
};

export const QUICK: Size = {
  ...FULL,
  rounds: 2,
  saturatedKeys: 100,
  pacedSeconds: 2,
  articles: 100,
  idle: 400,
  rooms: 4,
  reconnecting: 200,
  words: 12_000,
  keystrokes: 10_000,
  killAfterMs: [1_000, 4_000],
};

export interface Task {
  scenario: Scenario | 'feed';
  size: Size;
  dialect: Dialect;
  port: number;
  /** Seed of what is random. */
  seed: number;
  articles: readonly Article[];
  /** Cookies of their sessions; only Köpürö asks for them. */
  editors: readonly string[];
  readers: readonly string[];
  /** The long article; `history`: file with its keystrokes (see history.ts), for `feed`. */
  long: { id: string; initial: Uint8Array; stateVector: Uint8Array; history: string } | null;
}

/** The measured server, as the load process reaches it. */
export interface MeasuredServer {
  /** CPU time, in µs, that the server's process had during `work`. `name` names a profile, where profiles are asked for. */
  cpuDuring(name: string, work: () => Promise<void>): Promise<number>;
  /** Bytes after a collection: heap and external, and what the operating system counts. */
  memory(): Promise<{ live: number; rss: number }>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again on the same data; answers with the port. */
  restart(): Promise<number>;
}

/** Answers with figures by id. Throws if something was not delivered: the run is void then. */
export type RunScenario = (task: Task, server: MeasuredServer) => Promise<Record<string, number>>;
