// What waits for a person at the desk.
import type { Notification } from '../../../shared/protocol/rest.ts';
import type { Engine } from '../schema.ts';
import type { NotificationStore } from '../types.ts';

type Body = Omit<Notification, 'id' | 'articleId' | 'at' | 'readAt'>;

export function createNotificationStore({ database }: Engine): NotificationStore {
  return {
    async create(personId, { id, articleId, at, readAt, ...body }) {
      await database
        .insertInto('notifications')
        .values({
          id,
          person_id: personId,
          article_id: articleId,
          at,
          read_at: readAt,
          body: JSON.stringify(body satisfies Body),
        })
        .execute();
    },

    async list(personId, limit) {
      const rows = await database
        .selectFrom('notifications')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        articleId: row.article_id,
        at: row.at,
        readAt: row.read_at,
        ...(JSON.parse(row.body) as Body),
      }));
    },

    async markRead(personId, ids, at) {
      if (ids !== 'all' && ids.length === 0) return;
      let query = database
        .updateTable('notifications')
        .set({ read_at: at })
        .where('person_id', '=', personId)
        .where('read_at', 'is', null);
      if (ids !== 'all') query = query.where('id', 'in', [...ids]);
      await query.execute();
    },
  };
}
