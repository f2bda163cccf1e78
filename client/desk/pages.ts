// The pages of articles that the board holds, and what news of single articles make of them. Pure.
import type { InfiniteData } from '@tanstack/react-query';
import { byChange, type Condition, meets } from '../../shared/desk/finding.ts';
import type { ArticleList, ArticleSummary } from '../../shared/protocol/rest.ts';

/** What marks a page matters to nobody here. */
export type ArticlePages = InfiniteData<ArticleList, unknown>;

/** Every article of the pages once, the last changed first. */
export function articlesOn(pages: ArticlePages): ArticleSummary[] {
  // What changed between two askings is on both pages, and newer on the later one.
  const articles = new Map(pages.pages.flatMap((page) => page.articles).map((article) => [article.id, article]));
  return [...articles.values()].sort(byChange);
}

/** How many articles there are on all pages; null if that is not known. */
export function totalOf(pages: ArticlePages): number | null {
  return pages.pages.at(-1)?.next === null ? articlesOn(pages).length : (pages.pages[0]?.total ?? null);
}

/** With an article as it is now; without it if it no longer meets the conditions. One that is not on the pages is not put there. */
export function withChanged(
  pages: ArticlePages,
  changed: ArticleSummary,
  conditions: readonly Condition[],
): ArticlePages {
  if (!meets(changed, conditions)) return without(pages, changed.id);
  return eachPage(pages, (articles) => articles.map((article) => (article.id === changed.id ? changed : article)));
}

export function without(pages: ArticlePages, articleId: string): ArticlePages {
  const had = pages.pages.some(({ articles }) => articles.some(({ id }) => id === articleId));
  if (!had) return pages;
  const left = eachPage(pages, (articles) => articles.filter(({ id }) => id !== articleId));
  return { ...left, pages: left.pages.map((page) => ({ ...page, total: page.total && page.total - 1 })) };
}

/**
 * With the first page as it is now; null if that does not join on to what is there (so much has come since): then everything
 * has to be asked anew.
 */
export function withFirst(pages: ArticlePages, fresh: ArticleList): ArticlePages | null {
  const [first, ...others] = pages.pages;
  if (!first) return null;
  const ids = new Set(fresh.articles.map(({ id }) => id));
  const known = new Set(articlesOn(pages).map(({ id }) => id));
  const joins = fresh.next === null || [...ids].some((id) => known.has(id));
  if (!joins) return null;
  const isOld = ({ id }: ArticleSummary) => !ids.has(id);
  return {
    ...pages,
    pages: [
      { articles: [...fresh.articles, ...first.articles.filter(isOld)], next: first.next, total: fresh.total },
      ...others.map((page) => ({ ...page, articles: page.articles.filter(isOld) })),
    ],
  };
}

function eachPage(pages: ArticlePages, change: (articles: ArticleSummary[]) => ArticleSummary[]): ArticlePages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, articles: change(page.articles) })) };
}
