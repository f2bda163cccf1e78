// What a program of others can do by accident: an editor with a schema of its own, which y-prosemirror makes delete everything
// that it does not know. The real server, storage and y-websocket.
import { Schema } from 'prosemirror-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { initProseMirrorDoc } from 'y-prosemirror';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

let server: TestApp;
let editor: TestPerson;

beforeAll(async () => {
  server = await startTestApp();
  editor = await server.addPerson('editor');
});
afterAll(() => server.close());

/** One that knows paragraphs and no blocks. */
const otherSchema = new Schema({
  nodes: { doc: { content: 'paragraph+' }, paragraph: { content: 'text*' }, text: {} },
});

describe('an editor with a schema of its own', () => {
  it('INTEROP-6 that declares none and deletes much leaves a snapshot from just before, and an alarm', async () => {
    const paragraph = 'Words that somebody took a day to write. '.repeat(10).trim();
    const paragraphs = Array.from({ length: 20 }, (_, index) => `${index} ${paragraph}`);
    const articleId = await server.addArticle(editor, paragraphs);
    const provider = new WebsocketProvider(`${server.socketUrl}/sync`, articleId, new Y.Doc(), {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      params: { token: editor.token },
      disableBc: true,
    });
    try {
      await new Promise<void>((resolve) => provider.once('sync', () => resolve()));
      initProseMirrorDoc(provider.doc.getXmlFragment('text/en'), otherSchema);
      expect(provider.doc.getXmlFragment('text/en').length).toBe(0);

      type Snapshots = { snapshots: { id: string; kind: string }[] };
      const taken = async () => {
        const { body } = await server.call<Snapshots>(editor, 'GET', `/api/articles/${articleId}/snapshots`);
        return body.snapshots.filter(({ kind }) => kind === 'mass-deletion');
      };
      await expect.poll(taken, { timeout: 5_000 }).toHaveLength(1);
      const [snapshot] = await taken();
      const text = await server.call<{ blocks: unknown[] }>(
        editor,
        'GET',
        `/api/articles/${articleId}/snapshots/${snapshot!.id}/texts/en`,
      );
      expect(text.body.blocks).toHaveLength(paragraphs.length);

      const told = async () => {
        const { body } = await server.call<{ notifications: { kind: string; articleId: string }[] }>(
          editor,
          'GET',
          '/api/notifications',
        );
        return body.notifications;
      };
      await expect.poll(told).toMatchObject([{ kind: 'mass-deletion', articleId }]);
    } finally {
      provider.destroy();
      provider.doc.destroy();
    }
  });
});
