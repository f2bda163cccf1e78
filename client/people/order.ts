// In which order people are listed: by role as in the table of rights, then by name. Pure.
import { ROLES } from '../../shared/access/roles.ts';
import type { Person } from '../../shared/protocol/rest.ts';

export function byRole(a: Pick<Person, 'role' | 'name'>, b: Pick<Person, 'role' | 'name'>): number {
  return ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.name.localeCompare(b.name);
}
