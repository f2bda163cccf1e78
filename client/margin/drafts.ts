// Notes that were begun and not sent, by the words that they are about: kept when their form closes, over a reload too, and
// offered until they are sent or let go. It knows a store of strings and nothing of React.
import type { KeyValueStore } from '../article/memory.ts';
import { createValue } from '../article/observable.ts';
import type { Observable } from '../article/types.ts';
import type { Draft, DraftFields } from './types.ts';

export interface KeptDraft extends Draft {
  fields: DraftFields;
}

export interface Drafts {
  readonly kept: Observable<readonly KeptDraft[]>;
  find(draft: Draft): KeptDraft | null;
  keep(draft: KeptDraft): void;
  drop(draft: Draft): void;
}

/** More than anybody leaves lying about; the oldest go first. */
const MOST = 20;

export function keptDrafts(store: KeyValueStore, key: string): Drafts {
  const kept = createValue<readonly KeptDraft[]>(read(store.getItem(key)));
  const others = (draft: Draft) => kept.get().filter((one) => !sameDraft(one, draft));
  function change(next: readonly KeptDraft[]): void {
    if (next.length === 0) store.removeItem(key);
    else store.setItem(key, JSON.stringify(next));
    kept.set(next);
  }
  return {
    kept,
    find: (draft) => kept.get().find((one) => sameDraft(one, draft)) ?? null,
    keep: ({ kind, words, fields }) => change([...others({ kind, words }), { kind, words, fields }].slice(-MOST)),
    drop(draft) {
      const next = others(draft);
      if (next.length < kept.get().length) change(next);
    },
  };
}

/** The same kind of note on the same words; they may have moved within their block. */
export function sameDraft(a: Draft, b: Draft): boolean {
  return (
    a.kind === b.kind &&
    a.words.language === b.words.language &&
    a.words.startBlock === b.words.startBlock &&
    a.words.endBlock === b.words.endBlock &&
    a.words.exact === b.words.exact
  );
}

function read(text: string | null): KeptDraft[] {
  try {
    const value: unknown = text === null ? [] : JSON.parse(text);
    return Array.isArray(value) ? (value as KeptDraft[]) : [];
  } catch {
    return []; // another program's value: as good as none
  }
}
