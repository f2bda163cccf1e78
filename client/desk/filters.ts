// Which articles the board shows. Pure.
import type { ArticleSummary, Person } from '../../shared/protocol/rest.ts';
import { sumProgress } from './progress.ts';

export const STATES = ['all', 'translating', 'reviewing', 'stale', 'claims', 'done'] as const;
/**
 * `translating`: words are missing or unconfirmed; `reviewing`: confirmed translations wait for a reviewer; `stale`: the
 * source changed since; `claims`: claims without a verdict; `done`: every word is final.
 */
export type ArticleState = (typeof STATES)[number];

export interface DeskFilter {
  /** A target or source language, or '' for any. */
  language: string;
  state: ArticleState;
  mine: boolean;
  search: string;
}

export const NO_FILTER: DeskFilter = { language: '', state: 'all', mine: false, search: '' };

export function isFiltering(filter: DeskFilter): boolean {
  return filter.language !== '' || filter.state !== 'all' || filter.mine || filter.search.trim() !== '';
}

/** Whether the article is one that `person` has to do with: they made it, or translate into one of its languages. */
export function isMine(article: ArticleSummary, person: Pick<Person, 'id' | 'languages'>): boolean {
  return (
    article.createdBy.id === person.id || languagesOf(article).some((language) => person.languages.includes(language))
  );
}

export function matches(
  article: ArticleSummary,
  filter: DeskFilter,
  person: Pick<Person, 'id' | 'languages'>,
): boolean {
  if (filter.language !== '' && !languagesOf(article).includes(filter.language)) return false;
  if (filter.mine && !isMine(article, person)) return false;
  return isInState(article, filter.state) && isFound(article, filter.search);
}

/** All languages of these articles, sorted by tag. */
export function languagesIn(articles: readonly ArticleSummary[]): string[] {
  return [...new Set(articles.flatMap(languagesOf))].sort();
}

/** The filter as it stands in the address of the desk, and back; what is not known there counts as not given. */
export function filterFromSearch(search: URLSearchParams): DeskFilter {
  const state = search.get('state');
  return {
    language: search.get('language') ?? '',
    state: STATES.find((known) => known === state) ?? 'all',
    mine: search.get('mine') === 'yes',
    search: search.get('q') ?? '',
  };
}

export function filterToSearch(filter: DeskFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.search !== '') search.set('q', filter.search);
  if (filter.language !== '') search.set('language', filter.language);
  if (filter.state !== 'all') search.set('state', filter.state);
  if (filter.mine) search.set('mine', 'yes');
  return search;
}

function languagesOf(article: ArticleSummary): string[] {
  return [article.sourceLanguage, ...article.targetLanguages];
}

function isInState(article: ArticleSummary, state: ArticleState): boolean {
  if (state === 'all') return true;
  if (state === 'claims') return article.unverifiedClaims > 0;
  const sum = sumProgress(article.progress);
  if (state === 'translating') return sum.missing + sum.draft > 0;
  if (state === 'reviewing') return sum.translated > 0;
  if (state === 'stale') return sum.stale > 0;
  return sum.total > 0 && sum.final === sum.total;
}

/** Every word of the search stands in the title or in the maker's name. */
function isFound(article: ArticleSummary, search: string): boolean {
  const hay = folded(`${article.title} ${article.createdBy.name}`);
  return folded(search)
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

function folded(text: string): string {
  return text.normalize('NFC').toLocaleLowerCase().replaceAll('ё', 'е');
}
