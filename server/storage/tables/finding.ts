// The index of what articles are found by (shared/desk/finding.ts): one row for each term of each article, the same on both
// engines. What few articles have is read by its term; what many have is looked for among the newest articles, one by one.
// So no question reads a table, and each is answered from a bounded number of rows or by walking where there is much to find.
import { type Compilable, type RawBuilder, type SqlBool, sql } from 'kysely';
import { byChange, type Condition, LANGUAGE_TERM, meets, termsOf } from '../../../shared/desk/finding.ts';
import type { ArticleSummary } from '../../../shared/protocol/rest.ts';
import { compilable } from '../prepared.ts';
import type { Database, Engine } from '../schema.ts';
import type { ArticlePage } from '../types.ts';

/** So many articles are read and looked at by themselves; what more articles have is frequent. */
const FEW = 500;
/** After every word that begins so, in the order of bytes: no word contains it. */
const LAST = '\u{10FFFF}';
/** Rows that the index is filled with in one transaction. */
const FILLED_AT_ONCE = 200;

export interface Cursor {
  changedAt: number;
  id: string;
}

export type Finding = ReturnType<typeof createFinding>;

export function createFinding({ database, atomically }: Pick<Engine, 'database' | 'atomically'>) {
  /** Who meets `condition`, in no order, an article perhaps twice; at most one more than are few. */
  const holders = (condition: Condition): Compilable => {
    const most = sql.lit(FEW + 1);
    if ('begins' in condition) {
      return compilable(
        database,
        sql`SELECT article_id FROM desk_terms WHERE ${hasTerm('desk_terms', condition)} ORDER BY term, article_id LIMIT ${most}`,
      );
    }
    const each = condition.anyOf.map(
      (term) =>
        sql`SELECT article_id FROM (SELECT article_id FROM desk_terms WHERE term = ${term} ORDER BY article_id LIMIT ${most}) AS one`,
    );
    return compilable(database, sql`${sql.join(each, sql` UNION ALL `)} LIMIT ${most}`);
  };

  async function among(ids: readonly string[], conditions: readonly Condition[]): Promise<ArticleSummary[]> {
    if (ids.length === 0) return [];
    const rows = await database.selectFrom('summaries').select('summary').where('article_id', 'in', ids).execute();
    const articles = rows.map(({ summary }) => JSON.parse(summary) as ArticleSummary);
    return articles.filter((article) => meets(article, conditions)).sort(byChange);
  }

  /** The newest ones after `cursor`. A scalar subquery is not made into a join: it is asked for one article after the other. */
  async function walk(
    conditions: readonly Condition[],
    most: number,
    cursor: Cursor | null,
  ): Promise<ArticleSummary[]> {
    const rows = await database
      .selectFrom('summaries')
      .select('summary')
      .where((eb) =>
        eb.and([
          ...(cursor ? [sql<SqlBool>`(changed_at, article_id) < (${cursor.changedAt}, ${cursor.id})`] : []),
          ...conditions.map(
            (condition) =>
              sql<SqlBool>`(SELECT 1 FROM desk_terms WHERE desk_terms.article_id = summaries.article_id
                AND ${hasTerm('desk_terms', condition)} LIMIT 1) = 1`,
          ),
        ]),
      )
      .orderBy('changed_at', 'desc')
      .orderBy('article_id', 'desc')
      .limit(most)
      .execute();
    return rows.map(({ summary }) => JSON.parse(summary) as ArticleSummary);
  }

  return {
    /** See ArticleStore.page. */
    async page(limit: number, cursor: Cursor | null, conditions: readonly Condition[]): Promise<ArticlePage> {
      const found = await Promise.all(conditions.map((condition) => idsOf(holders(condition))));
      const fewest = found.sort((a, b) => a.length - b.length)[0];
      if (fewest && fewest.length <= FEW) {
        const all = await among([...new Set(fewest)], conditions);
        const left = cursor ? all.filter((article) => isAfter(article, cursor)) : all;
        return cut(left, limit, all.length);
      }
      const articles = await walk(conditions, limit + 1, cursor);
      return cut(articles, limit, cursor === null && articles.length <= limit ? articles.length : null);
    },

    /** All languages that articles have, sorted by tag: from each to the next one in the index. */
    async languages(): Promise<string[]> {
      const next = (after: RawBuilder<unknown>) =>
        sql`(SELECT min(term) FROM desk_terms WHERE term > ${after} AND term < ${LANGUAGE_TERM + LAST})`;
      const { rows } = await sql<{ term: string }>`
        WITH RECURSIVE known (term) AS (
          SELECT ${next(sql`${LANGUAGE_TERM}`)}
          UNION ALL SELECT ${next(sql`known.term`)} FROM known WHERE known.term IS NOT NULL
        ) SELECT term FROM known WHERE term IS NOT NULL`.execute(database);
      return rows.map(({ term }) => term.slice(LANGUAGE_TERM.length));
    },

    /** Makes the terms of these articles those that they have now. Articles that do not exist are left out. */
    renew: (articles: readonly ArticleSummary[]): Compilable[] => renewTerms(database, articles),

    /** Fills the index from what is stored. What it holds already stays. */
    async fill(): Promise<void> {
      for (let after = ''; ; ) {
        const rows = await database
          .selectFrom('summaries')
          .selectAll()
          .where('article_id', '>', after)
          .orderBy('article_id')
          .limit(FILLED_AT_ONCE)
          .execute();
        const last = rows.at(-1);
        if (!last) return;
        await atomically(
          renewTerms(
            database,
            rows.map(({ summary }) => JSON.parse(summary) as ArticleSummary),
          ),
        );
        after = last.article_id;
      }
    },
  };

  async function idsOf(query: Compilable): Promise<string[]> {
    const { rows } = await database.executeQuery(query.compile());
    return rows.map((row) => String((row as { article_id: string }).article_id));
  }
}

function renewTerms(database: Database, articles: readonly ArticleSummary[]): Compilable[] {
  if (articles.length === 0) return [];
  const pairs = sql.join(articles.flatMap((article) => termsOf(article).map((term) => sql`(${article.id}, ${term})`)));
  const ids = sql.join(articles.map(({ id }) => id));
  return [
    compilable(
      database,
      sql`DELETE FROM desk_terms WHERE article_id IN (${ids}) AND (article_id, term) NOT IN (VALUES ${pairs})`,
    ),
    compilable(
      database,
      sql`INSERT INTO desk_terms (article_id, term)
        SELECT given.column1, given.column2 FROM (VALUES ${pairs}) AS given
        WHERE EXISTS (SELECT 1 FROM summaries WHERE summaries.article_id = given.column1)
        ON CONFLICT DO NOTHING`,
    ),
  ];
}

function hasTerm(table: string, condition: Condition): RawBuilder<unknown> {
  const term = sql.ref(`${table}.term`);
  return 'begins' in condition
    ? sql`${term} >= ${condition.begins} AND ${term} < ${condition.begins + LAST}`
    : sql`${term} IN (${sql.join(condition.anyOf)})`;
}

function isAfter(article: ArticleSummary, cursor: Cursor): boolean {
  return article.changedAt < cursor.changedAt || (article.changedAt === cursor.changedAt && article.id < cursor.id);
}

/** `articles` may be more than fit. */
function cut(articles: readonly ArticleSummary[], limit: number, total: number | null): ArticlePage {
  const shown = articles.slice(0, limit);
  const last = articles.length > limit ? shown.at(-1) : undefined;
  return { articles: shown, next: last ? `${last.changedAt}.${last.id}` : null, total };
}
