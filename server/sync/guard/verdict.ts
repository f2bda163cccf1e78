// What the guard is asked and what it answers; and, inside of it, the two ways other than `Malformed` in which judging ends early.
import type * as Y from 'yjs';
import type { Refused } from '../../../shared/protocol/sync.ts';
import type { RootNames } from './store.ts';

export type RootAccess = 'yes' | 'forbidden' | 'unknown';

export interface GuardParts {
  doc: Y.Doc;
  roots: RootNames;
  personId: string;
  /** Whose client id it is; undefined if nobody's yet. */
  ownerOf(client: number): string | undefined;
  access(root: string): RootAccess;
  /** Whether there is any root at all that this person may write. */
  mayWriteSomething: boolean;
}

export type Verdict =
  /** Nothing that the document does not have, or nothing that counts. */
  | { kind: 'nothing' }
  /** Apply `update`, and record `newClients` as the person's. */
  | { kind: 'accept'; update: Uint8Array; newClients: readonly number[] }
  /** It builds upon what the document does not have. */
  | { kind: 'behind' }
  | { kind: 'refuse'; refused: Refused };

/** The person may not do this. */
export class Refusal extends Error {
  readonly refused: Refused;
  constructor(code: Refused['code'], root: string, message: string) {
    super(message);
    this.refused = { code, root, message };
  }
}

/** The update needs something that the document does not have. */
export class Behind extends Error {}

/** Throws Refusal unless the person may write in `root`. */
export function demandAccess(access: RootAccess, root: string): void {
  switch (access) {
    case 'yes':
      return;
    case 'forbidden':
      throw new Refusal('root-forbidden', root, 'this person may not write here');
    case 'unknown':
      throw new Refusal('root-unknown', root, 'there is no such root');
  }
}
