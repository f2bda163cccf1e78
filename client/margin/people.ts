// The people who can be mentioned and whose colours stand beside what they wrote.
import { useMemo } from 'react';
import type { Person } from '../../shared/protocol/rest.ts';
import { usePeople } from '../api/queries.ts';

const NOBODY: readonly Person[] = [];

/** Everybody who was not removed. */
export function usePeopleHere(): readonly Person[] {
  const { data } = usePeople();
  return useMemo(() => data?.filter((person) => person.removedAt === null) ?? NOBODY, [data]);
}

const UNKNOWN_COLOR = 'var(--ink-faint)';

/** The colour of a person; a quiet one for who is not known (any more). */
export function usePersonColor(id: string): string {
  const { data } = usePeople();
  return data?.find((person) => person.id === id)?.color ?? UNKNOWN_COLOR;
}
