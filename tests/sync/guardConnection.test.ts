// The guard at its door: what a refusal looks like to a client on a real socket, and that nothing of it is left behind.
import * as encoding from 'lib0/encoding';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { MESSAGE_REFUSED, MESSAGE_SAVED, MESSAGE_SYNC, SYNC_UPDATE } from '../../shared/protocol/sync.ts';
import { ARTICLE, engine, firstText, MemoryClient, READER, serve, until, words } from './harness.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function syncUpdate(update: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  encoding.writeVarUint(encoder, SYNC_UPDATE);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** Sends one message on a connection of its own; answers the kinds of messages that come until it is refused, saved or closed. */
async function outcome(url: string, message: Uint8Array): Promise<'refused' | 'saved' | 'closed'> {
  const socket = new WebSocket(`${url}/${ARTICLE}?person=russian&v=1`);
  try {
    return await new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => socket.send(message));
      socket.on('message', (data: Buffer) => {
        if (data[0] === MESSAGE_REFUSED) resolve('refused');
        if (data[0] === MESSAGE_SAVED) resolve('saved');
      });
      socket.on('close', () => resolve('closed'));
    });
  } finally {
    socket.terminate();
  }
}

describe('a connection', () => {
  it('GUARD-13 never acknowledges and never applies a part of an update that is cut off, wherever that is', async () => {
    // One person opens hundreds of connections here, one after the other.
    const server = engine({ options: { personJoinBurst: 10_000 } });
    const { url, close } = await serve(server);
    closing.push(close);
    const before = server.log.replay();
    const mine = server.log.replay();
    mine.clientID = 4_000;
    const updates: Uint8Array[] = [];
    mine.on('update', (update: Uint8Array) => updates.push(update));
    mine.transact(() => {
      firstText(mine, 'ru').insert(2, 'слово');
      firstText(mine, 'ru').format(0, 3, { link: { href: 'https://example.org' } });
      firstText(mine, 'ru').delete(0, 1);
    });
    const update = updates[0]!;
    const message = syncUpdate(update);
    for (let length = 0; length < update.length; length += 1) {
      expect(await outcome(url, syncUpdate(update.subarray(0, length))), `update cut at ${length}`).toBe('refused');
    }
    for (let length = 1; length < message.length; length += 1) {
      expect(await outcome(url, message.subarray(0, length)), `message cut at ${length}`).toBe('closed');
    }
    expect(server.log.rows.length).toBe(1);
    const reader = new MemoryClient(server, READER);
    await until(() => reader.doc.share.has('text/ru') && words(reader.doc, 'ru') !== '', 'the reader has the article');
    expect(words(reader.doc, 'ru')).toBe(words(before, 'ru'));
    expect(Y.encodeStateVector(reader.doc)).toEqual(Y.encodeStateVector(before));
    expect(await outcome(url, message)).toBe('saved');
    expect(words(server.log.replay(), 'ru')).toBe(words(mine, 'ru'));
    reader.leave();
  });
});
