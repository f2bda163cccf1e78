// What the tables of the log hold, as they hold it: rows not yet in the history, stretches of history, the compacted state.
// It moves bytes; whether they are good, and what they say, others look at.
import type { ArticleSummary } from '../../../shared/protocol/rest.ts';
import type { Packed } from '../archive/packing.ts';
import type { Row } from '../archive/segments.ts';
import type { Engine, Tables } from '../schema.ts';

export interface StoredRow extends Row {
  checksum: number | null;
}

/** Rows `from` to `to` in one piece (server/storage/archive/segments.ts), compressed. */
export interface StoredSegment {
  from: number;
  to: number;
  data: Uint8Array;
  checksum: number;
}

/** The document as it is after row `seq`. */
export interface StoredDocument {
  seq: number;
  packed: Packed;
  stateVector: Uint8Array;
  checksum: number | null;
  /** Where it may be cut, as it is stored: archive/places.ts. */
  places: Uint8Array | null;
}

/** The present history holds the rows after `base` up to `head`. */
export interface Bounds {
  base: number;
  head: number;
}

export interface Present {
  bounds: Bounds;
  /** As the desk has them. */
  languages: string[];
  state: StoredDocument | null;
  /** The rows after the state, oldest first. */
  tail: StoredRow[];
}

export type HistoryTables = ReturnType<typeof createHistoryTables>;

