// The log's reading side and everything of it that is not the hot path. Appending is each engine's own (`append`).
import type { Engine } from '../schema.ts';
import type { CommandRecord, StoredState, UpdateLog } from '../types.ts';

/** One transaction over rows, the articles' heads, client ids and commands. */
export type Append = UpdateLog['append'];

export function createLog({ database, atomically }: Engine, append: Append): UpdateLog {
  return {
    append,

    async load(articleId): Promise<StoredState | null> {
      const state = database.selectFrom('log_states').select(['seq', 'state']).where('article_id', '=', articleId);
      const [articles, states, tail] = await atomically([
        database.selectFrom('articles').select('head').where('id', '=', articleId),
        state,
        database
          .selectFrom('log_rows')
          .select('data')
          .where('article_id', '=', articleId)
          .where('seq', '>', (eb) =>
            eb.fn.coalesce(
              eb.selectFrom('log_states').select('log_states.seq').where('article_id', '=', articleId),
              eb.lit(0),
            ),
          )
          .orderBy('seq'),
      ]);
      const article = articles?.[0];
      if (!article) return null;
      const stored = states?.[0];
      return {
        seq: stored ? Number(stored.seq) : 0,
        state: stored ? (stored.state as Uint8Array) : null,
        tail: (tail ?? []).map((row) => row.data as Uint8Array),
        head: Number(article.head),
      };
    },

    async compact(articleId, seq, state, stateVector) {
      await database
        .insertInto('log_states')
        .values({ article_id: articleId, seq, state, state_vector: stateVector })
        // An older state never replaces a newer one, whoever comes late.
        .onConflict((conflict) =>
          conflict
            .column('article_id')
            .doUpdateSet({ seq, state, state_vector: stateVector })
            .where('log_states.seq', '<=', seq),
        )
        .execute();
    },

    async history(articleId, range = {}) {
      let query = database
        .selectFrom('log_rows')
        .select(['seq', 'person_id', 'at', 'bytes'])
        .where('article_id', '=', articleId)
        .orderBy('seq');
      if (range.from !== undefined) query = query.where('seq', '>=', range.from);
      if (range.to !== undefined) query = query.where('seq', '<=', range.to);
      const rows = await query.execute();
      return rows.map((row) => ({ seq: row.seq, personId: row.person_id, at: row.at, bytes: row.bytes }));
    },

    async replay(articleId, to) {
      let query = database.selectFrom('log_rows').select('data').where('article_id', '=', articleId).orderBy('seq');
      if (to !== undefined) query = query.where('seq', '<=', to);
      return (await query.execute()).map((row) => row.data);
    },

    async findCommand(id): Promise<CommandRecord | null> {
      const row = await database.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst();
      return row
        ? { id: row.id, articleId: row.article_id, personId: row.person_id, at: row.at, result: row.result }
        : null;
    },

    async claimClientId(articleId, clientId, personId) {
      const [, owners] = await atomically([
        database
          .insertInto('client_ids')
          .values({ article_id: articleId, client_id: clientId, person_id: personId })
          .onConflict((conflict) => conflict.doNothing()),
        database
          .selectFrom('client_ids')
          .select('person_id')
          .where('article_id', '=', articleId)
          .where('client_id', '=', clientId),
      ]);
      return String(owners?.[0]?.person_id);
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
