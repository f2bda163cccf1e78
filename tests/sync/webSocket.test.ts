// The adapter to real WebSockets: frames that are built once, of every length class, in order with what is sent otherwise; and
// a reader that stops.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { MESSAGE_SYNC, SYNC_UPDATE } from '../../shared/protocol/sync.ts';
import {
  ARTICLE,
  EDITOR,
  type Engine,
  engine,
  firstText,
  MemoryClient,
  RUSSIAN,
  serve,
  until,
  words,
} from './harness.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(given: Engine) {
  const server = await serve(given);
  closers.push(() => server.close());
  const connect = async (person: string) => {
    const socket = new WebSocket(`${server.url}/${ARTICLE}?person=${person}&v=1`);
    const messages: Uint8Array[] = [];
    socket.on('message', (data: Buffer) => messages.push(data));
    closers.push(() => socket.terminate());
    await new Promise((resolve) => socket.once('open', resolve));
    return { socket, messages };
  };
  return connect;
}

function memoryAuthor(server: Engine): MemoryClient {
  const author = new MemoryClient(server, RUSSIAN);
  closers.push(() => author.leave());
  return author;
}

describe('real sockets', () => {
  it('SYNC-37 frames one message for many, of every length, in order with each reader’s own messages', async () => {
    const server = engine();
    const connect = await start(server);
    const author = memoryAuthor(server);
    await until(() => author.saved === 1, 'the author is synced');
    const readers = await Promise.all([connect('editor'), connect('reader'), connect('checker')]);
    for (const { socket } of readers) socket.send(new Uint8Array([0, 0, 1, 0]));
    await until(() => readers.every(({ messages }) => messages.length >= 3), 'all are synced');
    for (const length of [1, 110, 140, 70_000, 200_000, 3]) {
      firstText(author.doc, 'ru').insert(0, 'я'.repeat(length));
    }
    for (const { messages } of readers) {
      const doc = new Y.Doc();
      await until(() => {
        for (const message of messages.splice(0)) apply(doc, message);
        return words(doc, 'ru').length === words(author.doc, 'ru').length;
      }, 'the reader has everything');
      expect(words(doc, 'ru')).toBe(words(author.doc, 'ru'));
    }
  });

  it('SYNC-38 cuts off a real reader that stops, and bounds what waits for it', async () => {
    const server = engine({ options: { slowReaderBytes: 50_000, stoppedReaderMs: 150 } });
    const connect = await start(server);
    const author = memoryAuthor(server);
    await until(() => author.saved === 1, 'the author is synced');
    const { socket } = await connect('editor');
    socket.send(new Uint8Array([0, 0, 1, 0]));
    await until(() => server.rooms.stats().connections === 2, 'the reader is there');
    socket.pause();
    for (let step = 0; step < 40 && server.rooms.stats().connections === 2; step += 1) {
      firstText(author.doc, 'ru').insert(0, 'x'.repeat(300_000));
      await until(() => author.saved === step + 2, 'it is saved');
    }
    await until(() => server.rooms.stats().connections === 1, 'the reader is cut off');
    expect(author.closed).toBeNull();
    expect((await server.rooms.live(ARTICLE))?.present()).toMatchObject([{ id: 'russian' }]);
  });

  it('SYNC-39 takes nothing of a text frame', async () => {
    const server = engine();
    const connect = await start(server);
    const { socket } = await connect(EDITOR.id);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send('hello');
    expect(await closed).toBe(4400);
  });
});

/** Applies a sync step 2 or an update; passes over everything else. */
function apply(doc: Y.Doc, message: Uint8Array): void {
  if (message[0] !== MESSAGE_SYNC || message[1] === 0) return;
  expect(message[1]).toBeLessThanOrEqual(SYNC_UPDATE);
  let at = 2;
  while ((message[at] ?? 0) >= 128) at += 1;
  Y.applyUpdate(doc, message.subarray(at + 1));
}
