// A row or the state of an article that is not what was written: the article is refused with its own code and words, whoever
// asks and however often, and the rest of the server does not feel it.
import { join as joinPath } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import { Typist, until } from '../support/typist.ts';
import { type FaultyServer, type Somebody, startFaultyServer } from './server.ts';

let server: FaultyServer;
let editor: Somebody;
const typists: Typist[] = [];

beforeAll(async () => {
  server = await startFaultyServer({ idleMs: 50, settleMs: 50, compactAfterRows: 1 });
  editor = await server.person('editor');
});
afterAll(() => server.dispose());
afterEach(() => {
  for (const typist of typists.splice(0)) typist.destroy();
});

function enter(articleId: string): Typist {
  const typist = new Typist({ url: server.url, articleId, language: 'en', token: editor.token });
  typists.push(typist);
  return typist;
}

/** Has somebody write, and leaves. */
async function write(articleId: string): Promise<void> {
  const author = enter(articleId);
  await author.connect();
  author.type();
  await author.allAcknowledged();
  author.destroy();
}

/** Turns one bit over in the middle of what SQL finds. */
function damage(table: string, column: string, where: string): void {
  const database = new DatabaseSync(joinPath(server.dataFolder, 'kopuro.sqlite'));
  try {
    const row = database.prepare(`SELECT rowid AS row, ${column} AS bytes FROM ${table} WHERE ${where}`).get() as {
      row: number;
      bytes: Uint8Array;
    };
    const bytes = Uint8Array.from(row.bytes);
    bytes[bytes.length >> 1]! ^= 4;
    database.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(bytes, row.row);
  } finally {
    database.close();
  }
}

describe('damage', () => {
  it('FAULT-18 of a row or of the state closes that article with its own code, and no other one', async () => {
    const [ofState, ofRow, healthy] = [
      await server.article(editor),
      await server.article(editor),
      await server.article(editor),
    ];
    await write(ofState);
    await until(async () => (await server.stats()).rooms === 0, 'it is compacted and closed');
    await write(healthy);
    await server.stop();
    damage('log_states', 'state', `article_id = '${ofState}'`);
    damage('log_rows', 'data', `article_id = '${ofRow}'`);
    await server.start();

    const author = enter(healthy);
    await author.connect();
    for (const damaged of [ofState, ofRow]) {
      const reader = enter(damaged);
      reader.provider.connect();
      await until(() => reader.closes.length >= 2, 'it has tried twice');
      expect(reader.closes.slice(0, 2)).toEqual([4510, 4510]);
      reader.disconnect();
      const { status, body } = await server.call<ErrorBody>(editor, 'GET', `/api/articles/${damaged}/texts/en`);
      expect([status, body.error.code]).toEqual([503, 'article-unreadable']);
      expect(body.error.message).toMatch(/\S+ \S+/);
      expect(server.output()).toContain(damaged);
    }
    author.type();
    await author.allAcknowledged();
    expect(author.closes).toEqual([]);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const { status, body } = await server.call<{ articles: unknown[] }>(editor, 'GET', '/api/articles');
    expect([status, body.articles.length]).toEqual([200, 3]);
  });
});
