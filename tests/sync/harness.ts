// What the tests of the sync engine share: storage in memory, people, an article, clients on pairs of queues and on real
// sockets. No state of its own: every test makes and closes what it needs.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import pino from 'pino';
import { WebSocketServer } from 'ws';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { StorageError } from '../../server/storage/errors.ts';
import type { Appended, CommandRecord, Lease, LogEntry, Storage, StoredState } from '../../server/storage/types.ts';
import type { SharedMessage } from '../../server/sync/frames.ts';
import type { Peers } from '../../server/sync/peers.ts';
import { createRooms } from '../../server/sync/rooms.ts';
import type { Socket } from '../../server/sync/socket.ts';
import type { Reaction, SyncDependencies, SyncOptions } from '../../server/sync/types.ts';
import { placesOf } from '../../server/updates/places.ts';
import type { Role, Standing } from '../../shared/access/roles.ts';
import { createBlockElement, makeBlock } from '../../shared/article/blocks.ts';
import { writeMeta } from '../../shared/article/meta.ts';
import { textRoot } from '../../shared/article/roots.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import {
  type Hello,
  MESSAGE_AUTH,
  MESSAGE_AWARENESS,
  MESSAGE_COMING,
  MESSAGE_HELLO,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  type Refused,
  readComing,
  readHello,
  readRefused,
  readSaved,
} from '../../shared/protocol/sync.ts';

export const ARTICLE = 'article-1';

export function person(id: string, role: Role, languages: string[] = []): Person {
  return {
    id,
    name: `Name of ${id}`,
    role,
    languages,
    color: '#336699',
    createdAt: 0,
    lastSeenAt: null,
    removedAt: null,
  };
}

export const EDITOR = person('editor', 'editor');
export const RUSSIAN = person('russian', 'translator', ['ru']);
export const KYRGYZ = person('kyrgyz', 'translator', ['ky']);
export const CHECKER = person('checker', 'fact-checker');
export const READER = person('reader', 'reader');

/** An article in en, ru, ky with one block each, as one update. */
export function articleUpdate(): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    writeMeta(doc, { title: 'Bridge', sourceLanguage: 'en', targetLanguages: ['ru', 'ky'], deadline: null });
    for (const language of ['en', 'ru', 'ky']) {
      doc.getXmlFragment(textRoot(language)).insert(0, [createBlockElement(makeBlock('b1', `Words in ${language}`))]);
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

/** The text of the first block. */
export function firstText(doc: Y.Doc, language: string): Y.XmlText {
  return (doc.getXmlFragment(textRoot(language)).get(0) as Y.XmlElement).get(0) as Y.XmlText;
}

export function words(doc: Y.Doc, language: string): string {
  return doc
    .getXmlFragment(textRoot(language))
    .toArray()
    .map((block) => (block as Y.XmlElement).toArray().map(String).join(''))
    .join('|');
}

/** A log in memory, with a gate: `hold` keeps commits waiting, `fail` makes the next ones throw. */
export class MemoryLog {
  rows: LogEntry[] = [];
  commands: CommandRecord[] = [];
  appends = 0;
  claims = new Map<number, string>();
  compacted: Pick<StoredState, 'seq' | 'state' | 'stateVector' | 'places'> | null = null;
  #gate: Promise<void> | null = null;
  #open: (() => void) | null = null;
  failures: Error[] = [];
  broken: Error | null = null;

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open?.();
    this.#gate = null;
  }

  async append(entries: readonly LogEntry[], commands: readonly CommandRecord[] = []): Promise<Appended> {
    this.appends += 1;
    await this.#gate;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.broken) throw this.broken;
    const failure = this.failures.shift();
    if (failure) throw failure;
    for (const entry of entries) {
      this.rows.push(entry);
      for (const client of entry.clients ?? []) this.claims.set(client, entry.personId ?? '');
    }
    this.commands.push(...commands);
    const heads = new Map<string, number>();
    for (const { articleId } of entries) {
      heads.set(articleId, this.rows.filter((row) => row.articleId === articleId).length);
    }
    return { heads, refused: new Map() };
  }

  async load(articleId: string): Promise<StoredState | null> {
    const { seq, state, stateVector, places } = this.compacted ?? {
      seq: 0,
      state: null,
      stateVector: null,
      places: null,
    };
    const rows = this.rows.filter((row) => row.articleId === articleId);
    if (rows.length === 0) return null;
    const tail = rows.slice(seq).map((row) => row.update);
    return { seq, state, stateVector, places, tail, head: rows.length, languages: ['en', 'ru', 'ky'] };
  }

  async rowInfos(articleId: string, { from = 1, to = Number.POSITIVE_INFINITY } = {}) {
    return this.rows
      .filter((row) => row.articleId === articleId)
      .map(({ personId, at, update }, index) => ({ seq: index + 1, personId, at, bytes: update.length }))
      .filter(({ seq }) => seq >= from && seq <= to);
  }

  async findCommand(id: string): Promise<CommandRecord | null> {
    return this.commands.find((command) => command.id === id) ?? null;
  }

  /** As Storage.check. */
  async check(): Promise<void> {
    if (this.broken) throw this.broken;
  }

  async compact(articleId: string, upTo: number): Promise<void> {
    const rows = this.rows.filter((row) => row.articleId === articleId).slice(0, upTo);
    const state = Y.mergeUpdates(rows.map((row) => row.update));
    const stateVector = Y.encodeStateVectorFromUpdate(state);
    this.compacted = { seq: upTo, state, stateVector, places: placesOf(state) };
  }

  async recordLeases(leases: readonly Lease[]): Promise<void> {
    for (const { clientId, personId } of leases) {
      if (!this.claims.has(clientId)) this.claims.set(clientId, personId);
    }
  }

  async clientIds(): Promise<Map<number, string>> {
    return new Map(this.claims);
  }

  /** The document as a restart would find it. */
  replay(articleId = ARTICLE): Y.Doc {
    const doc = new Y.Doc();
    for (const row of this.rows) if (row.articleId === articleId) Y.applyUpdate(doc, row.update);
    return doc;
  }
}

