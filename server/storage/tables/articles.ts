// Articles as the desk lists them, their epochs, and who stands how in which. What an article says is in the log.
import type { Standing } from '../../../shared/access/roles.ts';
import type { ArticleSummary } from '../../../shared/protocol/rest.ts';
import { rowChecksum } from '../archive/checksum.ts';
import { StorageError } from '../errors.ts';
import type { Engine, Tables } from '../schema.ts';
import type { ArticleStore } from '../types.ts';
import { type Cursor, createFinding } from './finding.ts';

export function createArticleStore({ database, atomically }: Engine): ArticleStore {
  const finding = createFinding({ database, atomically });
  return {
    async create(article) {
      try {
        await atomically([
          database.insertInto('articles').values({
            id: article.id,
            created_by: article.createdBy,
            created_at: article.createdAt,
            epoch: 1,
            head: 1,
            base: 0,
          }),
          database.insertInto('summaries').values({
            article_id: article.id,
            changed_at: article.summary.changedAt,
            summary: JSON.stringify(article.summary),
          }),
          ...finding.renew([article.summary]),
          database.insertInto('log_rows').values({
            article_id: article.id,
            seq: 1,
            person_id: article.createdBy,
            at: article.createdAt,
            data: article.update,
            bytes: article.update.length,
            checksum: rowChecksum({
              articleId: article.id,
              seq: 1,
              personId: article.createdBy,
              at: article.createdAt,
              data: article.update,
            }),
          }),
        ]);
        return true;
      } catch (error) {
        if (error instanceof StorageError && error.code === 'exists') return false;
        throw error;
      }
    },

    async summary(id) {
      const row = await database
        .selectFrom('summaries')
        .select('summary')
        .where('article_id', '=', id)
        .executeTakeFirst();
      return row ? readSummary(row) : null;
    },

    page: (limit, cursor, conditions = []) =>
      finding.page(limit, cursor === undefined ? null : readCursor(cursor), conditions),

    languages: finding.languages,

    async ids() {
      const rows = await database.selectFrom('articles').select('id').orderBy('id').execute();
      return rows.map(({ id }) => id);
    },

    async saveSummaries(summaries) {
      // In one order everywhere: two processes that lock each other's rows would wait for ever.
      const inOrder = [...summaries].sort((a, b) => (a.id < b.id ? -1 : 1));
      const saved = await atomically([
        ...inOrder.map((summary) =>
          database
            .updateTable('summaries')
            .set({ changed_at: summary.changedAt, summary: JSON.stringify(summary) })
            .where('article_id', '=', summary.id)
            .returning('article_id'),
        ),
        ...finding.renew(inOrder),
      ]);
      return new Set(saved.slice(0, inOrder.length).flatMap((rows) => rows.map((row) => String(row.article_id))));
    },

    async epoch(id) {
      const row = await database.selectFrom('articles').select('epoch').where('id', '=', id).executeTakeFirst();
      return row?.epoch ?? 0;
    },

    async setEpoch(id, epoch) {
      await database.updateTable('articles').set({ epoch }).where('id', '=', id).execute();
    },

    async remove(id) {
      await database.deleteFrom('articles').where('id', '=', id).execute();
    },

    async standing(articleId, personId) {
      const row = await database
        .selectFrom('standings')
        .selectAll()
        .where('article_id', '=', articleId)
        .where('person_id', '=', personId)
        .executeTakeFirst();
      return row ? readStanding(row) : null;
    },

    async standings(articleId) {
      const rows = await database
        .selectFrom('standings')
        .selectAll()
        .where('article_id', '=', articleId)
        .orderBy('person_id')
        .execute();
      return new Map(rows.map((row) => [row.person_id, readStanding(row)]));
    },

    async setStanding(articleId, personId, standing) {
      if (standing === null) {
        await database
          .deleteFrom('standings')
          .where('article_id', '=', articleId)
          .where('person_id', '=', personId)
          .execute();
        return;
      }
      const given = { role: standing.role, languages: JSON.stringify(standing.languages) };
      await database
        .insertInto('standings')
        .values({ article_id: articleId, person_id: personId, ...given })
        .onConflict((conflict) => conflict.columns(['article_id', 'person_id']).doUpdateSet(given))
        .execute();
    },
  };
}

function readCursor(cursor: string): Cursor | null {
  const [, changedAt, id] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  return changedAt === undefined || id === undefined ? null : { changedAt: Number(changedAt), id };
}

function readSummary(row: Pick<Tables['summaries'], 'summary'>): ArticleSummary {
  return JSON.parse(row.summary) as ArticleSummary;
}

function readStanding(row: Tables['standings']): Standing {
  return { role: row.role, languages: JSON.parse(row.languages) as string[] };
}
