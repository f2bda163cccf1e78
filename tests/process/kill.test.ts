// The first promise, on the real process: it is killed with -9 under people who type, again and again, and whatever the
// server had acknowledged to its author or shown to anybody else is there after it starts again.
import * as decoding from 'lib0/decoding';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import {
  blockElements,
  blockText,
  blockTextNodes,
  createBlockElement,
  makeBlock,
  readBlocks,
} from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import {
  MESSAGE_HELLO,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  SYNC_STEP_1,
} from '../../shared/protocol/sync.ts';
import { type Caller, signIn } from '../support/caller.ts';
import { pause, type RunningServer, startServer } from '../support/server.ts';

const ROUNDS = 3;
const TYPING_MS = 600;
/** A busy machine gets longer until it has acknowledged something. */
const PATIENCE_MS = 10_000;
const LANGUAGES = ['en', 'ru', 'ky'];

describe('kill -9 under typing load', () => {
  let server: RunningServer;
  let people: Caller[];
  let articleId: string;

  beforeAll(async () => {
    server = await startServer();
    people = await Promise.all(server.links.map((link) => signIn(link.url)));
    const { id } = await people[0]!.post<{ id: string }>('/api/articles', {
      title: 'Typed under fire',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      format: 'txt',
      content: 'One paragraph to type in.',
    });
    articleId = id;
  });
  afterAll(() => server.dispose());

  it('loses nothing that was acknowledged or that anybody else had seen', async () => {
    // The editor writes the English, the two translators their texts; the fact-checker only looks.
    const writers = LANGUAGES.map((language, index) => join(people[index]!, language));
    const all = [...writers];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const observer = join(people[3]!, 'en');
        all.push(observer);
        await Promise.all([...writers, observer].map((writer) => writer.connect()));
        const before = writers.map((writer) => writer.acknowledged().size);

        const until = Date.now() + TYPING_MS;
        const moving = () => writers.every((writer, index) => writer.acknowledged().size > before[index]! + 5);
        while (Date.now() < until || (!moving() && Date.now() < until + PATIENCE_MS)) {
          for (const writer of writers) writer.type();
          await pause(3);
        }
        // Still typing at the moment of death: no pause between the last words and the signal.
        for (const writer of writers) writer.type();
        const killed = server.kill();
        const seen = LANGUAGES.map((language) => observer.words(language));
        await killed;
        for (const writer of [...writers, observer]) writer.disconnect();
        const acknowledged = writers.map((writer) => writer.acknowledged());
        expect(all.flatMap((client) => client.refusals())).toEqual([]);
        for (const [index, words] of acknowledged.entries()) expect(words.size).toBeGreaterThan(before[index]!);

        await server.start();
        // Somebody with nothing of their own asks first: what the writers still hold must not hide a loss.
        const fresh = join(people[3]!, 'en');
        all.push(fresh);
        await fresh.connect();
        for (const [index, language] of LANGUAGES.entries()) {
          const there = fresh.words(language);
          const lostSeen = [...seen[index]!].filter((word) => !there.has(word));
          const lostAcknowledged = [...acknowledged[index]!].filter((word) => !there.has(word));
          expect({ round, language, lostSeen, lostAcknowledged }).toEqual({
            round,
            language,
            lostSeen: [],
            lostAcknowledged: [],
          });
        }
        fresh.disconnect();
      }

      // What had not been acknowledged was only waiting: it comes back with its authors.
      await Promise.all(writers.map((writer) => writer.connect()));
      await Promise.all(writers.map((writer) => writer.allAcknowledged()));
      const last = join(people[3]!, 'en');
      all.push(last);
      await last.connect();
      for (const [index, language] of LANGUAGES.entries()) {
        const text = last.text(language);
        const missing = [...writers[index]!.typed()].filter((word) => text.split(word).length !== 2);
        expect({ language, missing }).toEqual({ language, missing: [] });
      }
      expect(all.flatMap((client) => client.refusals())).toEqual([]);
    } finally {
      for (const client of all) client.destroy();
    }
  });

  /** A client with y-websocket's own provider, which counts what it sends so as to know what the server acknowledged. */
  function join(person: Caller, language: string) {
    const doc = new Y.Doc();
    const typed: string[] = [];
    const acknowledged = new Set<string>();
    /** For each sync message with an update that this connection sent: how many words were typed by then. */
    let sent: number[] = [];
    class CountingSocket extends person.Socket {
      override send(data: unknown, ...rest: unknown[]): void {
        const bytes = new Uint8Array(data as ArrayBuffer);
        if (bytes[0] === MESSAGE_SYNC && bytes[1] !== SYNC_STEP_1) sent.push(typed.length);
        (super.send as (...values: unknown[]) => void)(data, ...rest);
      }
    }
    const provider = new WebsocketProvider(`${server.url.replace('http', 'ws')}/sync`, articleId, doc, {
      connect: false,
      disableBc: true,
      params: { v: '1' },
      WebSocketPolyfill: CountingSocket as unknown as typeof globalThis.WebSocket,
    });
    const ignore = () => {};
    provider.messageHandlers[MESSAGE_HELLO] = ignore;
    const refusals: string[] = [];
    provider.messageHandlers[MESSAGE_REFUSED] = (_encoder, decoder) => {
      refusals.push(`${language}, client id ${doc.clientID}: ${decoding.readVarString(decoder)}`);
    };
    provider.messageHandlers[MESSAGE_SAVED] = (_encoder, decoder) => {
      const upTo = sent[decoding.readVarUint(decoder) - 1] ?? 0;
      for (const word of typed.slice(0, upTo)) acknowledged.add(word);
    };

    return {
      async connect() {
        sent = [];
        const synced = new Promise<void>((resolve) => {
          const onSync = (state: boolean) => {
            if (!state) return;
            provider.off('sync', onSync);
            resolve();
          };
          provider.on('sync', onSync);
        });
        provider.connect();
        await synced;
      },
      disconnect: () => provider.disconnect(),
      destroy() {
        provider.destroy();
        doc.destroy();
      },
      type() {
        const word = ` ${language}${typed.length}q${doc.clientID}`;
        typed.push(word.trim());
        if (blockElements(doc, language).length === 0) {
          const { id } = readBlocks(doc, LANGUAGES[0]!)[0]!;
          doc.getXmlFragment(textRoot(language)).push([createBlockElement(makeBlock(id, word))]);
          return;
        }
        const node = blockTextNodes(blockElements(doc, language)[0]!)[0]!;
        node.insert(node.length, word);
      },
      typed: () => typed,
      refusals: () => refusals,
      acknowledged: () => new Set(acknowledged),
      async allAcknowledged() {
        const deadline = Date.now() + 15_000;
        while (acknowledged.size < typed.length && Date.now() < deadline) await pause(20);
        expect(acknowledged.size).toBe(typed.length);
      },
      text: (of: string) => ` ${readBlocks(doc, of).map(blockText).join(' ')}`,
      words: (of: string) => new Set(readBlocks(doc, of).flatMap((block) => blockText(block).split(/\s+/))),
    };
  }
});
