// The client's side of a first state in pieces, with y-websocket's own provider over a real socket.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { gatherFirstState } from '../../../client/article/first-state.ts';
import { MESSAGE_HELLO, MESSAGE_SAVED } from '../../../shared/protocol/sync.ts';
import { ARTICLE, articleUpdate, engine, firstText, MemoryLog, serve, until } from '../../sync/harness.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A bold word that was written anew after much else: in a part of this article Yjs would take the bold away. */
function articleWithLateWords(): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, articleUpdate());
  const writeMuch = () => {
    for (let index = 0; index < 40; index += 1) firstText(doc, 'en').insert(0, 'padding '.repeat(1_000));
  };
  writeMuch();
  firstText(doc, 'ru').format(0, 5, { bold: {} });
  writeMuch();
  firstText(doc, 'ru').insert(3, 'НОВОЕ');
  firstText(doc, 'ru').delete(8, 2);
  firstText(doc, 'ru').delete(0, 3);
  return Y.encodeStateAsUpdate(doc);
}

async function open() {
  const log = new MemoryLog();
  log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update: articleWithLateWords() });
  const given = engine({ log });
  const server = await serve(given);
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(server.url, ARTICLE, doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    connect: false,
    params: { person: 'editor', v: '1', pieces: '1' },
  });
  provider.messageHandlers[MESSAGE_HELLO] = () => {};
  provider.messageHandlers[MESSAGE_SAVED] = () => {};
  const shares: (number | null)[] = [];
  const changes: number[] = [];
  doc.on('afterTransaction', ({ afterState }: Y.Transaction) => changes.push(afterState.size));
  closers.push(
    () => server.close(),
    () => {
      provider.destroy();
      doc.destroy();
    },
  );
  return { log, doc, provider, shares, changes };
}

describe('gatherFirstState', () => {
  it('SYNC-45 says how much is here and applies all pieces together', async () => {
    const { log, doc, provider, shares, changes } = await open();
    gatherFirstState(provider, (share) => shares.push(share));
    provider.connect();
    await until(() => provider.synced, 'it is synced');
    const numbers = shares.slice(0, -1) as number[];
    expect(numbers.length).toBeGreaterThan(3);
    expect([...numbers].sort((one, other) => one - other)).toEqual(numbers);
    expect(numbers[0]).toBe(0);
    expect(numbers.at(-1)).toBeGreaterThan(0.99);
    expect(shares.at(-1)).toBeNull();
    expect(changes[0]).toBeGreaterThan(0);
    expect(new Set(changes).size).toBe(1);
    expect(firstText(doc, 'ru').toDelta()).toEqual([
      { insert: 'НОВОЕ', attributes: { bold: {} } },
      { insert: ' in ru' },
    ]);
    expect(log.rows).toHaveLength(1);
  });

  it('SYNC-45 begins anew when the connection is lost in the middle', async () => {
    const { doc, provider, shares } = await open();
    let lost = false;
    gatherFirstState(provider, (share) => {
      shares.push(share);
      if (share === null || share === 0 || lost) return;
      lost = true;
      provider.disconnect();
    });
    provider.connect();
    await until(() => lost && shares.at(-1) === null, 'the connection was lost in the middle');
    expect(doc.store.clients.size).toBe(0);
    provider.connect();
    await until(() => provider.synced, 'it is synced');
    expect(firstText(doc, 'en').length).toBeGreaterThan(600_000);
  });
});
