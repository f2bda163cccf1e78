// Saved states of whole articles.
import type { SnapshotInfo } from '../../../shared/protocol/rest.ts';
import type { Engine, Tables } from '../schema.ts';
import type { SnapshotStore } from '../types.ts';

const INFO = ['id', 'article_id', 'kind', 'name', 'created_at', 'made_by', 'words'] as const;

export function createSnapshotStore({ database }: Engine): SnapshotStore {
  return {
    async create(info, state) {
      await database
        .insertInto('snapshots')
        .values({
          id: info.id,
          article_id: info.articleId,
          kind: info.kind,
          name: info.name,
          created_at: info.createdAt,
          made_by: info.by ? JSON.stringify(info.by) : null,
          words: info.words,
          state,
        })
        .execute();
    },

    async list(articleId) {
      const rows = await database
        .selectFrom('snapshots')
        .select(INFO)
        .where('article_id', '=', articleId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(readInfo);
    },

    async load(articleId, snapshotId) {
      const row = await database
        .selectFrom('snapshots')
        .selectAll()
        .where('article_id', '=', articleId)
        .where('id', '=', snapshotId)
        .executeTakeFirst();
      return row ? { info: readInfo(row), state: row.state } : null;
    },
  };
}

function readInfo(row: Omit<Tables['snapshots'], 'state'>): SnapshotInfo {
  return {
    id: row.id,
    articleId: row.article_id,
    kind: row.kind,
    name: row.name,
    createdAt: row.created_at,
    by: row.made_by === null ? null : (JSON.parse(row.made_by) as SnapshotInfo['by']),
    words: row.words,
  };
}
