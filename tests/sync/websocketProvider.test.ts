// The plain WebsocketProvider of y-websocket, unmodified, over real sockets.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { ARTICLE, type Engine, engine, firstText, quiet, serve, until, words } from './harness.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(given: Engine) {
  const server = await serve(given);
  closers.push(() => server.close());
  return (person: string, params: Record<string, string> = {}) => {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(server.url, ARTICLE, doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      params: { person, ...params },
    });
    closers.push(() => {
      provider.destroy();
      doc.destroy();
    });
    return { doc, provider };
  };
}

describe('y-websocket', () => {
  it('SYNC-1 lets two unmodified WebsocketProviders converge', async () => {
    const server = engine();
    const join = await start(server);
    const first = join('russian');
    const second = join('editor');
    await until(() => first.provider.synced && second.provider.synced, 'both are synced');
    firstText(first.doc, 'ru').insert(0, 'Мост. ');
    firstText(second.doc, 'en').insert(0, 'Bridge. ');
    await until(() => words(second.doc, 'ru').startsWith('Мост.'), 'the second sees the first');
    await until(() => words(first.doc, 'en').startsWith('Bridge.'), 'the first sees the second');
    expect(words(server.log.replay(), 'ru')).toBe('Мост. Words in ru');
    expect(server.refusals).toEqual([]);
  });

  it('SYNC-2 keeps a provider that is alone connected', async () => {
    const join = await start(engine({ options: { keepAliveMs: 40 } }));
    const { provider } = join('reader');
    await until(() => provider.synced, 'it is synced');
    const before = provider.wsLastMessageReceived;
    await quiet(150);
    expect(provider.wsLastMessageReceived).toBeGreaterThan(before);
    expect(provider.wsconnected).toBe(true);
  });

  it('SYNC-3 refuses a writing reader with the protocol’s own message and a permanent close code', async () => {
    const server = engine();
    const join = await start(server);
    const reader = join('checker');
    const witness = join('editor');
    await until(() => reader.provider.synced && witness.provider.synced, 'both are synced');
    const closed = new Promise<{ code: number; reason: string }>((resolve) => reader.provider.on('closed', resolve));
    firstText(reader.doc, 'ru').insert(0, 'Подделка');
    expect(await closed).toEqual({ code: 4422, reason: 'refused' });
    await quiet();
    expect(words(witness.doc, 'ru')).toBe('Words in ru');
    expect(server.refusals).toMatchObject([
      { person: 'checker', article: ARTICLE, root: 'text/ru', code: 'root-forbidden' },
    ]);
  });
});
