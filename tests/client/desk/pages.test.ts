// What the board holds of a long list, and what news make of it.
import { describe, expect, it } from 'vitest';
import { type ArticlePages, articlesOn, totalOf, withChanged, withFirst, without } from '../../../client/desk/pages.ts';
import { conditionsOf, NO_FILTER } from '../../../shared/desk/finding.ts';
import type { ArticleList, ArticleSummary } from '../../../shared/protocol/rest.ts';
import { newArticle } from '../../storage/contract.ts';

const article = (id: string, changedAt: number, title = id): ArticleSummary => ({
  ...newArticle(id).summary,
  title,
  changedAt,
});
const page = (articles: ArticleSummary[], next: string | null, total: number | null = null): ArticleList => ({
  articles,
  next,
  total,
});
const pages = (...given: ArticleList[]): ArticlePages => ({ pages: given, pageParams: given.map(() => null) });
const ids = (given: ArticlePages) => articlesOn(given).map(({ id }) => id);

const two = pages(page([article('d', 40), article('c', 30)], '30.c', 5), page([article('b', 20)], '20.b', 5));

describe('pages of the board', () => {
  it('DESK-9 shows every article once, the last changed first', () => {
    expect(ids(two)).toEqual(['d', 'c', 'b']);
    expect(
      ids(pages(page([article('d', 40), article('c', 30)], 'x'), page([article('c', 25), article('b', 20)], null))),
    ).toEqual(['d', 'c', 'b']);
  });

  it('DESK-10 says how many there are when that is known', () => {
    expect(totalOf(two)).toBe(5);
    expect(totalOf(pages(page([article('a', 1)], '1.a')))).toBeNull();
    expect(totalOf(pages(page([article('b', 2)], '2.b'), page([article('a', 1)], null)))).toBe(2);
    expect(totalOf(without(two, 'c'))).toBe(4);
  });

  it('DESK-11 follows what changes, and lets go of what no longer fits the filter', () => {
    expect(ids(withChanged(two, article('b', 50), []))).toEqual(['b', 'd', 'c']);
    expect(ids(withChanged(two, article('x', 50), []))).toEqual(['d', 'c', 'b']);
    const conditions = conditionsOf({ ...NO_FILTER, search: 'c' }, { id: '', languages: [] });
    expect(ids(withChanged(two, article('c', 50, 'Another'), conditions))).toEqual(['d', 'b']);
    expect(ids(without(two, 'd'))).toEqual(['c', 'b']);
  });

  it('DESK-11 puts what has come before what is there, and begins anew where that does not join on', () => {
    const fresh = page([article('e', 60), article('b', 55), article('d', 40)], '40.d', 6);
    const joined = withFirst(two, fresh)!;
    expect(ids(joined)).toEqual(['e', 'b', 'd', 'c']);
    expect(joined.pages.at(-1)!.next).toBe('20.b');
    expect(totalOf(joined)).toBe(6);
    expect(withFirst(two, page([article('y', 90), article('x', 80)], '80.x'))).toBeNull();
    expect(ids(withFirst(pages(page([], null, 0)), page([article('x', 80)], null, 1))!)).toEqual(['x']);
  });
});
