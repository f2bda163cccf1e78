// Where a newsroom lies, for whoever moves it: an engine, and what people call it.
import type { Engine } from '../schema.ts';

export interface Place {
  /** For people; no secrets. */
  name: string;
  engine: Engine;
  tableNames(): Promise<string[]>;
}

export interface OpenPlace extends Place {
  close(): Promise<void>;
}
