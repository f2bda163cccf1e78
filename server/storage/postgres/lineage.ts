// Which server answers. It may be another one tomorrow: a standby that took over, or the same one started anew. Whatever it was
// promised before, such a server may lack the last of it (asynchronous replication, a disk that lied), so whoever remembers
// what storage held must be told before anything else is asked. It knows no tables, and opens no connections.
import { StorageError } from '../errors.ts';
import type { Lineage } from '../types.ts';

/** What a server says of itself; a row of `WHO_ARE_YOU`. */
export interface ServerIdentity {
  /** It only follows another server. */
  standby: boolean;
  /** Of the whole cluster of servers: those that follow one another share it. */
  system: string;
  /** Rises each time a standby takes over or a backup is replayed. Hexadecimal, of fixed length; empty on a standby. */
  timeline: string;
  started: string;
}

/** Columns for a SELECT; everybody may ask. */
export const WHO_ARE_YOU = `pg_is_in_recovery() AS standby,
  CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline,
  (SELECT system_identifier::text FROM pg_control_system()) AS system,
  extract(epoch FROM pg_postmaster_start_time())::text AS started`;

export class ServerLineage implements Lineage {
  #now: { name: string; system: string; timeline: string } | null = null;
  readonly #watchers: (() => void)[] = [];

  /** Empty before the first connection. */
  get name(): string {
    return this.#now?.name ?? '';
  }

  watch(changed: () => void): void {
    this.#watchers.push(changed);
  }

  /**
   * A connection was opened to this server. Answers with its name; whoever watches has been told by then if it is another one.
   * Throws StorageError `unavailable` for a server that must not be used: one that follows, or that another has taken over from.
   */
  meet({ standby, system, timeline, started }: ServerIdentity): string {
    if (standby) throw new StorageError('unavailable', 'this server is a standby: another one takes what is written');
    const before = this.#now;
    if (before?.system === system && timeline < before.timeline) {
      throw new StorageError('unavailable', 'another server has taken over from this one');
    }
    const name = `${system}/${timeline}/${started}`;
    if (before?.name === name) return name;
    this.#now = { name, system, timeline };
    if (before) for (const changed of this.#watchers) changed();
    return name;
  }
}