export interface Refusal {
  person: string;
  article: string;
  root: string;
  code: string;
}

/** The engine with everything it needs. `people` may be changed by the test. */
export function engine(
  given: {
    options?: Partial<SyncOptions>;
    reactions?: Reaction[];
    settled?: SyncDependencies['settled'];
    log?: MemoryLog;
    peers?: Peers;
    lineage?: Storage['lineage'];
  } = {},
) {
  const log = given.log ?? new MemoryLog();
  if (log.rows.length === 0) {
    log.rows.push({ articleId: ARTICLE, personId: null, at: 0, update: articleUpdate() });
  }
  const people = new Map<string, Person>([EDITOR, RUSSIAN, KYRGYZ, CHECKER, READER].map((one) => [one.id, one]));
  const standings = new Map<string, Standing>();
  const refusals: Refusal[] = [];
  const errors: unknown[] = [];
  const presence: string[][] = [];
  const sink = {
    write(line: string) {
      const entry = JSON.parse(line) as Refusal & { msg: string; level: number };
      if (entry.msg === 'refused') refusals.push(entry);
      else if (entry.level >= 50) errors.push(entry);
    },
  };
  const archive = { compact: (articleId: string, upTo: number) => log.compact(articleId, upTo) };
  const storage = {
    lineage: given.lineage ?? null,
    log,
    archive,
    articles: { epoch: async () => 1 },
    check: () => log.check(),
    requireHope: async () => {},
  } as unknown as Storage;
  const rooms = createRooms({
    ...(given.peers ? { peers: given.peers } : {}),
    storage,
    logger: pino({ level: 'info' }, sink),
    options: { presenceIntervalMs: 5, commitIntervalMs: 0, commitRetryMs: 1, outageMs: 10, ...given.options },
    dependencies: {
      rights: async (credential) => {
        const person = people.get(credential);
        return person ? { person, standing: standings.get(person.id) ?? person } : null;
      },
      reactions: given.reactions ?? [],
      presenceChanged: (_article, here) => presence.push(here.map((one) => one.id)),
      settled: given.settled ?? (async () => {}),
      now: () => Date.now(),
    },
  });
  return { rooms, log, people, standings, refusals, errors, presence };
}

export type Engine = ReturnType<typeof engine>;

/** A client in memory that speaks the protocol as y-websocket does, and records what it hears. */
export class MemoryClient {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly heard: Uint8Array[] = [];
  hello: Hello | null = null;
  hellos = 0;
  saved = 0;
  /** The size that was announced of its first state. */
  coming: number | null = null;
  refused: Refused[] = [];
  denied: string[] = [];
  closed: { code: number; reason: string } | 'aborted' | null = null;
  /** Bytes that the "network" does not take: makes this a slow reader. */
  buffered = 0;
  readonly #drained: (() => void)[] = [];
  #paused: Uint8Array[] | null = null;
  readonly #connection: ReturnType<Engine['rooms']['acceptSocket']>;

