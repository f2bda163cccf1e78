// What can only be seen by waiting: tests/run.mjs runs it beside everything else, from the beginning to the end.
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { ARTICLE, engine, quiet, serve, until } from '../sync/harness.ts';

it('INTEROP-1 y-websocket’s provider stays connected alone for two minutes', async () => {
  const given = engine();
  const server = await serve(given);
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(server.url, ARTICLE, doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    params: { person: 'reader' },
  });
  const closed: (number | undefined)[] = [];
  provider.on('connection-close', (event) => closed.push(event?.code));
  try {
    await until(() => provider.synced, 'it is synced');
    await quiet(120_000);
    expect([closed, provider.wsconnected, given.rooms.stats().connections]).toEqual([[], true, 1]);
  } finally {
    provider.destroy();
    doc.destroy();
    await server.close();
  }
}, 300_000);
