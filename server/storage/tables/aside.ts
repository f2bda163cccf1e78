// How an article that was damaged goes on: what is replaced is set aside in `log_aside` in the same transaction, never lost.
import { type Compilable, sql } from 'kysely';
import { rowChecksum } from '../archive/checksum.ts';
import type { Row } from '../archive/segments.ts';
import type { Engine } from '../schema.ts';
import type { StoredDocument } from './history.ts';

const COLUMNS = [
  'article_id',
  'aside_at',
  'part',
  'from_seq',
  'to_seq',
  'person_id',
  'at',
  'data',
  'checksum',
] as const;

export type AsideTables = ReturnType<typeof createAsideTables>;

export function createAsideTables({ database, atomically }: Engine) {
  const raise = (articleId: string) =>
    database.updateTable('articles').set({ epoch: sql<number>`epoch + 1` }).where('id', '=', articleId);

  const setStateAside = (articleId: string, asideAt: number): Compilable[] => [
    database
      .insertInto('log_aside')
      .columns(COLUMNS)
      .expression((eb) =>
        eb
          .selectFrom('log_states')
          .select([
            'article_id',
            sql.lit(asideAt).as('aside_at'),
            sql.lit('state').as('part'),
            'seq as from_seq',
            'seq as to_seq',
            sql.lit(null).as('person_id'),
            sql.lit(null).as('at'),
            'state as data',
            'checksum',
          ])
          .where('article_id', '=', articleId),
      ),
    database.deleteFrom('log_states').where('article_id', '=', articleId),
  ];

  const setHistoryAside = (articleId: string, upTo: number, asideAt: number): Compilable[] => [
    database
      .insertInto('log_aside')
      .columns(COLUMNS)
      .expression((eb) =>
        eb
          .selectFrom('log_history')
          .select([
            'article_id',
            sql.lit(asideAt).as('aside_at'),
            sql.lit('history').as('part'),
            'from_seq',
            'to_seq',
            sql.lit(null).as('person_id'),
            sql.lit(null).as('at'),
            'data',
            'checksum',
          ])
          .where('article_id', '=', articleId)
          .where('to_seq', '<=', upTo),
      ),
    database.deleteFrom('log_history').where('article_id', '=', articleId).where('to_seq', '<=', upTo),
    database
      .insertInto('log_aside')
      .columns(COLUMNS)
      .expression((eb) =>
        eb
          .selectFrom('log_rows')
          .select([
            'article_id',
            sql.lit(asideAt).as('aside_at'),
            sql.lit('row').as('part'),
            'seq as from_seq',
            'seq as to_seq',
            'person_id',
            'at',
            'data',
            'checksum',
          ])
          .where('article_id', '=', articleId)
          .where('seq', '<=', upTo),
      ),
    database.deleteFrom('log_rows').where('article_id', '=', articleId).where('seq', '<=', upTo),
  ];

  const insertRow = (articleId: string, { seq, personId, at, data }: Row) =>
    database.insertInto('log_rows').values({
      article_id: articleId,
      seq,
      person_id: personId,
      at,
      data,
      bytes: data.length,
      checksum: rowChecksum({ articleId, seq, personId, at, data }),
    });

  return {
    async raiseEpoch(articleId: string): Promise<void> {
      await raise(articleId).execute();
    },

    async replaceState(articleId: string, state: StoredDocument, asideAt: number): Promise<void> {
      const { seq, packed, stateVector, checksum } = state;
      await atomically([
        ...setStateAside(articleId, asideAt),
        database.insertInto('log_states').values({
          article_id: articleId,
          seq,
          form: packed.form,
          state: packed.data,
          state_vector: stateVector,
          checksum,
        }),
      ]);
    },

    /** `row` stands in for all rows up to its own number. The rows after it stay. */
    async beginAt(articleId: string, row: Row): Promise<void> {
      await atomically([
        ...setHistoryAside(articleId, row.seq, row.at),
        insertRow(articleId, row),
        database
          .updateTable('articles')
          .set({ base: row.seq - 1 })
          .where('id', '=', articleId),
      ]);
    },

    /** `row` begins another history: everything else is set aside, and the epoch rises. */
    async startAnew(articleId: string, row: Row): Promise<void> {
      await atomically([
        ...setHistoryAside(articleId, Number.MAX_SAFE_INTEGER, row.at),
        ...setStateAside(articleId, row.at),
        insertRow(articleId, row),
        database
          .updateTable('articles')
          .set({ base: row.seq - 1, head: row.seq })
          .where('id', '=', articleId),
        raise(articleId),
      ]);
    },
  };
}