  constructor(
    { rooms }: Engine,
    who: Person,
    given: {
      ours?: boolean;
      inPieces?: boolean;
      schema?: number;
      epoch?: number;
      doc?: Y.Doc;
      article?: string;
      sync?: boolean;
    } = {},
  ) {
    this.doc = given.doc ?? new Y.Doc();
    this.awareness = new Awareness(this.doc);
    const client = this;
    const socket: Socket = {
      get bufferedBytes() {
        return client.buffered;
      },
      send: (message) => this.#arrive(message),
      sendTogether: (shared: SharedMessage, ...own) => {
        for (const message of [shared.message, ...own]) this.#arrive(message);
      },
      cork: () => {},
      uncork: () => {},
      whenDrained: (callback) => {
        if (this.#paused) this.#drained.push(callback);
        else setImmediate(callback);
      },
      ping: () => {
        if (!this.#paused) this.#connection.heard();
      },
      close: (code, reason) => {
        this.closed ??= { code, reason };
      },
      abort: () => {
        this.closed ??= 'aborted';
      },
    };
    this.#connection = rooms.acceptSocket(socket, {
      articleId: given.article ?? ARTICLE,
      identity: { person: who, credential: who.id },
      ours: given.ours ?? true,
      inPieces: given.inPieces ?? false,
      ...(given.epoch === undefined ? {} : { epoch: given.epoch }),
      ...(given.schema === undefined ? {} : { schema: given.schema }),
    });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.sendUpdate(update);
    });
    if (given.sync ?? true) this.sync();
  }

  sync(): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_SYNC);
    writeSyncStep1(encoder, this.doc);
    this.send(encoding.toUint8Array(encoder));
  }

  sendUpdate(update: Uint8Array): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_SYNC);
    writeUpdate(encoder, update);
    this.send(encoding.toUint8Array(encoder));
  }

  sendPresence(clients: number[] = [this.doc.clientID]): void {
    this.sendPresenceBytes(encodeAwarenessUpdate(this.awareness, clients));
  }

  sendPresenceBytes(bytes: Uint8Array): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
    encoding.writeVarUint8Array(encoder, bytes);
    this.send(encoding.toUint8Array(encoder));
  }

  send(message: Uint8Array): void {
    if (this.closed === null) this.#connection.receive(message);
  }

  /** The network stands still: what arrives is kept back and counts as buffered. */
  pause(): void {
    this.#paused = [];
  }

  resume(): void {
    const paused = this.#paused ?? [];
    this.#paused = null;
    this.buffered = 0;
    for (const message of paused) this.#read(message);
    for (const drained of this.#drained.splice(0)) drained();
  }

  leave(): void {
    this.closed ??= { code: 1000, reason: '' };
    this.#connection.disconnected();
    this.awareness.destroy();
  }

  #arrive(message: Uint8Array): void {
    if (this.closed !== null) return;
    if (this.#paused) {
      this.#paused.push(message);
      this.buffered += message.length;
    } else {
      this.#read(message);
    }
  }

  #read(message: Uint8Array): void {
    this.heard.push(message);
    const decoder = decoding.createDecoder(message);
    const type = decoding.readVarUint(decoder);
    switch (type) {
      case MESSAGE_SYNC: {
        const encoder = encoding.createEncoder();
        encoding.writeVarUint(encoder, MESSAGE_SYNC);
        readSyncMessage(decoder, encoder, this.doc, this);
        // As over a network: the answer leaves in another turn.
        if (encoding.length(encoder) > 1) queueMicrotask(() => this.send(encoding.toUint8Array(encoder)));
        break;
      }
      case MESSAGE_AWARENESS:
        applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), this);
        break;
      case MESSAGE_AUTH:
        decoding.readVarUint(decoder);
        this.denied.push(decoding.readVarString(decoder));
        break;
      case MESSAGE_HELLO:
        this.hello = readHello(decoder);
        this.hellos += 1;
        break;
      case MESSAGE_SAVED:
        this.saved = readSaved(decoder);
        break;
      case MESSAGE_COMING:
        this.coming = readComing(decoder);
        break;
      case MESSAGE_REFUSED:
        this.refused.push(readRefused(decoder));
        break;
      default:
        throw new Error(`the server sent message type ${type}`);
    }
  }
}

/** Waits until `condition` holds; fails with `what` after two seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 2_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Long enough for anything that is under way in memory to arrive. */
export async function quiet(ms = 20): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

export const diskFull = () => new StorageError('unavailable', 'disk full');

/** The engine behind a real WebSocket server: `?person=ID&v=1`. */
export async function serve(given: Engine) {
  const server = createServer();
  const webSockets = new WebSocketServer({ server, perMessageDeflate: false });
  webSockets.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const who = given.people.get(url.searchParams.get('person') ?? '');
    if (!who) throw new Error('unknown person in a test');
    given.rooms.acceptConnection(socket, {
      articleId: url.pathname.split('/').at(-1)!,
      identity: { person: who, credential: who.id },
      ours: url.searchParams.get('v') === '1',
      inPieces: url.searchParams.get('pieces') === '1',
      ...(url.searchParams.has('schema') ? { schema: Number(url.searchParams.get('schema')) } : {}),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync`,
    async close() {
      await given.rooms.close();
      for (const client of webSockets.clients) client.terminate();
      webSockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
