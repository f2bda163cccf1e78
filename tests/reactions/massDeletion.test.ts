// A client that deletes most of a text, against a whole server: what is kept of it, and who is told.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { blockText, blockTextNodes, readBlocks } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import type { Notification, SnapshotInfo } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';
import { pause } from '../support/server.ts';

const PARAGRAPH = 'The bridge over the river was built in a year, and it stands. '.repeat(2);

let server: TestApp;
let [editor, other, translator]: TestPerson[] = [];
const logged: { level: number; msg: string }[] = [];
beforeAll(async () => {
  server = await startTestApp({ log: (line) => logged.push(JSON.parse(line) as { level: number; msg: string }) });
  editor = await server.addPerson('editor', [], 'Elena');
  other = await server.addPerson('editor', [], 'Oleg');
  translator = await server.addPerson('translator', ['en']);
});
afterAll(() => server.close());

/** An article of so many paragraphs, open in a client of this person that knows nothing of our own messages. */
async function open(who: TestPerson, paragraphs: number) {
  const articleId = await server.addArticle(
    editor!,
    Array.from({ length: paragraphs }, () => PARAGRAPH),
  );
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${server.socketUrl}/sync`, articleId, doc, {
    disableBc: true,
    params: { token: who.token },
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  await new Promise<void>((resolve) => provider.once('sync', () => resolve()));
  const text = doc.getXmlFragment(textRoot('en'));
  /** Waits until the server has committed what was done here. */
  const committed = async () => {
    await server.app.rooms.use(articleId, async (room) => {
      await room.waitFor(Y.encodeStateVector(doc), 5_000);
      while (readBlocks(room.doc, 'en').length !== readBlocks(doc, 'en').length) await pause(5);
      await room.committed();
    });
  };
  const snapshots = async () => {
    const { body } = await server.call<{ snapshots: SnapshotInfo[] }>(
      editor!,
      'GET',
      `/api/articles/${articleId}/snapshots`,
    );
    return body.snapshots.filter(({ kind }) => kind === 'mass-deletion');
  };
  const told = async (person: TestPerson) => {
    const { body } = await server.call<{ notifications: Notification[] }>(person, 'GET', '/api/notifications');
    return body.notifications.filter((one) => one.articleId === articleId);
  };
  const close = () => {
    provider.destroy();
    doc.destroy();
  };
  return { articleId, doc, text, committed, snapshots, told, close };
}

const until = async (what: string, holds: () => Promise<boolean>) => {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await pause(10);
  }
};

it('SNAP-8 keeps the moment before one update deletes most of a text, and tells every editor; the deletion stands', async () => {
  const client = await open(translator!, 40);
  try {
    blockTextNodes(client.text.get(0) as Y.XmlElement)[0]!.insert(0, 'Typed just before. ');
    await client.committed();
    const before = readBlocks(client.doc, 'en').map(blockText);
    client.text.delete(3, 37);
    await client.committed();
    await until('both editors are told', async () => (await client.told(other!)).length > 0);

    const [snapshot, ...more] = await client.snapshots();
    expect(more).toEqual([]);
    expect(snapshot).toMatchObject({ kind: 'mass-deletion', by: { id: translator!.id, name: 'translator en' } });
    const kept = await server.call<string>(
      editor!,
      'GET',
      `/api/articles/${client.articleId}/snapshots/${snapshot!.id}/texts/en?format=json`,
    );
    expect((kept.body as unknown as { blocks: Parameters<typeof blockText>[0][] }).blocks.map(blockText)).toEqual(
      before,
    );
    for (const person of [editor!, other!]) {
      expect(await client.told(person)).toMatchObject([
        { kind: 'mass-deletion', annotationId: null, by: { id: translator!.id }, articleTitle: 'The bridge' },
      ]);
    }
    expect((await client.told(other!))[0]!.excerpt).toMatch(/^The bridge over the river/);
    expect(await client.told(translator!)).toEqual([]);
    const warnings = logged.filter(({ msg }) => msg === 'most of a text was deleted at one go');
    expect(warnings).toMatchObject([
      { level: 40, articleId: client.articleId, language: 'en', personId: translator!.id, snapshotId: snapshot!.id },
    ]);
    const figures = (await server.call<string>(null, 'GET', '/metrics')).body;
    expect(figures).toContain('kopuro_mass_deletions_total 1');
    await server.app.rooms.use(client.articleId, ({ doc }) => expect(readBlocks(doc, 'en')).toHaveLength(3));
  } finally {
    client.close();
  }
});

it('SNAP-8 takes a share of half, and fewer characters than a page, for somebody’s work', async () => {
  const large = await open(editor!, 40);
  const small = await open(editor!, 12);
  try {
    large.text.delete(0, 20);
    small.text.delete(0, 12);
    await Promise.all([large.committed(), small.committed()]);
    // What would have been taken is taken in the order of the archive: a named one comes after it.
    for (const { articleId } of [large, small]) {
      await server.call(editor!, 'POST', `/api/articles/${articleId}/snapshots`, { name: 'After' });
    }
    expect([await large.snapshots(), await small.snapshots()]).toEqual([[], []]);
  } finally {
    large.close();
    small.close();
  }
});

it('SNAP-8 alarms once when a text is deleted, brought back and deleted again', async () => {
  const client = await open(editor!, 40);
  try {
    const undo = new Y.UndoManager(client.text);
    client.text.delete(0, 40);
    await client.committed();
    undo.undo();
    await client.committed();
    undo.redo();
    await client.committed();
    await server.call(editor!, 'POST', `/api/articles/${client.articleId}/snapshots`, { name: 'After' });
    expect(await client.snapshots()).toHaveLength(1);
    undo.destroy();
  } finally {
    client.close();
  }
});
