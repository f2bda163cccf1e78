// The registry of actions: everything that a person can do by key or from the command palette. Parts of the app add what
// they offer while they are shown; palette, key handling and the list of keys read it. It knows none of them.
import { createValue } from '../article/observable.ts';
import type { Observable } from '../article/types.ts';

export const ACTION_GROUPS = ['annotations', 'text', 'view', 'article', 'navigation'] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

export interface Action {
  id: string;
  /** In the reader's language. */
  title: string;
  group: ActionGroup;
  /** Combinations as in keys.ts; the first one is shown. Those without Ctrl, ⌘ or Alt count only while nobody types. */
  keys?: readonly string[];
  /** Combinations that the focused part handles by itself: only shown. */
  shows?: readonly string[];
  /** Cannot be done now: the palette leaves it out, its keys do nothing. The list of keys shows it all the same. */
  disabled?: boolean;
  /** Words by which it may be searched besides its title. */
  words?: string;
  run(): void;
}

export interface ActionRegistry {
  readonly actions: Observable<readonly Action[]>;
  /** Adds actions (of the same id, the latest counts) and answers with what takes them away again. */
  add(actions: readonly Action[]): () => void;
}

export function createActions(): ActionRegistry {
  const value = createValue<readonly Action[]>([]);
  let groups: (readonly Action[])[] = [];
  const publish = () => {
    const byId = new Map<string, Action>();
    for (const group of groups) for (const action of group) byId.set(action.id, action);
    value.set([...byId.values()]);
  };
  return {
    actions: value,
    add(actions) {
      groups = [...groups, actions];
      publish();
      return () => {
        groups = groups.filter((group) => group !== actions);
        publish();
      };
    },
  };
}

/** The actions whose title or words hold every word of the query, best first: titles that begin with it lead. */
export function searchActions(actions: readonly Action[], query: string): Action[] {
  const wanted = query.toLocaleLowerCase().trim();
  const parts = wanted.split(/\s+/).filter(Boolean);
  const rank = ({ title }: Action) => {
    const lower = title.toLocaleLowerCase();
    if (lower.startsWith(wanted)) return 0;
    return parts.every((part) => lower.split(/\s+/).some((word) => word.startsWith(part))) ? 1 : 2;
  };
  return actions
    .filter((action) => {
      const text = `${action.title} ${action.words ?? ''}`.toLocaleLowerCase();
      return !action.disabled && parts.every((part) => text.includes(part));
    })
    .map((action, index) => ({ action, index, rank: rank(action) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ action }) => action);
}
