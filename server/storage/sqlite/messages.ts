// What travels between the storage thread and the rest of the process. Structured clones: plain data only.
import type { StorageErrorCode } from '../errors.ts';
import type { StorageStartError } from '../types.ts';
import type { SqliteValue } from './engine.ts';

export interface Statement {
  sql: string;
  parameters: readonly SqliteValue[];
}

export type Rows = Record<string, unknown>[];

/** A row of the log on its way in. `clients`: Yjs client ids that the person used here for the first time. */
export interface AppendRow {
  articleId: string;
  personId: string | null;
  at: number;
  update: Uint8Array;
  clients: readonly number[];
}

export interface AppendCommand {
  id: string;
  articleId: string;
  personId: string;
  at: number;
  result: string;
}

export type Request =
  /** All statements in one transaction; answers with the rows of each. */
  | { kind: 'run'; statements: readonly Statement[] }
  /** Answers as UpdateLog.append. */
  | {
      kind: 'append';
      rows: readonly AppendRow[];
      commands: readonly AppendCommand[];
      after: ReadonlyMap<string, number>;
    }
  | { kind: 'backup'; file: string }
  | { kind: 'close' };

export type Answer =
  | { kind: 'done'; value: unknown }
  | { kind: 'error'; code: StorageErrorCode; message: string }
  | { kind: 'start-error'; code: StorageStartError['code']; message: string };

/** Both ways lists of these travel, so that what is asked together costs one message. Number 0 answers for the start of the thread. */
export type Numbered<T> = { number: number; message: T };

export interface ThreadData {
  file: string;
  /** Nothing is written to the file, and it must exist. */
  readOnly: boolean;
}
