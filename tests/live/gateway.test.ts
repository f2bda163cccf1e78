// socket.io at /live over real sockets: who may connect, commands and their answers, news, and the end of a connection whose
// session or token ended.
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { ClientEvents, CommandAnswer, ServerEvents } from '../../shared/protocol/events.ts';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

type Client = Socket<ServerEvents, ClientEvents>;

let server: TestApp;
let editor: TestPerson;
let checker: TestPerson;
let articleId: string;
const open: Client[] = [];

beforeAll(async () => {
  server = await startTestApp();
  editor = await server.addPerson('editor');
  checker = await server.addPerson('fact-checker');
  articleId = await server.addArticle(editor);
});
afterEach(() => {
  for (const client of open.splice(0)) client.disconnect();
});
afterAll(() => server.close());

function client(options: { token?: string; headers?: Record<string, string>; language?: string }): Client {
  const socket: Client = io(server.url, {
    path: '/live',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { ...(options.token ? { token: options.token } : {}), language: options.language ?? 'en' },
    ...(options.headers ? { extraHeaders: options.headers } : {}),
  });
  open.push(socket);
  return socket;
}

async function connected(options: Parameters<typeof client>[0]): Promise<Client> {
  const socket = client(options);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

const refusal = (options: Parameters<typeof client>[0]) =>
  connected(options).then(
    () => 'connected',
    (error: Error & { data?: { error: { code: string } } }) => error.data?.error.code ?? 'refused',
  );
const nextEvent = <E extends keyof ServerEvents>(socket: Client, event: E) =>
  new Promise<Parameters<ServerEvents[E]>>((resolve) => {
    const untyped = socket as unknown as { once(name: string, listener: (...values: unknown[]) => void): void };
    untyped.once(event, (...values: unknown[]) => resolve(values as Parameters<ServerEvents[E]>));
  });
const send = (socket: Client, envelope: unknown): Promise<CommandAnswer> =>
  socket.timeout(5_000).emitWithAck('command', envelope as never);

describe('a connection', () => {
  it('LIVE-1 is made with a session cookie or a bearer token, and with nothing else', async () => {
    expect(await refusal({ token: editor.token })).toBe('connected');
    expect(await refusal({ headers: { Cookie: editor.cookie } })).toBe('connected');
    expect(await refusal({})).toBe('not-signed-in');
    expect(await refusal({ token: 'nonsense' })).toBe('not-signed-in');
    expect(await refusal({ headers: { Cookie: 'kopuro_session=nonsense' } })).toBe('not-signed-in');
  });

  it('LIVE-1 is refused to another site’s page that carries a cookie', async () => {
    const headers = { Cookie: editor.cookie, Origin: 'https://evil.example' };
    expect(await refusal({ headers })).toBe('refused');
    expect(await refusal({ headers: { Cookie: editor.cookie, Origin: server.url } })).toBe('connected');
  });

  it('LIVE-2 ends within a second when its token is revoked, its person removed or its session ended', async () => {
    const reader = await server.addPerson('reader');
    const byToken = await connected({ token: reader.token });
    const byCookie = await connected({ headers: { Cookie: reader.cookie } });
    const began = performance.now();
    const [token] = await server.app.identity.tokens(reader.id);
    const ended = nextDisconnect(byToken);
    await server.call(reader, 'DELETE', `/api/tokens/${token?.id}`);
    await ended;
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(byCookie.connected).toBe(true);

    const removed = nextDisconnect(byCookie);
    await server.call(editor, 'DELETE', `/api/people/${reader.id}`);
    await removed;

    const other = await server.addPerson('reader');
    const session = await connected({ headers: { Cookie: other.cookie } });
    const signedOut = nextDisconnect(session);
    await server.call(null, 'DELETE', '/api/session', undefined, { Cookie: other.cookie });
    await signedOut;
  });

  it('LIVE-2 is told when its person’s rights changed, and commands go by the new ones', async () => {
    const person = await server.addPerson('editor');
    const socket = await connected({ token: person.token });
    const told = nextEvent(socket, 'session.changed');
    await server.call(editor, 'PATCH', `/api/people/${person.id}`, { role: 'reader' });
    await told;
    const answer = await send(socket, {
      id: 'demoted',
      articleId,
      type: 'article.change',
      payload: { title: 'Mine' },
    });
    expect(answer).toMatchObject({ error: { code: 'not-allowed' } });
  });
});

describe('a command', () => {
  it('LIVE-3 is answered with its result, and the same one again with the same result', async () => {
    const socket = await connected({ token: editor.token });
    const envelope = { id: 'title-1', articleId, type: 'article.change', payload: { title: 'A new title' } };
    const first = await send(socket, envelope);
    expect(first).toHaveProperty('result');
    expect(await send(socket, envelope)).toEqual(first);
  });

  it('LIVE-3 that is not right is answered with an error in the language of the connection', async () => {
    const socket = await connected({ token: checker.token, language: 'ru' });
    const broken: [unknown, string][] = [
      [null, 'invalid-input'],
      ['words', 'invalid-input'],
      [{ id: 'a', articleId, type: 'no.such', payload: {} }, 'invalid-input'],
      [{ id: 'b', articleId, type: 'article.change', payload: { title: 7 } }, 'invalid-input'],
      [{ id: 'c', articleId: 'nothing', type: 'article.change', payload: { title: 'x' } }, 'article-not-found'],
      [{ id: 'd', articleId, type: 'article.change', payload: { title: 'x' } }, 'not-allowed'],
    ];
    for (const [envelope, code] of broken) {
      const answer = await send(socket, envelope);
      expect(answer).toMatchObject({ error: { code } });
      expect((answer as { error: { message: string } }).error.message).toMatch(/[а-я]/);
    }
    socket.emit('command', {} as never, 'no function' as never);
    expect(await send(socket, null)).toMatchObject({ error: { code: 'invalid-input' } });
  });
});

describe('the desk', () => {
  const watch = (socket: Client, ...ids: string[]) => socket.timeout(5_000).emitWithAck('desk.watch', ids);
  const rename = (id: string, title: string) => server.call(editor, 'PATCH', `/api/articles/${id}`, { title });

  it('LIVE-4 LIVE-7 hears of the articles that it shows, of others that there is something new, and nothing unasked', async () => {
    const id = await server.addArticle(editor);
    const [watching, idle] = [await connected({ token: checker.token }), await connected({ token: editor.token })];
    expect(await watch(watching)).toEqual({ presence: {} });
    const heard: string[] = [];
    watching.on('desk.article', (summary) => heard.push(summary.id));
    idle.onAny((name: string) => heard.push(name));
    const news = nextEvent(watching, 'desk.news');
    const made = await server.addArticle(editor);
    await news;
    expect(heard).toEqual([]);

    await watch(watching, id, made);
    const changed = nextEvent(watching, 'desk.article');
    await rename(id, 'Another bridge');
    const [summary] = (await changed) as [ArticleSummary];
    expect(summary).toMatchObject({ id, title: 'Another bridge' });
    await watch(watching, made);
    await rename(id, 'A third bridge');
    const other = nextEvent(watching, 'desk.article');
    await rename(made, 'The last bridge');
    expect(await other).toMatchObject([{ id: made }]);
    expect(heard).toEqual([id, made]);

    idle.offAny();
    const gone = nextEvent(watching, 'desk.removed');
    await server.call(editor, 'DELETE', `/api/articles/${id}`);
    expect(await gone).toEqual([id]);
    watching.emit('desk.unwatch');
    watching.emit('desk.watch', 'nonsense' as never, 'no function' as never);
    expect(await watch(watching, ...([{ no: 'id' }] as never[]))).toEqual({ presence: {} });
  });

  it('LIVE-4 hears who is in an article and who left', async () => {
    const watching = await connected({ token: checker.token });
    await watch(watching, articleId);
    const came = nextEvent(watching, 'desk.presence');
    const socket = new WebSocket(`${server.socketUrl}/sync/${articleId}?v=1&token=${editor.token}`);
    expect(await came).toEqual([articleId, [expect.objectContaining({ id: editor.id, role: 'editor' })]]);
    const other = await connected({ token: checker.token });
    expect(await watch(other, articleId)).toMatchObject({ presence: { [articleId]: [{ id: editor.id }] } });
    expect(await watch(other, 'another')).toEqual({ presence: {} });
    const left = nextEvent(watching, 'desk.presence');
    socket.close();
    expect(await left).toEqual([articleId, []]);
  });

  it('LIVE-6 a person hears of a mention, and finds it later too', async () => {
    const mentioned = await connected({ token: checker.token });
    const told = nextEvent(mentioned, 'notification');
    const text = await server.call<{ blocks: { id: string }[] }>(
      editor,
      'GET',
      `/api/articles/${articleId}/texts/en?format=json`,
    );
    await server.call(editor, 'POST', `/api/articles/${articleId}/annotations`, {
      kind: 'comment',
      language: 'en',
      blockId: text.body.blocks[0]?.id,
      exact: 'bridge',
      body: `Please look, @[checker](${checker.id}).`,
    });
    expect((await told)[0]).toMatchObject({ kind: 'mention', articleId, by: { id: editor.id } });
    const list = async () =>
      (await server.call<{ notifications: { readAt: number | null }[] }>(checker, 'GET', '/api/notifications')).body
        .notifications;
    expect(await list()).toHaveLength(1);
    await server.call(checker, 'POST', '/api/notifications/read', { ids: 'all' });
    expect((await list())[0]?.readAt).toBeTypeOf('number');
  });

  it('LIVE-4 hears of people', async () => {
    const watching = await connected({ token: checker.token });
    const told = nextEvent(watching, 'people.changed');
    await server.addPerson('reader');
    await told;
  });
});

function nextDisconnect(socket: Client): Promise<void> {
  return new Promise((resolve) => socket.once('disconnect', () => resolve()));
}
