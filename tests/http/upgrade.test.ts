// WebSockets over the real server: y-websocket's own provider joins by token and by cookie, others are closed with a code that
// says why, and connections of an ended session or token close at once.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { readBlocks } from '../../shared/article/blocks.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

let server: TestApp;
let editor: TestPerson;
let articleId: string;
const providers: WebsocketProvider[] = [];

beforeAll(async () => {
  server = await startTestApp();
  editor = await server.addPerson('editor');
  articleId = await server.addArticle(editor, ['The bridge stands.']);
});
afterEach(() => {
  for (const provider of providers.splice(0)) {
    provider.destroy();
    provider.doc.destroy();
  }
});
afterAll(() => server.close());

function join(who: TestPerson): WebsocketProvider {
  const provider = new WebsocketProvider(`${server.socketUrl}/sync`, articleId, new Y.Doc(), {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    params: { token: who.token },
    disableBc: true,
  });
  providers.push(provider);
  return provider;
}

const synced = (provider: WebsocketProvider) => new Promise<void>((resolve) => provider.once('sync', () => resolve()));

/** The code with which a socket was closed, or the HTTP status with which its handshake was refused. */
function closed(path: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(server.socketUrl + path, { headers });
  return new Promise((resolve) => {
    socket.on('close', (code) => resolve(code));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined); // told by the events above
  });
}

async function opened(path: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(server.socketUrl + path, { headers });
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.once('error', reject);
  });
  return socket;
}

describe('a WebSocket to /sync', () => {
  it('HTTP-13 is open to y-websocket’s own provider with a token', async () => {
    const [first, second] = [join(editor), join(editor)];
    await Promise.all([synced(first), synced(second)]);
    expect(readBlocks(first.doc, 'en').map((block) => block.content)).toEqual([[{ text: 'The bridge stands.' }]]);
    const arrived = new Promise((resolve) => second.doc.once('update', resolve));
    const text = first.doc.getXmlFragment('text/en').get(0) as Y.XmlElement;
    (text.get(0) as Y.XmlText).insert(0, 'Yes: ');
    await arrived;
    expect(readBlocks(second.doc, 'en')[0]?.content[0]?.text).toBe('Yes: The bridge stands.');
  });

  it('HTTP-13 is open to a session cookie and to an Authorization header', async () => {
    const byCookie = await opened(`/sync/${articleId}?v=1`, { Cookie: editor.cookie, Origin: server.url });
    const byHeader = await opened(`/sync/${articleId}?v=1`, { Authorization: `Bearer ${editor.token}` });
    byCookie.terminate();
    byHeader.terminate();
  });

  it('HTTP-14 is closed with a code that says why', async () => {
    const removed = await server.addPerson('editor');
    await server.app.people.remove(removed.id);
    expect(await closed(`/sync/${articleId}`)).toBe(4401);
    expect(await closed(`/sync/${articleId}?token=nonsense`)).toBe(4401);
    expect(await closed(`/sync/${articleId}?token=${removed.token}`)).toBe(4401);
    expect(await closed(`/sync/nothing?token=${editor.token}`)).toBe(4404);
    expect(await closed(`/sync/a%00b?token=${editor.token}`)).toBe(4404);
    expect(await closed(`/sync/${articleId}?token=${editor.token}&epoch=77`)).toBe(4409);
  });

  it('HTTP-14 is closed to another site’s page that carries a cookie', async () => {
    expect(await closed(`/sync/${articleId}`, { Cookie: editor.cookie, Origin: 'https://evil.example' })).toBe(4403);
  });

  it('HTTP-14 is refused at any other address', async () => {
    for (const path of ['/', '/sync', '/sync/', '/sync/a/b', '/api/articles', '/live']) {
      expect([path, await closed(path, { Authorization: `Bearer ${editor.token}` })]).toEqual([path, 404]);
    }
  });

  it('HTTP-15 closes within a second when its token is revoked or its person removed', async () => {
    const person = await server.addPerson('translator', ['ru']);
    const byToken = await opened(`/sync/${articleId}?v=1&token=${person.token}`);
    const byCookie = await opened(`/sync/${articleId}?v=1`, { Cookie: person.cookie });
    const began = performance.now();
    const ended = new Promise<number>((resolve) => byToken.once('close', resolve));
    const [token] = await server.app.identity.tokens(person.id);
    await server.call(person, 'DELETE', `/api/tokens/${token?.id}`);
    expect(await ended).toBe(4401);
    expect(byCookie.readyState).toBe(WebSocket.OPEN);
    const removed = new Promise<number>((resolve) => byCookie.once('close', resolve));
    await server.call(editor, 'DELETE', `/api/people/${person.id}`);
    expect(await removed).toBe(4401);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('the end of the server', () => {
  it('HTTP-16 keeps what was typed and tells open connections to come back', async () => {
    const first = await startTestApp();
    const { dataFolder } = first;
    const person = await first.addPerson('editor');
    const id = await first.addArticle(person);
    const socket = new WebSocket(`${first.socketUrl}/sync/${id}?v=1&token=${person.token}`);
    await new Promise((resolve) => socket.once('message', resolve));
    const code = new Promise<number>((resolve) => socket.once('close', resolve));
    await first.app.close();
    expect(await code).toBe(4503);
    const second = await startTestApp({ dataFolder });
    try {
      const text = await second.call<string>(person, 'GET', `/api/articles/${id}/texts/en?format=txt`);
      expect(text.body).toContain('The bridge stands.');
    } finally {
      await second.close();
      await first.close();
    }
  });
});
