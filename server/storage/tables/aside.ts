// How an article that was damaged goes on: what is replaced is set aside in `log_aside` in the same transaction, never lost.
import { type Compilable, sql } from 'kysely';
import { rowChecksum } from '../archive/checksum.ts';
import type { Row } from '../archive/segments.ts';
import { compilable } from '../prepared.ts';
import type { Engine } from '../schema.ts';
import { type StoredDocument, writeState } from './history.ts';

/** Where the parts of a history lie, and what of them is kept. */
const PARTS = {
  state: { table: 'log_states', first: 'seq', last: 'seq', data: 'state', known: ['NULL', 'NULL'] },
  history: { table: 'log_history', first: 'from_seq', last: 'to_seq', data: 'data', known: ['NULL', 'NULL'] },
  row: { table: 'log_rows', first: 'seq', last: 'seq', data: 'data', known: ['person_id', 'at'] },
} as const;

export type AsideTables = ReturnType<typeof createAsideTables>;

export function createAsideTables({ database, atomically }: Engine) {
  const raise = (articleId: string) =>
    database.updateTable('articles').set({ epoch: sql<number>`epoch + 1` }).where('id', '=', articleId);

  const setAside = (
    part: keyof typeof PARTS,
    articleId: string,
    { upTo, asideAt }: { upTo: number; asideAt: number },
  ): Compilable[] => {
    const { table, first, last, data, known } = PARTS[part];
    const which = sql`FROM ${sql.table(table)} WHERE article_id = ${articleId} AND ${sql.ref(last)} <= ${upTo}`;
    return [
      compilable(
        database,
        sql`INSERT INTO log_aside (article_id, aside_at, part, from_seq, to_seq, person_id, at, data, checksum)
          SELECT article_id, ${sql.lit(asideAt)}, ${sql.lit(part)}, ${sql.ref(first)}, ${sql.ref(last)},
            ${sql.raw(known.join(', '))}, ${sql.ref(data)}, checksum ${which}`,
      ),
      compilable(database, sql`DELETE ${which}`),
    ];
  };

  const setStateAside = (articleId: string, asideAt: number): Compilable[] =>
    setAside('state', articleId, { upTo: Number.MAX_SAFE_INTEGER, asideAt });

  const setHistoryAside = (articleId: string, upTo: number, asideAt: number): Compilable[] => [
    ...setAside('history', articleId, { upTo, asideAt }),
    ...setAside('row', articleId, { upTo, asideAt }),
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
      await atomically([
        ...setStateAside(articleId, asideAt),
        database.insertInto('log_states').values({ article_id: articleId, ...writeState(state) }),
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
