// Who is signed in, for the pages that need somebody to be.
import { createContext, useContext } from 'react';
import { type Action, may } from '../../shared/access/roles.ts';
import type { Person } from '../../shared/protocol/rest.ts';

export const PersonContext = createContext<Person | null>(null);

/** The person who is signed in. Only on pages behind the sign-in. */
export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error('usePerson needs somebody who is signed in');
  return person;
}

/** Whether the newsroom role allows it. Inside an article ask its standing instead. */
export function useMay(action: Action): boolean {
  return may(usePerson(), action);
}
