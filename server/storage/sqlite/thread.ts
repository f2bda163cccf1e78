// The storage thread: it owns the only connection to the SQLite file, so that no fsync ever stops the event loop that serves
// people. One message is one transaction; messages are carried out one after the other. It knows the shape of the log
// (its hot path) and nothing else of our tables.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { rowChecksum } from '../archive/checksum.ts';
import type { StorageErrorCode } from '../errors.ts';
import { type Appended, type Refusal, StorageStartError } from '../types.ts';
import { openDatabase, type SqliteDatabase, type SqliteStatement, type SqliteValue } from './engine.ts';
import type { Answer, Numbered, Request, Rows, Statement, ThreadData } from './messages.ts';

/** More distinct statements than we have; beyond it the cache starts anew. */
const STATEMENT_CACHE = 300;

class Executor {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, { statement: SqliteStatement; answers: boolean }>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  answer(request: Request): unknown {
    switch (request.kind) {
      case 'run':
        return this.#run(request.statements);
      case 'append':
        return this.#inTransaction(() => this.#append(request));
      case 'backup':
        this.#all('VACUUM INTO ?', [request.file]);
        return null;
      case 'close':
        this.#statements.clear();
        this.#database.close();
        return null;
    }
  }

  #run(statements: readonly Statement[]): Rows[] {
    const run = () => statements.map((statement) => this.#all(statement.sql, statement.parameters));
    return statements.length === 1 ? run() : this.#inTransaction(run);
  }

  #append({ rows, commands, after }: Extract<Request, { kind: 'append' }>): Appended {
    const refused = this.#refused(after);
    this.#refuseForeign(rows, refused);
    const heads = new Map<string, number>();
    for (const row of rows) {
      if (refused.has(row.articleId)) continue;
      // What was expected and is not refused is so.
      const before = heads.get(row.articleId) ?? after.get(row.articleId) ?? this.#head(row.articleId);
      const head = before + 1;
      heads.set(row.articleId, head);
      const { articleId, personId, at, update: data } = row;
      this.#all(
        'INSERT INTO log_rows (article_id, seq, person_id, at, data, bytes, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [articleId, head, personId, at, data, data.length, rowChecksum({ articleId, seq: head, personId, at, data })],
      );
      if (row.personId !== null) {
        for (const client of row.clients) {
          this.#all(
            'INSERT INTO client_ids (article_id, client_id, person_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
            [row.articleId, client, row.personId],
          );
        }
      }
    }
    for (const [articleId, head] of heads) this.#all('UPDATE articles SET head = ? WHERE id = ?', [head, articleId]);
    for (const { id, articleId, personId, at, result } of commands) {
      if (refused.has(articleId)) continue;
      this.#all('INSERT INTO commands (id, article_id, person_id, at, result) VALUES (?, ?, ?, ?, ?)', [
        id,
        articleId,
        personId,
        at,
        result,
      ]);
    }
    return { heads, refused };
  }

  /** Nobody else writes to the file; a head that was not expected is one that this process did not know it had written. */
  #refused(after: ReadonlyMap<string, number>): Map<string, Refusal> {
    const refused = new Map<string, Refusal>();
    for (const [articleId, expected] of after) {
      const head = this.#head(articleId);
      if (head !== expected) refused.set(articleId, { code: 'conflict', head });
    }
    return refused;
  }

  #refuseForeign(rows: Extract<Request, { kind: 'append' }>['rows'], refused: Map<string, Refusal>): void {
    for (const { articleId, personId, clients } of rows) {
      if (personId === null || refused.has(articleId)) continue;
      for (const client of clients) {
        const [owner] = this.#all('SELECT person_id FROM client_ids WHERE article_id = ? AND client_id = ?', [
          articleId,
          client,
        ]);
        if (owner && owner.person_id !== personId) refused.set(articleId, { code: 'foreign-client' });
      }
    }
  }

  #head(articleId: string): number {
    const found = this.#all('SELECT head FROM articles WHERE id = ?', [articleId])[0];
    if (!found) throw new ReferenceMissing(`no article ${articleId}`);
    return Number(found.head);
  }

  #inTransaction<T>(work: () => T): T {
    this.#all('BEGIN IMMEDIATE', []);
    let value: T;
    try {
      value = work();
      this.#all('COMMIT', []);
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch (rollbackError) {
        // SQLite rolls back by itself on some errors (full disk); then there is nothing to roll back. Say both.
        throw new AggregateError([error, rollbackError], String(error), { cause: error });
      }
      throw error;
    }
    return value;
  }

  #all(sql: string, parameters: readonly SqliteValue[]): Rows {
    let known = this.#statements.get(sql);
    if (!known) {
      if (this.#statements.size >= STATEMENT_CACHE) this.#statements.clear();
      known = { statement: this.#database.prepare(sql), answers: ANSWERS.test(sql) };
      this.#statements.set(sql, known);
    }
    if (known.answers) return known.statement.all(...parameters);
    // `run`, not `all`: only its errors carry SQLite's result code, which tells a duplicate key from a broken disk.
    known.statement.run(...parameters);
    return [];
  }
}

