// How the tables came to be: a list of steps that only grows. One set for every engine; what engines call differently
// (bytes, big integers) is handed in.
import { type Compilable, type Expression, type Kysely, sql } from 'kysely';
import { compilable } from './prepared.ts';
import type { Database, Engine } from './schema.ts';
import { createFinding } from './tables/finding.ts';
import { StorageStartError } from './types.ts';

export interface ColumnTypes {
  bytes: 'blob' | 'bytea';
  /** 64 bits: epoch ms, client ids, counters. */
  integer: 'integer' | 'bigint';
  /**
   * Compared by its bytes, as SQLite does: quicker, and an index does not depend on the rules of a language, which change
   * with the operating system. Nothing is sorted by them here.
   */
  text: 'text' | Expression<string>;
}

/** Changes of the tables. */
type Migration = (database: Kysely<never>, types: ColumnTypes) => Compilable[];
/** Work on what is in them, which may be done twice: a start that is cut off does it again. */
interface Filling {
  fill(engine: Pick<Engine, 'database' | 'atomically'>): Promise<void>;
}

const first: Migration = (database, { bytes, integer, text }) => {
  const { schema } = database;
  const article = 'articles.id';
  const person = 'people.id';
  return [
    schema
      .createTable('articles')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('title', text, (c) => c.notNull())
      .addColumn('source_language', text, (c) => c.notNull())
      .addColumn('target_languages', text, (c) => c.notNull())
      .addColumn('deadline', integer)
      .addColumn('created_by', text, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('changed_at', integer, (c) => c.notNull())
      .addColumn('epoch', integer, (c) => c.notNull())
      .addColumn('head', integer, (c) => c.notNull())
      .addColumn('summary', text, (c) => c.notNull()),
    schema
      .createTable('log_rows')
      .addColumn('article_id', text, (c) => c.notNull().references(article).onDelete('cascade'))
      .addColumn('seq', integer, (c) => c.notNull())
      .addColumn('person_id', text)
      .addColumn('at', integer, (c) => c.notNull())
      .addColumn('data', bytes as 'bytea', (c) => c.notNull())
      .addColumn('bytes', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('log_rows_key', ['article_id', 'seq']),
    schema
      .createTable('log_states')
      .addColumn('article_id', text, (c) => c.primaryKey().references(article).onDelete('cascade'))
      .addColumn('seq', integer, (c) => c.notNull())
      .addColumn('state', bytes as 'bytea', (c) => c.notNull())
      .addColumn('state_vector', bytes as 'bytea', (c) => c.notNull()),
    schema
      .createTable('client_ids')
      .addColumn('article_id', text, (c) => c.notNull().references(article).onDelete('cascade'))
      .addColumn('client_id', integer, (c) => c.notNull())
      .addColumn('person_id', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('client_ids_key', ['article_id', 'client_id']),
    schema
      .createTable('commands')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('article_id', text, (c) => c.notNull().references(article).onDelete('cascade'))
      .addColumn('person_id', text, (c) => c.notNull())
      .addColumn('at', integer, (c) => c.notNull())
      .addColumn('result', text, (c) => c.notNull()),
    schema.createIndex('commands_of_article').on('commands').column('article_id'),
    schema
      .createTable('people')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('role', text, (c) => c.notNull())
      .addColumn('languages', text, (c) => c.notNull())
      .addColumn('color', text, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('last_seen_at', integer)
      .addColumn('removed_at', integer),
    schema
      .createTable('standings')
      .addColumn('article_id', text, (c) => c.notNull().references(article).onDelete('cascade'))
      .addColumn('person_id', text, (c) => c.notNull().references(person).onDelete('cascade'))
      .addColumn('role', text, (c) => c.notNull())
      .addColumn('languages', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('standings_key', ['article_id', 'person_id']),
    schema
      .createTable('snapshots')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('article_id', text, (c) => c.notNull().references(article).onDelete('cascade'))
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('made_by', text)
      .addColumn('words', integer, (c) => c.notNull())
      .addColumn('state', bytes as 'bytea', (c) => c.notNull()),
    schema.createIndex('snapshots_of_article').on('snapshots').columns(['article_id', 'created_at']),
    schema
      .createTable('sessions')
      .addColumn('hash', text, (c) => c.primaryKey())
      .addColumn('person_id', text, (c) => c.notNull().references(person).onDelete('cascade'))
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('expires_at', integer, (c) => c.notNull()),
    schema.createIndex('sessions_of_person').on('sessions').column('person_id'),
    schema
      .createTable('tokens')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('hash', text, (c) => c.notNull().unique())
      .addColumn('person_id', text, (c) => c.notNull().references(person).onDelete('cascade'))
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('last_used_at', integer),
    schema.createIndex('tokens_of_person').on('tokens').column('person_id'),
    schema
      .createTable('links')
      .addColumn('hash', text, (c) => c.primaryKey())
      .addColumn('person_id', text, (c) => c.notNull().references(person).onDelete('cascade'))
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('expires_at', integer, (c) => c.notNull())
      .addColumn('used_at', integer),
    schema
      .createTable('invitations')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('hash', text, (c) => c.notNull().unique())
      .addColumn('role', text, (c) => c.notNull())
      .addColumn('languages', text, (c) => c.notNull())
      .addColumn('note', text, (c) => c.notNull())
      .addColumn('created_by', text, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('expires_at', integer, (c) => c.notNull())
      .addColumn('used_at', integer),
    schema
      .createTable('notifications')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('person_id', text, (c) => c.notNull().references(person).onDelete('cascade'))
      .addColumn('article_id', text, (c) => c.notNull().references(article).onDelete('cascade'))
      .addColumn('at', integer, (c) => c.notNull())
      .addColumn('read_at', integer)
      .addColumn('body', text, (c) => c.notNull()),
    schema.createIndex('notifications_of_person').on('notifications').columns(['person_id', 'at']),
  ];
};

/** History apart from the rows that are not yet in the state; documents compressed; checksums. */
const history: Migration = (database, { bytes, integer, text }) => {
  const { schema } = database;
  return [
    schema.alterTable('articles').addColumn('base', integer, (c) => c.notNull().defaultTo(0)),
    schema.alterTable('log_rows').addColumn('checksum', integer),
    schema.alterTable('log_states').addColumn('form', text, (c) => c.notNull().defaultTo('v1')),
    schema.alterTable('log_states').addColumn('checksum', integer),
    schema.alterTable('snapshots').addColumn('seq', integer),
    schema.alterTable('snapshots').addColumn('form', text, (c) => c.notNull().defaultTo('v1')),
    schema.alterTable('snapshots').addColumn('checksum', integer),
    schema
      .createTable('log_history')
      .addColumn('article_id', text, (c) => c.notNull().references('articles.id').onDelete('cascade'))
      .addColumn('from_seq', integer, (c) => c.notNull())
      .addColumn('to_seq', integer, (c) => c.notNull())
      .addColumn('data', bytes as 'bytea', (c) => c.notNull())
      .addColumn('checksum', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('log_history_key', ['article_id', 'from_seq']),
    schema
      .createTable('log_aside')
      .addColumn('article_id', text, (c) => c.notNull().references('articles.id').onDelete('cascade'))
      .addColumn('aside_at', integer, (c) => c.notNull())
      .addColumn('part', text, (c) => c.notNull())
      .addColumn('from_seq', integer, (c) => c.notNull())
      .addColumn('to_seq', integer, (c) => c.notNull())
      .addColumn('person_id', text)
      .addColumn('at', integer)
      .addColumn('data', bytes as 'bytea', (c) => c.notNull())
      .addColumn('checksum', integer),
    schema.createIndex('log_aside_of_article').on('log_aside').column('article_id'),
  ];
};

/** What is looked for otherwise than by its key, among 100,000 articles and 10,000 people. */
const indexes: Migration = (database, { bytes }) => {
  const { schema } = database;
  return [
    schema.createIndex('articles_by_change').on('articles').columns(['changed_at', 'id']),
    schema.createIndex('notifications_of_article').on('notifications').column('article_id'),
    schema.createIndex('standings_of_person').on('standings').column('person_id'),
    schema.createIndex('sessions_by_end').on('sessions').column('expires_at'),
    schema.createIndex('links_by_end').on('links').column('expires_at'),
    schema.createIndex('links_of_person').on('links').column('person_id'),
    schema.createIndex('invitations_by_end').on('invitations').column('expires_at'),
    ...(bytes === 'bytea' ? POSTGRES_STORAGE.map((statement) => compilable(database, sql.raw(statement))) : []),
  ];
};

/**
 * How PostgreSQL lays out what is large or often changed: compressed bytes are not compressed a second time, and an article's
 * row finds room on its own page when `head` moves, at every commit, so that no index has to be told.
 */
const POSTGRES_STORAGE = [
  'ALTER TABLE log_states ALTER COLUMN state SET STORAGE EXTERNAL',
  'ALTER TABLE log_history ALTER COLUMN data SET STORAGE EXTERNAL',
  'ALTER TABLE log_aside ALTER COLUMN data SET STORAGE EXTERNAL',
  'ALTER TABLE snapshots ALTER COLUMN state SET STORAGE EXTERNAL',
  'ALTER TABLE articles SET (fillfactor = 70)',
];

/**
 * What the desk shows, in a table of its own: a commit writes an article's row anew, and the log that is flushed then has to
 * hold all of it.
 */
const summaries: Migration = (database, { integer, text }) => {
  const { schema } = database;
  const left = ['title', 'source_language', 'target_languages', 'deadline', 'changed_at', 'summary'];
  return [
    schema
      .createTable('summaries')
      .addColumn('article_id', text, (c) => c.primaryKey().references('articles.id').onDelete('cascade'))
      .addColumn('changed_at', integer, (c) => c.notNull())
      .addColumn('summary', text, (c) => c.notNull()),
    compilable(
      database,
      sql`INSERT INTO summaries (article_id, changed_at, summary) SELECT id, changed_at, summary FROM articles`,
    ),
    schema.dropIndex('articles_by_change'),
    ...left.map((column) => schema.alterTable('articles').dropColumn(column)),
    schema.createIndex('summaries_by_change').on('summaries').columns(['changed_at', 'article_id']),
  ];
};

/** Where a state may be cut into pieces: whoever opens a long article is sent it without its being read. */
const places: Migration = (database, { bytes }) => [
  database.schema.alterTable('log_states').addColumn('places', bytes as 'bytea'),
];

/** The index of what articles are found by: by the term, and what an article has of it. And who the editors are. */
const terms: Migration = ({ schema }, { text }) => [
  schema
    .createTable('desk_terms')
    .addColumn('article_id', text, (c) => c.notNull().references('articles.id').onDelete('cascade'))
    .addColumn('term', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('desk_terms_key', ['article_id', 'term']),
  schema.createIndex('desk_terms_by_term').on('desk_terms').columns(['term', 'article_id']),
  schema.createIndex('people_by_role').on('people').columns(['role', 'removed_at']),
];

const termsOfAll: Filling = { fill: (engine) => createFinding(engine).fill() };

/** The table of a database into which another one is being moved: server/storage/moving/marker.ts. */
export const UNFINISHED_MOVE = 'unfinished_move';

export interface MigrateOptions {
  unfinishedMove?: 'refused' | 'goes-on';
}

/** Step n makes version n + 1. Never change one that was released. */
const MIGRATIONS: readonly (Migration | Filling)[] = [first, history, indexes, summaries, places, terms, termsOfAll];

export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the tables to this program's version, each step in one transaction with its number. Throws StorageStartError if the
 * database belongs to a newer version, to another program (it has tables, but not that of the version), or is half moved.
 */
export async function migrate(
  engine: Pick<Engine, 'database' | 'atomically'>,
  types: ColumnTypes,
  tableNames: () => Promise<string[]>,
  { unfinishedMove = 'refused' }: MigrateOptions = {},
): Promise<void> {
  const { database, atomically } = engine;
  const existing = await tableNames();
  if (unfinishedMove === 'refused' && existing.includes(UNFINISHED_MOVE)) {
    throw new StorageStartError('unfinished-move', 'the database holds half of another one');
  }
  if (!existing.includes('schema_version')) {
    if (existing.length > 0) throw new StorageStartError('not-a-database', 'the database belongs to another program');
    await atomically([
      database.schema
        .createTable('schema_version')
        .addColumn('id', 'integer', (c) => c.primaryKey())
        .addColumn('version', 'integer', (c) => c.notNull()),
      database.insertInto('schema_version').values({ id: 1, version: 0 }),
    ]);
  }
  const version = await knownVersion(database);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    if ('fill' in migration) await migration.fill(engine);
    const steps = 'fill' in migration ? [] : migration(database as unknown as Kysely<never>, types);
    await atomically([...steps, database.updateTable('schema_version').set({ version: sql<number>`${index + 1}` })]);
  }
}

/** Throws StorageStartError unless the tables are those of this version, whole. Changes nothing. */
export async function requireCurrent(database: Database, tableNames: readonly string[]): Promise<void> {
  if (!tableNames.includes('schema_version'))
    throw new StorageStartError('not-a-database', 'there are no tables of ours');
  if (tableNames.includes(UNFINISHED_MOVE)) {
    throw new StorageStartError('unfinished-move', 'the database holds half of another one');
  }
  const version = await knownVersion(database);
  if (version < SCHEMA_VERSION) throw new StorageStartError('older-version', `the database has version ${version}`);
}

async function knownVersion(database: Database): Promise<number> {
  const row = await database.selectFrom('schema_version').select('version').executeTakeFirst();
  const version = row?.version ?? 0;
  if (version <= SCHEMA_VERSION) return version;
  throw new StorageStartError(
    'newer-version',
    `the database has version ${version}, this program knows ${SCHEMA_VERSION}`,
  );
}
