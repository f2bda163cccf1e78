// Which articles the desk finds: what of an article can be looked for, and what somebody looks for. The server keeps the terms
// of every article in an index and asks it; the web app applies the same rule to news of single articles. Pure.
import type { ArticleSummary, Person } from '../protocol/rest.ts';
import { sumProgress } from './progress.ts';
import type { ArticleState } from './states.ts';

export interface DeskFilter {
  /** A target or source language, or '' for any. */
  language: string;
  state: ArticleState;
  mine: boolean;
  search: string;
}

export const NO_FILTER: DeskFilter = { language: '', state: 'all', mine: false, search: '' };

/** One condition: an article has any of these terms, or a word that begins so. All conditions must hold. */
export type Condition = { anyOf: readonly string[] } | { begins: string };

/** A word is known by so much of it, and a text by so many of its words. */
const WORD_LENGTH = 40;
const MOST_WORDS = 60;
const MOST_SEARCHED = 8;

export const LANGUAGE_TERM = ':language=';

/** The words of a text as they are compared: each once, NFC, in small letters, `ё` as `е`. */
export function wordsOf(text: string): string[] {
  const words = folded(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, WORD_LENGTH).toWellFormed()))].slice(0, MOST_WORDS);
}

/** Everything that an article is found by: its words, and marks (with a colon, which no word has). */
export function termsOf(article: ArticleSummary): string[] {
  const languages = [article.sourceLanguage, ...article.targetLanguages];
  return [
    ...new Set([
      ...languages.map((language) => LANGUAGE_TERM + language),
      ...statesOf(article).map(stateTerm),
      makerTerm(article.createdBy.id),
      ...wordsOf(`${article.title} ${article.createdBy.name}`),
    ]),
  ];
}

/** The same filter as it is asked for: what two people type differently and mean alike is one. */
export function settled(filter: DeskFilter): DeskFilter {
  return { ...filter, search: wordsOf(filter.search).slice(0, MOST_SEARCHED).join(' ') };
}

/** What `person` asks for with this filter. No conditions: all articles. */
export function conditionsOf(filter: DeskFilter, person: Pick<Person, 'id' | 'languages'>): Condition[] {
  const conditions: Condition[] = wordsOf(filter.search)
    .slice(0, MOST_SEARCHED)
    .map((begins) => ({ begins }));
  if (filter.language !== '') conditions.push({ anyOf: [LANGUAGE_TERM + filter.language] });
  if (filter.state !== 'all') conditions.push({ anyOf: [stateTerm(filter.state)] });
  if (filter.mine) {
    conditions.push({ anyOf: [makerTerm(person.id), ...person.languages.map((language) => LANGUAGE_TERM + language)] });
  }
  return conditions;
}

export function meets(article: ArticleSummary, conditions: readonly Condition[]): boolean {
  return conditions.length === 0 || termsMeet(termsOf(article), conditions);
}

export function termsMeet(terms: readonly string[], conditions: readonly Condition[]): boolean {
  return conditions.every((condition) =>
    'begins' in condition
      ? terms.some((term) => term.startsWith(condition.begins))
      : condition.anyOf.some((term) => terms.includes(term)),
  );
}

/** Newest change first, as pages of articles are sorted; of those of one moment the greater id first. */
export function byChange(a: ArticleSummary, b: ArticleSummary): number {
  return b.changedAt - a.changedAt || (a.id < b.id ? 1 : -1);
}

function statesOf(article: ArticleSummary): Exclude<ArticleState, 'all'>[] {
  const sum = sumProgress(article.progress);
  const is: Record<Exclude<ArticleState, 'all'>, boolean> = {
    translating: sum.missing + sum.draft > 0,
    reviewing: sum.translated > 0,
    stale: sum.stale > 0,
    claims: article.unverifiedClaims > 0,
    done: sum.total > 0 && sum.final === sum.total,
  };
  return (Object.keys(is) as (keyof typeof is)[]).filter((state) => is[state]);
}

function stateTerm(state: ArticleState): string {
  return `:state=${state}`;
}

function makerTerm(personId: string): string {
  return `:maker=${personId}`;
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ё', 'е');
}