const ANSWERS = /^\s*(select|with|pragma)\b|\breturning\b/i;

class ReferenceMissing extends Error {}

/** Opens the file and makes it durable: WAL, every commit flushed. Throws StorageStartError. */
async function start({ file, readOnly }: ThreadData): Promise<Executor> {
  let database: SqliteDatabase | null = null;
  try {
    if (readOnly) return new Executor(await openDatabase(file, { readOnly }));
    mkdirSync(path.dirname(file), { recursive: true });
    database = await openDatabase(file);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA foreign_keys = ON');
    database.exec('PRAGMA busy_timeout = 2000');
    database.exec('BEGIN IMMEDIATE');
    database.exec('COMMIT');
    return new Executor(database);
  } catch (error) {
    database?.close();
    throw startError(error, file);
  }
}

function startError(error: unknown, file: string): unknown {
  if (error instanceof StorageStartError) return error;
  const systemCode = (error as NodeJS.ErrnoException).code ?? '';
  const primary = sqliteCode(error) & 0xff;
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EEXIST', 'EISDIR'].includes(systemCode)) {
    return new StorageStartError('not-writable', `${file}: ${systemCode}`);
  }
  if (primary === SQLITE.NOTADB || primary === SQLITE.CORRUPT) return new StorageStartError('not-a-database', file);
  if (primary === SQLITE.BUSY || primary === SQLITE.LOCKED) return new StorageStartError('in-use', file);
  if (primary === SQLITE.CANTOPEN || primary === SQLITE.READONLY || primary === SQLITE.PERM) {
    return new StorageStartError('not-writable', `${file}: ${String(error)}`);
  }
  return error;
}

const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
  CONSTRAINT_FOREIGNKEY: 787,
  CONSTRAINT_PRIMARYKEY: 1555,
  CONSTRAINT_UNIQUE: 2067,
} as const;

const PASSING: readonly number[] = [
  SQLITE.BUSY,
  SQLITE.LOCKED,
  SQLITE.NOMEM,
  SQLITE.READONLY,
  SQLITE.IOERR,
  SQLITE.FULL,
  SQLITE.CANTOPEN,
];

/** The extended result code, or 0. */
function sqliteCode(error: unknown): number {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' ? code : 0;
}

function classify(error: unknown): StorageErrorCode {
  const cause = error instanceof AggregateError ? error.cause : error;
  if (cause instanceof ReferenceMissing) return 'reference';
  const code = sqliteCode(cause);
  if (code === SQLITE.CONSTRAINT_FOREIGNKEY) return 'reference';
  if (code === SQLITE.CONSTRAINT_PRIMARYKEY || code === SQLITE.CONSTRAINT_UNIQUE) return 'exists';
  return PASSING.includes(code & 0xff) ? 'unavailable' : 'failed';
}

if (!parentPort) throw new Error('the storage thread must be started as a worker');
const port = parentPort;
const answer = (...answers: Numbered<Answer>[]) => port.postMessage(answers);

try {
  const executor = await start(workerData as ThreadData);
  const carryOut = ({ number, message }: Numbered<Request>): Numbered<Answer> => {
    try {
      return { number, message: { kind: 'done', value: executor.answer(message) } };
    } catch (error) {
      return { number, message: { kind: 'error', code: classify(error), message: String(error) } };
    }
  };
  port.on('message', (requests: readonly Numbered<Request>[]) => {
    answer(...requests.map(carryOut));
    if (requests.some(({ message }) => message.kind === 'close')) port.close();
  });
  answer({ number: 0, message: { kind: 'done', value: null } });
} catch (error) {
  if (!(error instanceof StorageStartError)) throw error;
  answer({ number: 0, message: { kind: 'start-error', code: error.code, message: error.message } });
  port.close();
}
