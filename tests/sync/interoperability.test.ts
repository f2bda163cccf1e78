// Programs that are not ours: y-websocket's provider as it is published, over real sockets, and clients that declare the version
// of the schema that they know.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { DEFAULT_OPTIONS } from '../../server/sync/options.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import {
  ARTICLE,
  EDITOR,
  type Engine,
  engine,
  firstText,
  MemoryClient,
  quiet,
  serve,
  until,
  words,
} from './harness.ts';

/** The provider's own: it looks every 3 s whether it has heard nothing for 30 s. */
const PROVIDER_LIMIT_MS = 30_000;
const PROVIDER_LOOKS_MS = 3_000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(given: Engine = engine()) {
  const server = await serve(given);
  closers.push(() => server.close());
  const join = (person: string, params: Record<string, string> = {}) => {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(server.url, ARTICLE, doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      params: { person, ...params },
    });
    const closed: (number | undefined)[] = [];
    provider.on('connection-close', (event) => closed.push(event?.code));
    closers.push(() => {
      provider.destroy();
      doc.destroy();
    });
    return { doc, provider, closed };
  };
  return { given, join };
}

describe('y-websocket’s provider', () => {
  it('INTEROP-1 outlasts its own limit of silence, alone and saying nothing', async () => {
    expect(DEFAULT_OPTIONS.keepAliveMs).toBeLessThanOrEqual(PROVIDER_LIMIT_MS / 2);
    const { join } = await start(engine({ options: { keepAliveMs: 500 } }));
    const mute = await start(engine({ options: { keepAliveMs: 60_000 } }));
    const members = [join('reader'), mute.join('reader')];
    await until(() => members.every(({ provider }) => provider.synced), 'both are synced');
    for (const { provider } of members) provider.awareness.setLocalState(null);
    await quiet(100); // until the server has said all that it has to say
    for (const { provider } of members) {
      // It believes that its last message is almost too old; its next look is up to three seconds away.
      provider.wsLastMessageReceived -= PROVIDER_LIMIT_MS - 100;
    }
    const [kept, lost] = members as [(typeof members)[0], (typeof members)[0]];
    await quiet(PROVIDER_LOOKS_MS + 500);
    expect([kept.closed, kept.provider.wsconnected]).toEqual([[], true]);
    expect(lost.closed.length).toBeGreaterThan(0); // so the provider would have noticed
  });

  it('INTEROP-2 reconnects by itself and merges what was typed on both sides meanwhile', async () => {
    const { given, join } = await start();
    const away = join('russian');
    const here = join('editor');
    await until(() => away.provider.synced && here.provider.synced, 'both are synced');
    await given.rooms.drop(ARTICLE); // everybody is told to come back
    firstText(away.doc, 'ru').insert(0, 'Без связи. ');
    firstText(here.doc, 'en').insert(0, 'Meanwhile. ');
    await until(() => words(here.doc, 'ru').startsWith('Без связи.'), 'the one has what the other wrote');
    await until(() => words(away.doc, 'en').startsWith('Meanwhile.'), 'and the other way round');
    expect([away.closed, here.closed]).toEqual([[4500], [4500]]);
    await until(() => words(given.log.replay(), 'ru').startsWith('Без связи.'), 'and it is kept');
  });

  it('INTEROP-3 sees who else is there, by the name that the server vouches for, and when they leave', async () => {
    const { join } = await start();
    const one = join('russian');
    const other = join('editor');
    one.provider.awareness.setLocalState({ user: { name: 'Somebody else' }, cursor: { at: 3 } });
    const seen = () => other.provider.awareness.getStates().get(one.doc.clientID);
    await until(() => seen() !== undefined, 'it is seen');
    expect(seen()).toMatchObject({ user: { name: 'Name of russian', id: 'russian' }, cursor: { at: 3 } });
    one.provider.disconnect();
    await until(() => seen() === undefined, 'it is forgotten');
    one.provider.connect();
    await until(() => seen() !== undefined, 'it is seen again');
  });
});

describe('a declared schema', () => {
  it('INTEROP-5 of another version makes a plain client a reader that is told why', async () => {
    const { given, join } = await start();
    const witness = join('editor');
    const old = join('editor', { schema: String(SCHEMA_VERSION - 1) });
    const reasons: string[] = [];
    const tell = old.provider.messageHandlers[2]!;
    old.provider.messageHandlers[2] = (encoder, decoder, ...rest) => {
      reasons.push(Buffer.from(decoder.arr.subarray(decoder.pos)).toString());
      tell(encoder, decoder, ...rest);
    };
    await until(() => old.provider.synced && reasons.length > 0, 'it reads and knows why it may not write');
    expect(reasons[0]).toContain('schema-mismatch');
    firstText(old.doc, 'en').delete(0, 5);
    await until(() => old.closed.length > 0, 'it is closed when it writes');
    expect(old.closed).toEqual([4422]);
    expect(words(witness.doc, 'en')).toBe('Words in en');
    expect(given.refusals).toMatchObject([{ person: 'editor', code: 'schema-mismatch' }]);
  });

  it('INTEROP-5 of another version is in the greeting of clients that know our messages; ours may write', async () => {
    const server = engine();
    closers.push(() => server.rooms.close());
    const join = async (schema: number) => {
      const client = new MemoryClient(server, EDITOR, { schema });
      closers.push(() => client.leave());
      await until(() => client.saved === 1, 'it is there');
      return client;
    };
    for (const version of [SCHEMA_VERSION - 1, SCHEMA_VERSION + 1, Number.NaN]) {
      const other = await join(version);
      expect(other.hello).toMatchObject({ readOnly: 'schema-mismatch', editableLanguages: [] });
      firstText(other.doc, 'en').insert(0, 'x');
      await until(() => other.refused.length === 1, 'it is refused');
      expect(other.refused[0]).toMatchObject({ code: 'schema-mismatch', root: 'text/en' });
    }
    const same = await join(SCHEMA_VERSION);
    expect(same.hello?.readOnly).toBeUndefined();
    firstText(same.doc, 'en').insert(0, 'Mine. ');
    await until(() => same.saved === 2, 'it may write');
  });
});
