// Which columns a person shows, in which order and how wide: kept in this browser, for each person, over all articles.

import type { KeyValueStore } from '../article/memory.ts';
import { createValue } from '../article/observable.ts';
import type { Observable } from '../article/types.ts';

/** No column is narrower than this share of an equal one. */
const NARROWEST = 0.4;

interface Kept {
  /** Languages that were hidden by hand. */
  hidden: string[];
  order: string[];
  /** Share of the width by language; 1 is an equal share. */
  widths: Record<string, number>;
  /** The one language shown where there is room for one only. */
  single: string | null;
}

export interface Arrangement {
  /** All languages of the article in the person's order. */
  readonly order: Observable<readonly string[]>;
  readonly shown: Observable<readonly string[]>;
  readonly widths: Observable<Readonly<Record<string, number>>>;
  /** The article's languages changed, or the room did. */
  setLanguages(languages: readonly string[], preferred: readonly string[]): void;
  setNarrow(narrow: boolean): void;
  show(language: string): void;
  hide(language: string): void;
  move(language: string, by: -1 | 1): void;
  /** Moves the border right of `language`; `share` is relative to an equal column. */
  resize(language: string, share: number): void;
}

export function createArrangement(store: KeyValueStore, personId: string): Arrangement {
  const key = `kopuro/${personId}/columns`;
  let kept = read(store, key);
  let languages: readonly string[] = [];
  let preferred: readonly string[] = [];
  let narrow = false;
  const order = createValue<readonly string[]>([]);
  const shown = createValue<readonly string[]>([]);
  const widths = createValue<Readonly<Record<string, number>>>(kept.widths);

  function update(change: Partial<Kept>): void {
    if (Object.keys(change).length > 0) {
      kept = { ...kept, ...change };
      store.setItem(key, JSON.stringify(kept));
    }
    const sorted = arrange(languages, kept.order);
    const visible = sorted.filter((language) => !kept.hidden.includes(language));
    const single =
      languages.find((language) => language === kept.single) ??
      preferred.find((language) => languages.includes(language)) ??
      sorted[0];
    setList(order, sorted);
    setList(shown, narrow ? (single ? [single] : []) : visible.length > 0 ? visible : sorted.slice(0, 1));
    widths.set(kept.widths);
  }

  return {
    order,
    shown,
    widths,
    setLanguages(next, own) {
      languages = next;
      preferred = own;
      update({});
    },
    setNarrow(next) {
      narrow = next;
      update({});
    },
    show(language) {
      if (narrow) update({ single: language });
      else update({ hidden: kept.hidden.filter((one) => one !== language) });
    },
    hide(language) {
      if (shown.get().length > 1) update({ hidden: [...kept.hidden, language] });
    },
    move(language, by) {
      const list = [...order.get()];
      const from = list.indexOf(language);
      const to = from + by;
      if (from < 0 || to < 0 || to >= list.length) return;
      list.splice(to, 0, ...list.splice(from, 1));
      update({ order: list });
    },
    resize(language, share) {
      update({ widths: { ...kept.widths, [language]: Math.max(NARROWEST, Math.round(share * 100) / 100) } });
    },
  };
}

/** Languages in the remembered order; those that it does not know stay where the article has them. */
export function arrange(languages: readonly string[], order: readonly string[]): string[] {
  const known = order.filter((language) => languages.includes(language));
  let next = 0;
  return languages.map((language) => (known.includes(language) ? known[next++]! : language));
}

function setList(
  value: { get(): readonly string[]; set(list: readonly string[]): void },
  list: readonly string[],
): void {
  const before = value.get();
  if (before.length !== list.length || before.some((one, index) => one !== list[index])) value.set(list);
}

function read(store: KeyValueStore, key: string): Kept {
  const nothing: Kept = { hidden: [], order: [], widths: {}, single: null };
  try {
    return { ...nothing, ...(JSON.parse(store.getItem(key) ?? '{}') as Partial<Kept>) };
  } catch {
    return nothing;
  }
}
