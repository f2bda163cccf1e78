// An article that rots on disk, as its readers and the person who runs the server meet it: refused in words, named by `verify`,
// brought back by `mend`. A whole server on a real file, which is damaged behind its back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { databaseFile } from '../../server/data-folder.ts';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';
import { run } from '../support/terminal.ts';

let server: TestApp;
let editor: TestPerson;
/** Its log: the text as it was imported; then, in `annotate`, a row for every comment. */
let article: string;
let other: string;
beforeEach(async () => {
  server = await startTestApp();
  editor = await server.addPerson('editor');
  article = await server.addArticle(editor, ['The bridge stands.']);
  other = await server.addArticle(editor, ['The river flows.']);
});
afterEach(() => server.close());

async function annotate(body: string): Promise<void> {
  const { blocks } = (await text(article, 'json')).body as unknown as { blocks: { id: string }[] };
  const comment = { kind: 'comment', language: 'en', blockId: blocks[0]!.id, exact: 'bridge', body };
  const { status } = await server.call(editor, 'POST', `/api/articles/${article}/annotations`, comment);
  expect(status).toBe(201);
}

const text = (id: string, format = 'txt', headers = {}) =>
  server.call(editor, 'GET', `/api/articles/${id}/texts/en?format=${format}`, undefined, headers);

async function notes(): Promise<string[]> {
  const answer = await server.call<{ annotations: { thread: { body: string }[] }[] }>(
    editor,
    'GET',
    `/api/articles/${article}/annotations`,
  );
  return answer.body.annotations.map(({ thread }) => thread[0]!.body);
}

async function snapshot(name: string): Promise<string> {
  return (await server.call<{ id: string }>(editor, 'POST', `/api/articles/${article}/snapshots`, { name })).body.id;
}

async function damage(statement: string): Promise<void> {
  const database = await openDatabase(databaseFile(server.dataFolder));
  database.prepare(statement).run(article);
  database.close();
}
const LAST_ROW = 'WHERE article_id = ?1 AND seq = (SELECT max(seq) FROM log_rows WHERE article_id = ?1)';
const breakLastRow = () => damage(`UPDATE log_rows SET data = zeroblob(length(data)) ${LAST_ROW}`);

/** How the server closes a client of this article, and which epoch it may have named. */
function closed(epoch?: number): Promise<number> {
  const query = `v=1&token=${editor.token}${epoch === undefined ? '' : `&epoch=${epoch}`}`;
  const socket = new WebSocket(`${server.socketUrl}/sync/${article}?${query}`);
  return new Promise((resolve, reject) => {
    socket.once('close', resolve);
    socket.once('error', reject);
  });
}

describe('a damaged article', () => {
  it('STORE-50 is refused in the language of its reader, with a close code, and the others go on', async () => {
    await annotate('One');
    await breakLastRow();
    await server.app.rooms.drop(article);
    const refused = await text(article, 'txt', { 'Accept-Language': 'ky' });
    expect([refused.status, refused.body.error]).toEqual([
      503,
      expect.objectContaining({ code: 'article-unreadable', message: expect.stringContaining('Макаланы азыр окууга') }),
    ]);
    expect(await closed()).toBe(CLOSE.articleUnreadable.code);
    expect((await text(other)).body).toContain('The river flows.');
    const damaged = await server.call<ErrorBody>(editor, 'POST', `/api/articles/${article}/snapshots`, { name: 'X' });
    expect(damaged.body.error.code).toBe('article-unreadable');
  });

  it('STORE-50 says of a damaged snapshot that it is one', async () => {
    const id = await snapshot('One');
    await damage('UPDATE snapshots SET state = substr(state, 2) WHERE article_id = ?');
    const path = `/api/articles/${article}/snapshots/${id}`;
    for (const [method, action] of [
      ['GET', 'texts/en'],
      ['POST', 'restore'],
    ] as const) {
      const { status, body } = await server.call(editor, method, `${path}/${action}`);
      expect([status, body.error.code]).toEqual([503, 'snapshot-unreadable']);
    }
  });

  it('CLI-6 is named by verify, beside a server that runs', async () => {
    await snapshot('Good');
    await annotate('One');
    const good = await run(server.dataFolder, ['verify']);
    expect([good.code, good.out]).toEqual([
      0,
      expect.stringMatching(/^Articles: 2, changes: \d, snapshots: 1, damaged articles: 0\.\n$/),
    ]);
    await breakLastRow();
    const found = await run(server.dataFolder, ['verify'], '', 'ru');
    expect(found.code).toBe(1);
    expect(found.out).toMatch(new RegExp(`^Повреждено: статья ${article}, изменение \\d+: байты не те`));
    expect(found.out).toContain('повреждено статей: 1.');
    const json = JSON.parse((await run(server.dataFolder, ['verify', '--json'])).out) as object;
    expect(json).toMatchObject({ articles: 2, damaged: [{ articleId: article, part: 'row', reason: 'checksum' }] });
  });

  it('CLI-7 is mended from the newest snapshot that can be read; former copies are refused as such', async () => {
    const oldest = await snapshot('Oldest');
    await annotate('One');
    const newer = await snapshot('Newer');
    await annotate('Two');
    const newest = await snapshot('Newest');
    await annotate('Three');
    await breakLastRow();
    await damage(`UPDATE snapshots SET state = substr(state, 2) WHERE article_id = ? AND id = '${newest}'`);
    await server.app.rooms.drop(article);

    const wrong = await run(server.dataFolder, ['mend', article, '--snapshot', newest]);
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    const mended = await run(server.dataFolder, ['mend', article]);
    expect([mended.code, mended.err]).toEqual([0, '']);
    expect(mended.out).toMatch(new RegExp(`^Restored from snapshot ${newer} of 20`));
    expect(await notes()).toEqual(['One']);
    expect(await closed(1)).toBe(CLOSE.epochChanged.code);
    await annotate('Four');
    expect((await run(server.dataFolder, ['verify'])).code).toBe(1); // the damaged snapshot is still there

    await breakLastRow();
    await server.app.rooms.drop(article);
    const chosen = JSON.parse((await run(server.dataFolder, ['mend', article, '--snapshot', oldest, '--json'])).out);
    expect(chosen).toMatchObject({ from: 'snapshot', snapshot: { id: oldest, name: 'Oldest' } });
    expect(await notes()).toEqual([]);
  });

  it('CLI-7 is mended from the room that still holds it, without loss', async () => {
    await snapshot('Old');
    await annotate('One');
    await breakLastRow();
    expect(await server.app.rooms.live(article)).not.toBeNull();
    const mended = await run(server.dataFolder, ['mend', article], '', 'ky');
    expect([mended.code, mended.out]).toEqual([0, expect.stringContaining('Текст бүтүн')]);
    await server.app.rooms.drop(article);
    expect(await notes()).toEqual(['One']);
    expect((await run(server.dataFolder, ['verify'])).code).toBe(0);
  });

  it('CLI-7 says so if no snapshot can be read', async () => {
    await breakLastRow();
    await server.app.rooms.drop(article);
    const refused = await run(server.dataFolder, ['mend', article]);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).not.toMatch(/\n\s+at /);
  });
});
