// Appending to the log while other processes do the same. The row of an article in `articles` is its lock, and `head` in it the
// number of its last row, so numbers have neither holes nor doubles whoever writes.
//
// A batch is one transaction, and a handful of statements however many articles it holds. It waits for no lock: whatever
// another process holds is left out, so nobody's commit waits for somebody else's article, and two batches that hold each
// other's articles cannot lock each other up. What was left out is then tried by itself, for a short time.
//
// What is appended builds upon rows that were seen. A server that has just taken over may lack them, so an append that was asked
// of one server is never carried out by another.
import { rowChecksum } from '../archive/checksum.ts';
import { StorageError } from '../errors.ts';
import type { Append } from '../tables/log.ts';
import type { Appended, CommandRecord, LogEntry } from '../types.ts';
import { BEGIN, type Session, type Sessions } from './sessions.ts';

/** What all articles of a batch that were held by others may wait for, together. Another process holds one for one commit. */
const PATIENCE_MS = 300;
/** PostgreSQL takes 65,535 parameters. */
const ROWS_AT_ONCE = 5_000;

interface Part {
  articleId: string;
  entries: LogEntry[];
  commands: CommandRecord[];
  after: number | undefined;
}

interface Numbered {
  entry: LogEntry;
  seq: number;
}

export function createAppend(sessions: Sessions): Append {
  return async (entries, commands = [], after = new Map()) => {
    const { server } = sessions;
    const parts = partsOf(entries, commands, after);
    const appended: Appended = { heads: new Map(), refused: new Map() };
    await sessions.transaction(
      BEGIN,
      async (session) => {
        const heads = await lock(session, [...parts.keys()]);
        await requireArticles(
          session,
          [...parts.keys()].filter((id) => !heads.has(id)),
        );
        await store(session, [...parts.values()], heads, appended);
      },
      server,
    );
    const deadline = performance.now() + PATIENCE_MS;
    for (const part of parts.values()) {
      if (appended.refused.get(part.articleId)?.code !== 'busy') continue;
      const left = Math.floor(deadline - performance.now());
      if (left <= 0) break;
      try {
        await appendAlone(sessions, server, part, left, appended);
      } catch (error) {
        // What the others of the batch got is committed, so this one cannot fail for all: it stays `busy` and comes again.
        if (parts.size === 1 && !isBusy(error)) throw error;
      }
    }
    return appended;
  };
}

async function appendAlone(
  sessions: Sessions,
  server: string,
  part: Part,
  patienceMs: number,
  appended: Appended,
): Promise<void> {
  const alone: Appended = { heads: new Map(), refused: new Map() };
  await sessions.transaction(
    BEGIN,
    async (session) => {
      await session.query("SELECT set_config('lock_timeout', $1, true)", [String(patienceMs)]);
      const rows = await session.query<{ head: number }>('SELECT head FROM articles WHERE id = $1 FOR NO KEY UPDATE', [
        part.articleId,
      ]);
      const heads = new Map(rows.map(({ head }) => [part.articleId, head]));
      await store(session, [part], heads, alone);
    },
    server,
  );
  const refusal = alone.refused.get(part.articleId);
  const head = alone.heads.get(part.articleId);
  if (refusal) appended.refused.set(part.articleId, refusal);
  else appended.refused.delete(part.articleId);
  if (head !== undefined) appended.heads.set(part.articleId, head);
}

function isBusy(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'busy';
}

function partsOf(
  entries: readonly LogEntry[],
  commands: readonly CommandRecord[],
  after: ReadonlyMap<string, number>,
): Map<string, Part> {
  const parts = new Map<string, Part>();
  const partOf = (articleId: string): Part => {
    let part = parts.get(articleId);
    if (!part) {
      part = { articleId, entries: [], commands: [], after: after.get(articleId) };
      parts.set(articleId, part);
    }
    return part;
  };
  for (const articleId of after.keys()) partOf(articleId);
  for (const entry of entries) partOf(entry.articleId).entries.push(entry);
  for (const command of commands) partOf(command.articleId).commands.push(command);
  return parts;
}

/** The heads of those articles that nobody else holds, which are ours until the transaction ends. */
async function lock(session: Session, ids: readonly string[]): Promise<Map<string, number>> {
  // NO KEY: rows elsewhere that refer to an article (a notification) may come into being meanwhile.
  const rows = await session.query<{ id: string; head: number }>(
    'SELECT id, head FROM articles WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED',
    [ids],
  );
  return new Map(rows.map(({ id, head }) => [id, head]));
}

async function requireArticles(session: Session, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await session.query<{ id: string }>('SELECT id FROM articles WHERE id = ANY($1)', [ids]);
  const known = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw new StorageError('reference', `no article ${missing}`);
}

