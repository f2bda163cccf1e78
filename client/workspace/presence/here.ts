// Who is here and where: the presence states of the others as a list that changes once in a while, not with every caret.
import type { Awareness } from 'y-protocols/awareness';
import type { PresenceState } from '../../../shared/protocol/events.ts';
import { createValue } from '../../article/observable.ts';
import type { Observable } from '../../article/types.ts';

const GATHER_MS = 200;

export interface PersonHere {
  clientId: number;
  user: NonNullable<PresenceState['user']>;
  language: string | null;
  blockId: string | null;
}

export interface PeopleHere extends Observable<readonly PersonHere[]> {
  destroy(): void;
}

/** One entry a person: of several windows, the one in which they stand in a block. */
export function followPeople(awareness: Awareness): PeopleHere {
  const value = createValue<readonly PersonHere[]>(gather(awareness));
  let timer: ReturnType<typeof setTimeout> | null = null;
  const onChange = () => {
    timer ??= setTimeout(() => {
      timer = null;
      const next = gather(awareness);
      if (JSON.stringify(next) !== JSON.stringify(value.get())) value.set(next);
    }, GATHER_MS);
  };
  awareness.on('change', onChange);
  return {
    get: value.get,
    subscribe: value.subscribe,
    destroy() {
      if (timer !== null) clearTimeout(timer);
      awareness.off('change', onChange);
    },
  };
}

function gather(awareness: Awareness): PersonHere[] {
  const people = new Map<string, PersonHere>();
  for (const [clientId, state] of awareness.getStates() as Map<number, PresenceState>) {
    const { user } = state;
    if (clientId === awareness.clientID || !user) continue;
    const known = people.get(user.id);
    if (known?.blockId) continue;
    people.set(user.id, { clientId, user, language: state.language ?? null, blockId: state.blockId ?? null });
  }
  return [...people.values()].sort((a, b) => a.user.name.localeCompare(b.user.name));
}
