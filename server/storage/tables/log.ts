// What rooms ask of the log. Appending is each engine's own (`append`); compaction and history are the archive's.
import { damagesOfPresent, damagesOfRows, requireGood } from '../archive/checks.ts';
import { unpack } from '../archive/packing.ts';
import { readPlaces } from '../archive/places.ts';
import { LogDamage } from '../errors.ts';
import { prepare } from '../prepared.ts';
import type { Engine } from '../schema.ts';
import type { CommandRecord, LogRow, RowInfo, StoredState, UpdateLog } from '../types.ts';
import { createHistoryTables, type StoredDocument } from './history.ts';

/** One transaction over rows, the articles' heads, client ids and commands. */
export type Append = UpdateLog['append'];

export function createLog(engine: Engine, append: Append, exclusively: UpdateLog['exclusively']): UpdateLog {
  const { database, atomically } = engine;
  const history = createHistoryTables(engine);
  const recordLease = prepare((lease: { articleId: string; clientId: number; personId: string }) =>
    database
      .insertInto('client_ids')
      .values({ article_id: lease.articleId, client_id: lease.clientId, person_id: lease.personId })
      .onConflict((conflict) => conflict.doNothing()),
  );
  return {
    append,
    exclusively,

    async load(articleId): Promise<StoredState | null> {
      const present = await history.present(articleId);
      if (!present) return null;
      requireGood(damagesOfPresent(articleId, present));
      const { bounds, languages, state, tail } = present;
      return {
        seq: state?.seq ?? bounds.base,
        state: state ? await unpackState(articleId, state) : null,
        stateVector: state?.stateVector ?? null,
        places: state ? readPlaces(state) : null,
        tail: tail.map((row) => row.data),
        head: bounds.head,
        languages,
      };
    },

    async rowInfos(articleId, { from, to }): Promise<RowInfo[]> {
      const rows = await database
        .selectFrom('log_rows')
        .select(['seq', 'person_id', 'at', 'bytes'])
        .where('article_id', '=', articleId)
        .where('seq', '>=', from)
        .where('seq', '<=', to)
        .orderBy('seq')
        .execute();
      return rows.map((row) => ({ seq: row.seq, personId: row.person_id, at: row.at, bytes: row.bytes }));
    },

    async rowsAfter(articleId, seq): Promise<LogRow[] | null> {
      const [head, rows] = await history.after(articleId, seq);
      if (head === null || (rows[0]?.seq ?? head + 1) !== seq + 1) return null;
      requireGood(damagesOfRows(articleId, rows, seq, head));
      return rows.map((row) => ({ seq: row.seq, personId: row.personId, update: row.data }));
    },

    async heads(articleIds) {
      if (articleIds.length === 0) return new Map();
      const rows = await database
        .selectFrom('articles')
        .select(['id', 'head', 'epoch'])
        .where('id', 'in', [...articleIds])
        .execute();
      return new Map(rows.map(({ id, head, epoch }) => [id, { head, epoch }]));
    },

    async findCommand(id): Promise<CommandRecord | null> {
      const row = await database.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst();
      return row
        ? { id: row.id, articleId: row.article_id, personId: row.person_id, at: row.at, result: row.result }
        : null;
    },

    async recordLeases(leases) {
      await atomically(leases.map((lease) => recordLease({ ...lease })));
    },

    async clientIds(articleId) {
      const rows = await database
        .selectFrom('client_ids')
        .select(['client_id', 'person_id'])
        .where('article_id', '=', articleId)
        .execute();
      return new Map(rows.map((row) => [row.client_id, row.person_id]));
    },
  };
}

async function unpackState(articleId: string, { packed }: StoredDocument): Promise<Uint8Array> {
  try {
    return await unpack(packed);
  } catch {
    throw new LogDamage({ articleId, part: 'state', reason: 'unreadable' });
  }
}
