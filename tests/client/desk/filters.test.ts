// What the board shows, and how far a translation is.
import { describe, expect, it } from 'vitest';
import { filterFromSearch, filterToSearch, isFiltering } from '../../../client/desk/filters.ts';
import { conditionsOf, type DeskFilter, meets, NO_FILTER, settled } from '../../../shared/desk/finding.ts';
import { barParts, confirmedShare } from '../../../shared/desk/progress.ts';
import type { ArticleSummary, Progress } from '../../../shared/protocol/rest.ts';

const untouched: Progress = {
  language: 'ru',
  total: 100,
  missing: 100,
  draft: 0,
  translated: 0,
  reviewed: 0,
  final: 0,
  stale: 0,
};

function article(change: Partial<ArticleSummary> = {}): ArticleSummary {
  return {
    id: 'a',
    title: 'Parliament of Ёлка',
    sourceLanguage: 'en',
    targetLanguages: ['ru'],
    deadline: null,
    createdAt: 0,
    changedAt: 0,
    createdBy: { id: 'editor', name: 'Айгүл' },
    progress: [untouched],
    open: { language: 0, claim: 0, comment: 0 },
    unverifiedClaims: 0,
    words: 100,
    ...change,
  };
}

const somebody = { id: 'somebody', languages: ['ky'] };
const shows = (filter: Partial<DeskFilter>, one = article(), person = somebody) =>
  meets(one, conditionsOf({ ...NO_FILTER, ...filter }, person));

describe('filters of the desk', () => {
  it('DESK-1 finds words of the headline and the maker’s name in any order and case', () => {
    expect(shows({ search: 'PARLIAMENT елка' })).toBe(true);
    expect(shows({ search: 'ёлка parl' })).toBe(true);
    expect(shows({ search: 'айгүл' })).toBe(true);
    expect(shows({ search: 'parliament moon' })).toBe(false);
    expect(shows({ search: '   ' })).toBe(true);
    expect(shows({ search: 'liament' })).toBe(false);
    const kyrgyz = article({ title: 'Ала-Тоодогу «ӨКМӨТ» и\u0306огу' });
    expect(shows({ search: 'өкм тоо' }, kyrgyz)).toBe(true);
    expect(shows({ search: 'йог' }, kyrgyz)).toBe(true); // one letter or two code points: NFC
    expect(settled({ ...NO_FILTER, search: '  «ЁЛКА»,  Өкмөт!' }).search).toBe('елка өкмөт');
  });

  it('DESK-2 takes as mine what I made and what goes into one of my languages', () => {
    expect(shows({ mine: true })).toBe(false);
    expect(shows({ mine: true }, article(), { id: 'editor', languages: [] })).toBe(true);
    expect(shows({ mine: true }, article({ targetLanguages: ['ru', 'ky'] }))).toBe(true);
  });

  it('DESK-3 tells the states of the work apart', () => {
    const half = article({ progress: [{ ...untouched, missing: 40, translated: 30, stale: 30 }], unverifiedClaims: 2 });
    const done = article({ progress: [{ ...untouched, missing: 0, final: 100 }] });
    for (const state of ['translating', 'reviewing', 'stale', 'claims'] as const) {
      expect(shows({ state }, half)).toBe(true);
      expect(shows({ state }, done)).toBe(false);
    }
    expect(shows({ state: 'done' }, done)).toBe(true);
    expect(shows({ state: 'done' }, half)).toBe(false);
    expect(shows({ state: 'done' }, article({ progress: [] }))).toBe(false);
  });

  it('filters by source and target languages', () => {
    expect(shows({ language: 'en' })).toBe(true);
    expect(shows({ language: 'ru' })).toBe(true);
    expect(shows({ language: 'ky' })).toBe(false);
  });

  it('DESK-4 keeps the filter in the address, and forgives an address that it does not understand', () => {
    const filter: DeskFilter = { language: 'ky', state: 'stale', mine: true, search: 'парламент & co' };
    expect(filterFromSearch(new URLSearchParams(filterToSearch(filter).toString()))).toEqual(filter);
    expect(filterToSearch(NO_FILTER).toString()).toBe('');
    expect(filterFromSearch(new URLSearchParams('state=nonsense&mine=1&language=no%20tag'))).toEqual(NO_FILTER);
    expect(isFiltering(NO_FILTER)).toBe(false);
    expect(isFiltering(filter)).toBe(true);
  });
});

describe('progress of a language', () => {
  it('DESK-5 counts confirmed words only, and a changed source takes its words back', () => {
    const progress = { ...untouched, missing: 10, draft: 20, stale: 20, translated: 30, reviewed: 15, final: 5 };
    expect(confirmedShare(progress)).toBe(0.5);
    expect(barParts(progress)).toEqual([
      { part: 'final', share: 0.05 },
      { part: 'reviewed', share: 0.15 },
      { part: 'translated', share: 0.3 },
      { part: 'stale', share: 0.2 },
      { part: 'draft', share: 0.2 },
    ]);
  });

  it('has nothing to show of an empty source', () => {
    expect(confirmedShare({ ...untouched, total: 0 })).toBe(0);
    expect(barParts({ ...untouched, total: 0 })).toEqual([]);
  });
});
