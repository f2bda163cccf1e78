// The tables, as types for kysely. Both engines have the same: times are epoch ms, structured values JSON text, secrets
// sha256 in hex, documents bytes.
import type { Compilable, Kysely } from 'kysely';
import type { Role } from '../../shared/access/roles.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';

export interface Tables {
  schema_version: { id: number; version: number };
  articles: {
    id: string;
    title: string;
    source_language: string;
    /** JSON. */
    target_languages: string;
    deadline: number | null;
    created_by: string;
    created_at: number;
    changed_at: number;
    epoch: number;
    /** Number of the last row in the log. */
    head: number;
    /** ArticleSummary as JSON. */
    summary: string;
  };
  log_rows: { article_id: string; seq: number; person_id: string | null; at: number; data: Uint8Array; bytes: number };
  log_states: { article_id: string; seq: number; state: Uint8Array; state_vector: Uint8Array };
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
    state: Uint8Array;
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
}
