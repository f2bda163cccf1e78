// A SQLite file as a place to move a newsroom from or to.
import { migrate, requireCurrent } from '../migrations.ts';
import type { OpenPlace } from '../moving/place.ts';
import { ThreadConnection } from './connection.ts';
import { COLUMN_TYPES, engineOn, tableNames } from './dialect.ts';

/**
 * `read`: of this version and whole, and nothing of it changes. Otherwise it is made if it does not exist, and may hold half of
 * a move. Throws StorageStartError.
 */
export async function openSqlitePlace(file: string, { read = false } = {}): Promise<OpenPlace> {
  const thread = await ThreadConnection.open(file, { readOnly: read });
  const engine = engineOn(thread);
  const names = () => tableNames(engine.database);
  try {
    if (read) await requireCurrent(engine.database, await names());
    else await migrate(engine, COLUMN_TYPES, names, { unfinishedMove: 'goes-on' });
  } catch (error) {
    await thread.close();
    throw error;
  }
  return { name: file, engine, tableNames: names, close: () => thread.close() };
}