export function createHistoryTables({ database, atomically }: Engine) {
  const rows = (articleId: string, after: number, upTo: number, limit: number) =>
    database
      .selectFrom('log_rows')
      .select(['seq', 'person_id', 'at', 'data', 'checksum'])
      .where('article_id', '=', articleId)
      .where('seq', '>', after)
      .where('seq', '<=', upTo)
      .orderBy('seq')
      .limit(limit);

  const segments = (articleId: string, from: number, to: number) =>
    database
      .selectFrom('log_history')
      .select(['from_seq', 'to_seq', 'data', 'checksum'])
      .where('article_id', '=', articleId)
      .where('to_seq', '>=', from)
      .where('from_seq', '<=', to)
      .orderBy('from_seq');

  return {
    async bounds(articleId: string): Promise<Bounds | null> {
      const row = await database
        .selectFrom('articles')
        .select(['base', 'head'])
        .where('id', '=', articleId)
        .executeTakeFirst();
      return row ? readBounds(row) : null;
    },

    /** The article's last row (null if there is no such article), and those of its rows after `seq` that are not history. */
    async after(articleId: string, seq: number): Promise<[number | null, StoredRow[]]> {
      const [articles, found] = await atomically([
        database.selectFrom('articles').select('head').where('id', '=', articleId),
        rows(articleId, seq, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      ]);
      const head = articles?.[0]?.head;
      return [
        head === undefined ? null : Number(head),
        ((found ?? []) as unknown as Tables['log_rows'][]).map(readRow),
      ];
    },

    /** All that opens an article, as of one moment. Null if there is no such article. */
    async present(articleId: string): Promise<Present | null> {
      const [articles, summaries, states, tail] = await atomically([
        database.selectFrom('articles').select(['base', 'head']).where('id', '=', articleId),
        database.selectFrom('summaries').select('summary').where('article_id', '=', articleId),
        database.selectFrom('log_states').selectAll().where('article_id', '=', articleId),
        database
          .selectFrom('log_rows')
          .select(['seq', 'person_id', 'at', 'data', 'checksum'])
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
      const state = states?.[0] as Tables['log_states'] | undefined;
      return {
        bounds: readBounds(article as unknown as Bounds),
        languages: readLanguages(summaries?.[0] as Tables['summaries'] | undefined),
        state: state ? readState(state) : null,
        tail: (tail as unknown as Tables['log_rows'][]).map(readRow),
      };
    },

    async state(articleId: string): Promise<StoredDocument | null> {
      const row = await database
        .selectFrom('log_states')
        .selectAll()
        .where('article_id', '=', articleId)
        .executeTakeFirst();
      return row ? readState(row) : null;
    },

    /** The row that the stored state is of. */
    async stateRow(articleId: string): Promise<number | null> {
      const row = await database
        .selectFrom('log_states')
        .select('seq')
        .where('article_id', '=', articleId)
        .executeTakeFirst();
      return row ? Number(row.seq) : null;
    },

    /** An older state never replaces a newer one, whoever comes late. */
    async saveState(articleId: string, state: StoredDocument): Promise<void> {
      const { seq } = state;
      const stored = writeState(state);
      await database
        .insertInto('log_states')
        .values({ article_id: articleId, ...stored })
        .onConflict((conflict) => conflict.column('article_id').doUpdateSet(stored).where('log_states.seq', '<=', seq))
        .execute();
    },

    async rows(articleId: string, after: number, upTo: number, limit: number): Promise<StoredRow[]> {
      return (await rows(articleId, after, upTo, limit).execute()).map(readRow);
    },

    /** The oldest rows up to `upTo`: at most `limit`, and of at most `bytes` together (but one in any case). */
    async oldestRows(articleId: string, upTo: number, limit: number, bytes: number): Promise<StoredRow[]> {
      const sizes = await database
        .selectFrom('log_rows')
        .select(['seq', 'bytes'])
        .where('article_id', '=', articleId)
        .where('seq', '<=', upTo)
        .orderBy('seq')
        .limit(limit)
        .execute();
      if (sizes.length === 0) return [];
      let count = 1;
      let total = Number(sizes[0]!.bytes);
      while (count < sizes.length && total + Number(sizes[count]!.bytes) <= bytes) {
        total += Number(sizes[count]!.bytes);
        count += 1;
      }
      return (await rows(articleId, 0, Number(sizes[count - 1]!.seq), limit).execute()).map(readRow);
    },

    /** The first stretch that holds a row after `after`. */
    async segmentAfter(articleId: string, after: number, upTo: number): Promise<StoredSegment | null> {
      const row = await segments(articleId, after + 1, upTo)
        .limit(1)
        .executeTakeFirst();
      return row ? readSegment(row) : null;
    },

    /** Stretches and rows between two numbers as of one moment; of rows only what is said about them. */
    async listing(articleId: string, from: number, to: number) {
      const [stretches, infos] = await atomically([
        segments(articleId, from, to),
        database
          .selectFrom('log_rows')
          .select(['seq', 'person_id', 'at', 'bytes'])
          .where('article_id', '=', articleId)
          .where('seq', '>=', from)
          .where('seq', '<=', to)
          .orderBy('seq'),
      ]);
      return {
        segments: (stretches as unknown as Tables['log_history'][]).map(readSegment),
        rows: (infos as unknown as Tables['log_rows'][]).map((row) => ({
          seq: Number(row.seq),
          personId: row.person_id,
          at: Number(row.at),
          bytes: Number(row.bytes),
        })),
      };
    },

    /** The last row in a stretch of history, or null. */
    async lastInHistory(articleId: string): Promise<number | null> {
      const row = await database
        .selectFrom('log_history')
        .select('to_seq')
        .where('article_id', '=', articleId)
        .orderBy('to_seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? Number(row.to_seq) : null;
    },

    /** Puts a stretch in the place of its rows. */
    async moveToHistory(articleId: string, { from, to, data, checksum }: StoredSegment): Promise<void> {
      await atomically([
        database
          .insertInto('log_history')
          .values({ article_id: articleId, from_seq: from, to_seq: to, data, checksum }),
        database
          .deleteFrom('log_rows')
          .where('article_id', '=', articleId)
          .where('seq', '>=', from)
          .where('seq', '<=', to),
      ]);
    },
  };
}

function readBounds({ base, head }: { base: number; head: number }): Bounds {
  return { base: Number(base), head: Number(head) };
}

function readLanguages(row: Pick<Tables['summaries'], 'summary'> | undefined): string[] {
  if (!row) return [];
  const { sourceLanguage, targetLanguages } = JSON.parse(row.summary) as ArticleSummary;
  return [sourceLanguage, ...targetLanguages];
}

function readRow(row: Pick<Tables['log_rows'], 'seq' | 'person_id' | 'at' | 'data' | 'checksum'>): StoredRow {
  return {
    seq: Number(row.seq),
    personId: row.person_id,
    at: Number(row.at),
    data: row.data,
    checksum: readChecksum(row),
  };
}

function readState(row: Tables['log_states']): StoredDocument {
  return {
    seq: Number(row.seq),
    packed: { form: row.form, data: row.state },
    stateVector: row.state_vector,
    checksum: readChecksum(row),
    places: row.places,
  };
}

/** As a row of `log_states`, without its article. */
export function writeState({ seq, packed, stateVector, checksum, places }: StoredDocument) {
  return { seq, form: packed.form, state: packed.data, state_vector: stateVector, checksum, places };
}

function readSegment(row: Pick<Tables['log_history'], 'from_seq' | 'to_seq' | 'data' | 'checksum'>): StoredSegment {
  return { from: Number(row.from_seq), to: Number(row.to_seq), data: row.data, checksum: Number(row.checksum) };
}

function readChecksum({ checksum }: { checksum: number | null }): number | null {
  return checksum === null ? null : Number(checksum);
}
