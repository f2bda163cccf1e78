// Who is told what of articles, and how often, with time in the test's hand.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ARTICLE_EVERY_MS, createDeskNews, type DeskNews, NEWS_EVERY_MS } from '../../server/live/desk-news.ts';
import { MOST_WATCHED } from '../../shared/protocol/events.ts';
import { newArticle } from '../storage/contract.ts';

const summaryOf = (id: string, words: number) => ({ ...newArticle(id).summary, words });
const person = (id: string) => ({ id, name: id, role: 'reader' as const, color: '#1' });

class Window {
  readonly rooms = new Set<string>(['its own']);
  readonly heard: unknown[][] = [];
  join(rooms: string[]) {
    for (const room of rooms) this.rooms.add(room);
  }
  leave(room: string) {
    this.rooms.delete(room);
  }
}

describe('news of the desk', () => {
  let windows: Window[];
  let desk: DeskNews;
  beforeEach(() => {
    vi.useFakeTimers();
    windows = [];
    desk = createDeskNews({
      tell(room, name, ...values) {
        for (const { rooms, heard } of windows) if (rooms.has(room)) heard.push([name, ...values]);
      },
      now: () => Date.now(),
    });
  });
  afterEach(() => {
    desk.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
  const open = (...ids: string[]) => {
    const window = new Window();
    windows.push(window);
    desk.watch(window, ids);
    return window;
  };
  const ofArticle = ({ heard }: Window) => heard.filter(([name]) => name !== 'desk.news');
  const news = ({ heard }: Window) => heard.filter(([name]) => name === 'desk.news').length;

  it('LIVE-7 tells a window of the articles that it shows, and of no others', () => {
    const [one, two, all] = [open('a'), open('b'), open('a', 'b')];
    desk.articleChanged(summaryOf('a', 1));
    desk.presenceChanged('b', [person('p')]);
    expect(ofArticle(one)).toEqual([['desk.article', summaryOf('a', 1)]]);
    expect(ofArticle(two)).toEqual([['desk.presence', 'b', [person('p')]]]);
    expect(ofArticle(all)).toHaveLength(2);
    expect(desk.watch(one, ['b', 'c'])).toEqual({ b: [person('p')] });
    expect(one.rooms).toEqual(new Set(['its own', 'desk', 'desk:b', 'desk:c']));
    desk.unwatch(one);
    expect(one.rooms).toEqual(new Set(['its own']));
  });

  it('LIVE-7 bounds what a window can ask for', () => {
    const window = open(...Array.from({ length: MOST_WATCHED + 50 }, (_none, index) => `a${index}`));
    expect(window.rooms.size).toBe(MOST_WATCHED + 2);
    for (const nonsense of [null, 'a', { length: 3 }, [7, null, 'x'.repeat(65)]])
      expect(desk.watch(window, nonsense)).toEqual({});
    expect(window.rooms.size).toBe(2);
  });

  it('LIVE-8 tells of one article at most once in a second: the first change at once, then the last one', () => {
    const window = open('a');
    for (let words = 1; words <= 10; words += 1) desk.articleChanged(summaryOf('a', words));
    for (const people of [['p'], ['p', 'q'], ['p'], []]) desk.presenceChanged('a', people.map(person));
    expect(ofArticle(window)).toEqual([
      ['desk.article', summaryOf('a', 1)],
      ['desk.presence', 'a', [person('p')]],
    ]);
    vi.advanceTimersByTime(ARTICLE_EVERY_MS);
    expect(ofArticle(window).slice(2)).toEqual([
      ['desk.article', summaryOf('a', 10)],
      ['desk.presence', 'a', []],
    ]);
    vi.advanceTimersByTime(60 * ARTICLE_EVERY_MS);
    expect(ofArticle(window)).toHaveLength(4);
    desk.articleChanged(summaryOf('a', 11));
    desk.articleChanged(summaryOf('a', 12));
    desk.removed('a');
    vi.advanceTimersByTime(ARTICLE_EVERY_MS);
    expect(ofArticle(window)).toHaveLength(5);
  });

  it('LIVE-8 says that there is something new at most once in five seconds, and not of what is being worked at', () => {
    const window = open();
    for (let made = 0; made < 1_000; made += 1) desk.articleChanged(summaryOf(`a${made}`, 1));
    expect(news(window)).toBe(1);
    vi.advanceTimersByTime(NEWS_EVERY_MS);
    expect(news(window)).toBe(2);
    for (let second = 0; second < 120; second += 2) {
      desk.articleChanged(summaryOf('a1', second));
      vi.advanceTimersByTime(2_000);
    }
    expect(news(window)).toBe(2);
    vi.advanceTimersByTime(120_000);
    desk.articleChanged(summaryOf('a1', 1));
    expect(news(window)).toBe(3);
    expect(ofArticle(window)).toEqual([]);
  });
});
