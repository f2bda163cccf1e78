// The tables, as types for kysely. Both engines have the same: times are epoch ms, structured values JSON text, secrets
// sha256 in hex, documents bytes.
import type { Compilable, Kysely } from 'kysely';
import type { Role } from '../../shared/access/roles.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import type { Form } from './archive/packing.ts';

export interface Tables {
  schema_version: { id: number; version: number };
  articles: {
    id: string;
    created_by: string;
    created_at: number;
    epoch: number;
    /** Number of the last row in the log. */
    head: number;
    /** Rows up to this one belong to a history that was replaced: the present one begins after it. */
    base: number;
  };
  /** What the desk shows of an article. Apart from `articles`, whose row is written anew by every commit. */
  summaries: {
    article_id: string;
    changed_at: number;
    /** ArticleSummary as JSON. */
    summary: string;
  };
  /** What an article is found by: server/storage/tables/finding.ts. Derived from the summary. */
  desk_terms: { article_id: string; term: string };
  /** Checksums are null for what was stored before there were any (first version of the tables). */
  log_rows: {
    article_id: string;
    seq: number;
    person_id: string | null;
    at: number;
    data: Uint8Array;
    bytes: number;
    checksum: number | null;
  };
  /** The document as it is after row `seq`. */
  log_states: {
    article_id: string;
    seq: number;
    form: Form;
    state: Uint8Array;
    state_vector: Uint8Array;
    checksum: number | null;
    /** Where the state may be cut, with a checksum (server/storage/archive/places.ts); null if it is short or from before. */
    places: Uint8Array | null;
  };
  /** Rows `from_seq` to `to_seq`, which `log_rows` no longer holds: server/storage/archive/segments.ts, compressed. */
  log_history: { article_id: string; from_seq: number; to_seq: number; data: Uint8Array; checksum: number };
  /** What was found damaged when an article was mended: kept for whoever wants to look, read by nobody else. */
  log_aside: {
    article_id: string;
    aside_at: number;
    part: 'row' | 'history' | 'state';
    from_seq: number;
    to_seq: number;
    person_id: string | null;
    at: number | null;
    data: Uint8Array;
    checksum: number | null;
  };
  client_ids: { article_id: string; client_id: number; person_id: string };
  commands: { id: string; article_id: string; person_id: string; at: number; result: string };
  standings: { article_id: string; person_id: string; role: Role; languages: string };
  snapshots: {
    id: string;
    article_id: string;
    kind: SnapshotInfo['kind'];
    name: string;
    created_at: number;
    /** {id, name} as JSON, or null: the server. */
    made_by: string | null;
    words: number;
    /** The row after which the document was as it is here; null for snapshots from before it was recorded. */
    seq: number | null;
    form: Form;
    state: Uint8Array;
    checksum: number | null;
  };
  people: {
    id: string;
    name: string;
    role: Role;
    languages: string;
    color: string;
    created_at: number;
    last_seen_at: number | null;
    removed_at: number | null;
  };
  sessions: { hash: string; person_id: string; created_at: number; expires_at: number };
  tokens: {
    id: string;
    hash: string;
    person_id: string;
    name: string;
    created_at: number;
    last_used_at: number | null;
  };
  links: { hash: string; person_id: string; created_at: number; expires_at: number; used_at: number | null };
  invitations: {
    id: string;
    hash: string;
    role: Role;
    languages: string;
    note: string;
    created_by: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  notifications: {
    id: string;
    person_id: string;
    article_id: string;
    at: number;
    read_at: number | null;
    /** The rest, as JSON. */
    body: string;
  };
}

export type Database = Kysely<Tables>;

/** Carries out all queries in one transaction; answers with the rows of each. */
export type Atomically = (queries: readonly Compilable[]) => Promise<Record<string, unknown>[][]>;

export interface Engine {
  database: Database;
  atomically: Atomically;
  /** Runs `work` while no other process does something else to the quiet side of this article's log. */
  alone<T>(articleId: string, work: () => Promise<T>): Promise<T>;
}
