// Why the server (or a command) could not start, when the person who runs it can mend it. Told as one paragraph, no stack.
import type { StorageStartError } from './storage/types.ts';

export type StartProblem = StorageStartError['code'] | 'port-taken' | 'port-not-allowed' | 'address-unavailable';

export class StartError extends Error {
  readonly code: StartProblem;
  /** Fills the placeholders of `cli.start.<code>`. */
  readonly values: Record<string, string | number>;

  constructor(code: StartProblem, values: Record<string, string | number>) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = 'StartError';
    this.code = code;
    this.values = values;
  }
}
