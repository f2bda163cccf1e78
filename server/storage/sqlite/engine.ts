// The one place that knows where SQLite comes from: Node's own module where there is one, else the prebuilt package with the
// same interface. It must know nothing of our tables.
import { StorageStartError } from '../types.ts';

/** What we use of either. */
export interface SqliteStatement {
  run(...parameters: SqliteValue[]): unknown;
  all(...parameters: SqliteValue[]): Record<string, unknown>[];
}

export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export type SqliteValue = string | number | bigint | null | Uint8Array;

type SqliteModule = { DatabaseSync: new (file: string, options: { readOnly: boolean }) => SqliteDatabase };

/** Opens (or makes) a database file. Throws StorageStartError `no-sqlite` if neither engine can be loaded. */
export async function openDatabase(file: string, { readOnly = false } = {}): Promise<SqliteDatabase> {
  const { DatabaseSync } = await loadModule();
  return new DatabaseSync(file, { readOnly });
}

async function loadModule(): Promise<SqliteModule> {
  // `process.getBuiltinModule` answers undefined where the module does not exist; an `import` would need a catch.
  const builtin = process.getBuiltinModule?.('node:sqlite') as SqliteModule | undefined;
  if (builtin) return builtin;
  try {
    return (await import('@photostructure/sqlite')) as unknown as SqliteModule;
  } catch (error) {
    throw new StorageStartError('no-sqlite', `SQLite cannot be loaded on this machine: ${String(error)}`);
  }
}
