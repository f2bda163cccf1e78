// The filter of the desk as it stands in the page's address. Pure.
import { LANGUAGE_TAG } from '../../shared/article/roots.ts';
import type { DeskFilter } from '../../shared/desk/finding.ts';
import { STATES } from '../../shared/desk/states.ts';

export function isFiltering(filter: DeskFilter): boolean {
  return filter.language !== '' || filter.state !== 'all' || filter.mine || filter.search.trim() !== '';
}

/** The filter as it stands in the address of the desk, and back; what is not known there counts as not given. */
export function filterFromSearch(search: URLSearchParams): DeskFilter {
  const state = search.get('state');
  return {
    language: isLanguage(search.get('language')) ? (search.get('language') ?? '') : '',
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

function isLanguage(tag: string | null): boolean {
  return tag !== null && tag.length <= 35 && LANGUAGE_TAG.test(tag);
}
