// Suggestions as values: a new one, and the mark that its words changed meanwhile.
import type { Author, Suggestion } from './types.ts';

export function newSuggestion(text: string, original: string, by: Author, at: number): Suggestion {
  return {
    text,
    original,
    status: 'pending',
    by,
    at,
    decidedBy: null,
    decidedAt: null,
    replaced: null,
    check: false,
  };
}

/** The change that marks a pending suggestion if the words under it are no longer those that it was made for; else none. */
export function withCheck(suggestion: Suggestion | null, words: string): { suggestion?: Suggestion } {
  if (suggestion?.status !== 'pending') return {};
  const check = words !== suggestion.original;
  return check === suggestion.check ? {} : { suggestion: { ...suggestion, check } };
}