/** Stores what is not refused, and notes in `appended` what became of each part. */
async function store(
  session: Session,
  parts: readonly Part[],
  heads: ReadonlyMap<string, number>,
  appended: Appended,
): Promise<void> {
  const rows: Numbered[] = [];
  const commands: CommandRecord[] = [];
  const foreign = await foreignClients(
    session,
    parts.filter(
      ({ articleId, after }) => heads.has(articleId) && (after ?? heads.get(articleId)) === heads.get(articleId),
    ),
  );
  for (const part of parts) {
    const head = heads.get(part.articleId);
    if (head === undefined) appended.refused.set(part.articleId, { code: 'busy' });
    else if (part.after !== undefined && part.after !== head) {
      appended.refused.set(part.articleId, { code: 'conflict', head });
    } else if (foreign.has(part.articleId)) {
      appended.refused.set(part.articleId, { code: 'foreign-client' });
    } else {
      rows.push(...part.entries.map((entry, index) => ({ entry, seq: head + index + 1 })));
      commands.push(...part.commands);
      if (part.entries.length > 0) appended.heads.set(part.articleId, head + part.entries.length);
    }
  }
  await advance(session, appended.heads);
  await insertRows(session, rows);
  await insertClients(session, rows);
  await insertCommands(session, commands);
}

async function advance(session: Session, heads: ReadonlyMap<string, number>): Promise<void> {
  if (heads.size === 0) return;
  await session.query(
    `UPDATE articles SET head = given.head FROM unnest($1::text[], $2::bigint[]) AS given (id, head)
     WHERE articles.id = given.id`,
    [[...heads.keys()], [...heads.values()]],
  );
}

async function insertRows(session: Session, rows: readonly Numbered[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    // As values, not as arrays: only a parameter of its own travels as bytes, in an array they would be written out in digits.
    const values = rows.slice(from, from + ROWS_AT_ONCE).map(({ entry, seq }) => {
      const { articleId, personId, at, update: data } = entry;
      return [articleId, seq, personId, at, data, data.length, rowChecksum({ articleId, seq, personId, at, data })];
    });
    await session.query(
      `INSERT INTO log_rows (article_id, seq, person_id, at, data, bytes, checksum) VALUES ${placeholders(values)}`,
      values.flat(),
    );
  }
}

/** The articles in which a client id that is to be recorded is somebody else's. */
async function foreignClients(session: Session, parts: readonly Part[]): Promise<Set<string>> {
  const claims = claimsOf(parts.flatMap(({ entries }) => entries));
  if (claims === null) return new Set();
  const rows = await session.query<{ article: string }>(
    `SELECT DISTINCT given.article FROM unnest($1::text[], $2::bigint[], $3::text[]) AS given (article, client, person)
     JOIN client_ids ON article_id = given.article AND client_id = given.client AND person_id <> given.person`,
    claims,
  );
  return new Set(rows.map(({ article }) => article));
}

async function insertClients(session: Session, rows: readonly Numbered[]): Promise<void> {
  const claims = claimsOf(rows.map(({ entry }) => entry));
  if (claims === null) return;
  await session.query(
    `INSERT INTO client_ids (article_id, client_id, person_id) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
     ON CONFLICT DO NOTHING`,
    claims,
  );
}

/** Articles, client ids and people, as columns; null if no client id is used for the first time. */
function claimsOf(entries: readonly LogEntry[]): [string[], number[], string[]] | null {
  const owners = entries.flatMap(({ articleId, personId, clients = [] }) =>
    personId === null ? [] : clients.map((client) => ({ articleId, client, personId })),
  );
  if (owners.length === 0) return null;
  return [
    owners.map(({ articleId }) => articleId),
    owners.map(({ client }) => client),
    owners.map(({ personId }) => personId),
  ];
}

async function insertCommands(session: Session, commands: readonly CommandRecord[]): Promise<void> {
  if (commands.length === 0) return;
  // In order: two processes that carry the same two commands must not wait for each other.
  const sorted = [...commands].sort((a, b) => (a.id < b.id ? -1 : 1));
  await session.query(
    `INSERT INTO commands (id, article_id, person_id, at, result)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[])`,
    [
      sorted.map(({ id }) => id),
      sorted.map(({ articleId }) => articleId),
      sorted.map(({ personId }) => personId),
      sorted.map(({ at }) => at),
      sorted.map(({ result }) => result),
    ],
  );
}

/** `($1, $2), ($3, $4)` */
function placeholders(rows: readonly (readonly unknown[])[]): string {
  return rows
    .map((row, index) => `(${row.map((_, column) => `$${index * row.length + column + 1}`).join(', ')})`)
    .join(', ');
}
