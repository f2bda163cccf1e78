// One piece of work after the other.
import { StorageError } from '../errors.ts';

export interface Queue {
  /** Runs `work` when everything that was asked before is over. Rejects with StorageError `closed` after `close`. */
  inOrder<T>(work: () => Promise<T>): Promise<T>;
  /** What has not begun never will. */
  close(): void;
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    inOrder(work) {
      const begin = () => {
        if (closed) throw new StorageError('closed', 'storage was closed');
        return work();
      };
      const outcome = last.then(begin, begin);
      last = outcome;
      return outcome;
    },
    close() {
      closed = true;
    },
  };
}
