// What the rooms of this process ask of those who carry news between processes, and what they hear. No process owns an
// article: the log decides what it is, and whoever carries news may lose some, delay it or be away. It knows no network.
import type { Person } from '../../shared/protocol/rest.ts';

/** Rows `from` to `to` of an article's log, committed. */
export interface PeerRows {
  /** The history that they are of. */
  epoch: number;
  from: number;
  to: number;
  /** All of them as one V1 update. */
  update: Uint8Array;
  /** Yjs client ids that were used for the first time, each with the person whose it is. */
  owners: readonly (readonly [client: number, personId: string])[];
  /** Whose they are, if all are one person's. */
  personId: string | null;
  /** The server that has committed them (Lineage.name). */
  server: string;
}

/** Who is in a room of another process, and where. */
export interface PeerPresence {
  /** The sender's newest clock: what this process says later has to be newer. */
  clock: number;
  /** Everybody who is there; null: those of whom it was said before. Nobody else has a state then. */
  people: readonly Person[] | null;
  /** By Yjs client id: a presence state with its person stamped on it; null: gone. */
  states: readonly (readonly [client: number, state: Record<string, unknown> | null])[];
}

/** What a live room hears. */
export interface RoomEars {
  rows(rows: PeerRows): void;
  presence(process: string, presence: PeerPresence): void;
  /** Another process opened the article, or missed something: what is the whole presence here? */
  whoIsHere(): PeerPresence | null;
  /** That process has ended, or has not been heard of. */
  gone(process: string): void;
  /** From now on it hears everything: what came before may have been missed. */
  listening(): void;
}

/** A live room's own line to the others. */
export interface RoomLine {
  tellRows(rows: PeerRows): void;
  tellPresence(presence: PeerPresence): void;
  hangUp(): void;
}

export interface Peers {
  /** False: this process is the only one there is, and nothing need be looked for in the log. */
  readonly shared: boolean;
  /** This process's part of what one person may do in all of them together: 1 if it is alone. */
  readonly share: number;
  /**
   * To be called before anything is acted upon that came over a connection: whoever stood still for long (a machine that was
   * suspended) reads what waited in its sockets before any of its timers, and starts over instead.
   */
  wake(): void;
  open(articleId: string, ears: RoomEars): RoomLine;
}

const SILENT: RoomLine = { tellRows() {}, tellPresence() {}, hangUp() {} };

/** One process, and nobody to tell. */
export const ALONE: Peers = { shared: false, share: 1, wake() {}, open: () => SILENT };
