// Who is told what of articles: each window hears of those that it shows, and only that there is something new of others. So what
// a window costs does not grow with the newsroom. It knows windows as rooms of sockets, and nothing of the network.
import { MOST_WATCHED, type PresentPerson } from '../../shared/protocol/events.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { createCoalescer } from './coalesce.ts';

/** Of one article, news of each kind. */
export const ARTICLE_EVERY_MS = 1_000;
/** That there is something new at all. */
export const NEWS_EVERY_MS = 5_000;
/** An article that was quiet for so long and changes is something new for those who do not show it. */
const AT_REST_AFTER_MS = 60_000;

/** Whoever watches any articles. */
export const DESK = 'desk';
const ARTICLE = 'desk:';

/** What of a socket this needs to know. */
export interface WatchingSocket {
  readonly rooms: ReadonlySet<string>;
  join(room: string[]): Promise<void> | void;
  leave(room: string): Promise<void> | void;
}

export interface DeskNewsParts {
  /** To the windows of a room, in this process. */
  tell(room: string, name: 'desk.article' | 'desk.presence' | 'desk.news', ...values: unknown[]): void;
  /** Milliseconds of a steady clock. */
  now(): number;
}

export type DeskNews = ReturnType<typeof createDeskNews>;

export function createDeskNews({ tell, now }: DeskNewsParts) {
  const presence = new Map<string, PresentPerson[]>();
  /** When articles changed last: those that are not at rest. */
  const changedAt = new Map<string, number>();
  const summaries = createCoalescer<ArticleSummary>(ARTICLE_EVERY_MS, (id, summary) =>
    tell(ARTICLE + id, 'desk.article', summary),
  );
  const people = createCoalescer<PresentPerson[]>(ARTICLE_EVERY_MS, (id, present) =>
    tell(ARTICLE + id, 'desk.presence', id, present),
  );
  const news = createCoalescer<null>(NEWS_EVERY_MS, () => {
    const rest = now() - AT_REST_AFTER_MS;
    for (const [id, at] of changedAt) if (at < rest) changedAt.delete(id);
    tell(DESK, 'desk.news');
  });

  return {
    /** Answers with who is in these articles. What is no list of ids is none. */
    watch(socket: WatchingSocket, articleIds: unknown): Record<string, PresentPerson[]> {
      const given: unknown[] = Array.isArray(articleIds) ? articleIds.slice(0, MOST_WATCHED) : [];
      const ids = given.filter((id): id is string => typeof id === 'string' && id.length <= 64);
      const rooms = new Set(ids.map((id) => ARTICLE + id));
      for (const room of socket.rooms) if (room.startsWith(ARTICLE) && !rooms.has(room)) void socket.leave(room);
      void socket.join([DESK, ...rooms]);
      return Object.fromEntries(ids.flatMap((id) => (presence.has(id) ? [[id, presence.get(id) ?? []]] : [])));
    },

    unwatch(socket: WatchingSocket): void {
      for (const room of socket.rooms) if (room === DESK || room.startsWith(ARTICLE)) void socket.leave(room);
    },

    articleChanged(summary: ArticleSummary): void {
      const before = changedAt.get(summary.id);
      changedAt.set(summary.id, now());
      summaries.push(summary.id, summary);
      if (before === undefined || now() - before > AT_REST_AFTER_MS) news.push('', null);
    },

    presenceChanged(articleId: string, present: PresentPerson[]): void {
      if (present.length === 0) presence.delete(articleId);
      else presence.set(articleId, present);
      people.push(articleId, present);
    },

    removed(articleId: string): void {
      presence.delete(articleId);
      changedAt.delete(articleId);
      summaries.forget(articleId);
      people.forget(articleId);
    },

    close(): void {
      for (const one of [summaries, people, news]) one.close();
    },
  };
}
