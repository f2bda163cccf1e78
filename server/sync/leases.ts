// Leased client ids on their way to storage. Nobody waits for them: those that come while others are written down go together
// in the next transaction, so that a crowd that comes back costs a few flushes of the disk and not one each.
import type { Logger } from 'pino';
import type { Lease, UpdateLog } from '../storage/types.ts';

/** In one transaction: it must not keep commits waiting for long. */
const MAX_AT_ONCE = 500;

export class Leases {
  readonly #log: Pick<UpdateLog, 'recordLeases'>;
  readonly #logger: Logger;
  #waiting: Lease[] = [];
  #underWay: Promise<void> | null = null;

  constructor(log: Pick<UpdateLog, 'recordLeases'>, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
  }

  record(lease: Lease): void {
    this.#waiting.push(lease);
    this.#underWay ??= this.#recordAll().finally(() => {
      this.#underWay = null;
    });
  }

  /** Resolves when all that were given have been tried. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  async #recordAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const leases = this.#waiting.splice(0, MAX_AT_ONCE);
      // One that cannot be recorded (its article was just removed) must not take the others with it.
      if (!(await this.#try(leases, leases.length > 1))) for (const lease of leases) await this.#try([lease], false);
    }
  }

  /** `again`: it will be tried in another way if it fails. */
  async #try(leases: readonly Lease[], again: boolean): Promise<boolean> {
    try {
      await this.#log.recordLeases(leases);
    } catch (error) {
      if (again) return false;
      const articles = leases.map(({ articleId }) => articleId);
      this.#logger.warn({ err: error, articles }, 'the lease of a client id was not recorded');
    }
    return true;
  }
}
