// Saved states of whole articles, as they lie in the table.
import type { SnapshotInfo } from '../../../shared/protocol/rest.ts';
import type { Packed } from '../archive/packing.ts';
import type { Engine, Tables } from '../schema.ts';

export interface StoredSnapshot {
  /** The row after which the document was as it is here; null if that was not recorded. */
  seq: number | null;
  packed: Packed;
  checksum: number | null;
}

const INFO = ['id', 'article_id', 'kind', 'name', 'created_at', 'made_by', 'words'] as const;

export type SnapshotTables = ReturnType<typeof createSnapshotTables>;

export function createSnapshotTables({ database }: Engine) {
  return {
    async insert(info: SnapshotInfo, { seq, packed, checksum }: StoredSnapshot): Promise<void> {
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
          seq,
          form: packed.form,
          state: packed.data,
          checksum,
        })
        .execute();
    },

    /** Newest first. */
    async list(articleId: string): Promise<SnapshotInfo[]> {
      const rows = await database
        .selectFrom('snapshots')
        .select(INFO)
        .where('article_id', '=', articleId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(readInfo);
    },

    /** Which rows the snapshots of an article are of. */
    async rows(articleId: string): Promise<{ id: string; seq: number | null }[]> {
      const found = await database
        .selectFrom('snapshots')
        .select(['id', 'seq'])
        .where('article_id', '=', articleId)
        .orderBy('created_at')
        .execute();
      return found.map(({ id, seq }) => ({ id, seq: seq === null ? null : Number(seq) }));
    },

    async find(articleId: string, snapshotId: string): Promise<(StoredSnapshot & { info: SnapshotInfo }) | null> {
      const row = await database
        .selectFrom('snapshots')
        .selectAll()
        .where('article_id', '=', articleId)
        .where('id', '=', snapshotId)
        .executeTakeFirst();
      if (!row) return null;
      return {
        info: readInfo(row),
        seq: row.seq === null ? null : Number(row.seq),
        packed: { form: row.form, data: row.state },
        checksum: row.checksum === null ? null : Number(row.checksum),
      };
    },
  };
}

function readInfo(row: Pick<Tables['snapshots'], (typeof INFO)[number]>): SnapshotInfo {
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
