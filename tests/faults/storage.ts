// Storage that fails on demand: the real one, each method of which can be told to throw, to throw after it has done its work,
// to hang, or to wait. It decides nothing by itself.
import { StorageError } from '../../server/storage/errors.ts';
import type { Storage } from '../../server/storage/types.ts';

export type Fault =
  /** Throws what a full disk throws and does nothing; so many times, or until it is healed. */
  | { kind: 'fails'; times?: number }
  /** Does its work and throws nevertheless. */
  | { kind: 'fails after'; times?: number }
  /** Does nothing and does not answer until it is healed; then it goes on. */
  | { kind: 'hangs' };

/** Everything that needs the disk to take something. */
export const WRITES = [
  'log.append',
  'archive.compact',
  'log.recordLeases',
  'snapshots.take',
  'articles.saveSummaries',
  'check',
];

export class Faults {
  readonly #faults = new Map<string, { fault: Fault; left: number; healed: Promise<void>; heal(): void }>();
  readonly #calls = new Map<string, number>();

  /** `method`: as in `log.append`, `check`. */
  set(method: string, fault: Fault): void {
    this.heal(method);
    let heal = () => {};
    const healed = new Promise<void>((resolve) => {
      heal = resolve;
    });
    const left = fault.kind !== 'hangs' && fault.times !== undefined ? fault.times : Number.POSITIVE_INFINITY;
    this.#faults.set(method, { fault, left, healed, heal });
  }

  heal(method: string): void {
    this.#faults.get(method)?.heal();
    this.#faults.delete(method);
  }

  /** How often the method was called. */
  calls(method: string): number {
    return this.#calls.get(method) ?? 0;
  }

  wrap(storage: Storage): Storage {
    const wrapped = this.#wrapPart(storage, '') as unknown as Storage;
    const parts = ['log', 'archive', 'articles', 'snapshots', 'people', 'notifications'] as const;
    return Object.assign(
      wrapped,
      Object.fromEntries(parts.map((part) => [part, this.#wrapPart(storage[part], `${part}.`)])),
    );
  }

  #wrapPart(part: object, prefix: string): Record<string, unknown> {
    const wrapped: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(part)) {
      if (typeof value !== 'function') continue;
      wrapped[name] = (...values: unknown[]) => this.#call(prefix + name, () => value.apply(part, values));
    }
    return wrapped;
  }

  async #call(method: string, work: () => unknown): Promise<unknown> {
    this.#calls.set(method, this.calls(method) + 1);
    const entry = this.#faults.get(method);
    if (!entry) return work();
    if (entry.fault.kind === 'hangs') {
      await entry.healed;
      return work();
    }
    entry.left -= 1;
    if (entry.left <= 0) this.#faults.delete(method);
    if (entry.fault.kind === 'fails after') await work();
    throw new StorageError('unavailable', `${method} was told to fail`);
  }
}
