// All rooms of this process: opens them, keeps them while somebody needs them, lets them go when everything is on disk; and the
// door through which accepted WebSockets come in. It knows storage and what app.ts hands in, nothing of HTTP.
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { may } from '../../shared/access/roles.ts';
import { type ErrorCode, KopuroError } from '../../shared/protocol/errors.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import type { Storage } from '../storage/types.ts';
import { Committer } from './committer.ts';
import { Connection } from './connection.ts';
import { openDocument } from './load.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import { LiveRoom } from './room.ts';
import type { Socket } from './socket.ts';
import type { ConnectionRequest, Room, SyncDependencies, SyncEngine, SyncOptions, SyncParts } from './types.ts';
import { toSocket } from './webSocket.ts';

/** A room that is cold has no entry. */
type Entry =
  | { kind: 'loading'; loaded: Promise<LiveRoom> }
  | { kind: 'live'; room: LiveRoom; users: number; idleSince: number }
  /** Being put away; whoever comes now revives it. */
  | { kind: 'draining'; room: LiveRoom; users: number; revived: boolean };

type Close = (typeof CLOSE)[keyof typeof CLOSE];

export function createRooms(parts: SyncParts): SyncEngine & { acceptSocket: RoomRegistry['acceptSocket'] } {
  return new RoomRegistry(parts);
}

class RoomRegistry implements SyncEngine {
  readonly #storage: Storage;
  readonly #dependencies: SyncDependencies;
  readonly #logger: Logger;
  readonly #options: SyncOptions;
  readonly #committer: Committer;
  readonly #entries = new Map<string, Entry>();
  readonly #connections = new Map<Connection, ConnectionRequest & { rightsAsked: number }>();
  /** Rooms whose `settled` is under way. */
  readonly #settling = new Map<LiveRoom, Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #closing = false;

  constructor({ storage, dependencies, logger, options }: SyncParts) {
    this.#storage = storage;
    this.#dependencies = dependencies;
    this.#logger = logger;
    this.#options = { ...DEFAULT_OPTIONS, ...options };
    this.#committer = new Committer({
      log: storage.log,
      logger,
      attempts: this.#options.commitAttempts,
      retryMs: this.#options.commitRetryMs,
    });
    this.#sweeper = setInterval(() => this.#sweep(), sweepInterval(this.#options)).unref();
  }

  async use<T>(articleId: string, use: (room: Room) => Promise<T> | T): Promise<T> {
    const room = await this.#acquire(articleId);
    try {
      return await use(room);
    } finally {
      this.#release(room);
    }
  }

  live(articleId: string): Room | null {
    const entry = this.#entries.get(articleId);
    return entry && entry.kind !== 'loading' ? entry.room : null;
  }

  acceptConnection(webSocket: import('ws').WebSocket, request: ConnectionRequest): void {
    const connection = this.acceptSocket(toSocket(webSocket), request);
    webSocket.on('message', (data, isBinary) => {
      if (!isBinary) connection.close(CLOSE.malformed);
      else if (Array.isArray(data)) connection.receive(Buffer.concat(data));
      else connection.receive(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    });
    webSocket.on('close', () => connection.disconnected());
    webSocket.on('error', (error) => {
      // Protocol errors and broken pipes; ws closes the socket itself and says so.
      this.#logger.debug({ err: error, article: request.articleId }, 'socket error');
    });
  }

  /** As `acceptConnection`, for a socket that is not a WebSocket: what tests use. */
  acceptSocket(socket: Socket, request: ConnectionRequest): Connection {
    const connection = new Connection({
      socket,
      ours: request.ours,
      person: request.identity.person,
      credential: request.identity.credential,
      options: this.#options,
      logger: this.#logger,
      now: this.#dependencies.now,
      refused: this.#dependencies.refused,
      ended: (ended) => this.#connectionEnded(ended),
    });
    this.#connections.set(connection, { ...request, rightsAsked: 0 });
    this.#admit(connection, request).catch((error: unknown) => {
      connection.close(this.#closeFor(error, request.articleId));
    });
    return connection;
  }

  async rightsChanged(personId: string): Promise<void> {
    const concerned = [...this.#connections].filter(([connection]) => connection.person.id === personId);
    await Promise.all(
      concerned.map(async ([connection, request]) => {
        request.rightsAsked += 1; // one that is still opening asks again
        try {
          const { person, standing } = await this.#rights(request);
          connection.changeRights(person, standing);
          const entry = this.#entries.get(request.articleId);
          if (entry && entry.kind !== 'loading') entry.room.audience.personChanged(connection.person);
        } catch (error) {
          connection.close(this.#closeFor(error, request.articleId));
        }
      }),
    );
  }

  async drop(articleId: string): Promise<void> {
    const entry = this.#entries.get(articleId);
    if (!entry) return;
    const room = entry.kind === 'loading' ? await entry.loaded : entry.room;
    this.#forget(room, new KopuroError('article-not-found'));
  }

  stats() {
    let rooms = 0;
    let pendingBytes = this.#committer.pendingBytes;
    for (const entry of this.#entries.values()) {
      if (entry.kind === 'loading') continue;
      rooms += 1;
      pendingBytes += entry.room.pendingBytes;
    }
    return { rooms, connections: this.#connections.size, pendingBytes };
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweeper);
    const rooms = await Promise.all([...this.#entries.values()].map((entry) => this.#roomOf(entry)));
    for (const room of rooms) {
      if (!room) continue;
      // One room's trouble must not keep the others from being put away.
      await this.#putAway(room).catch((error: unknown) => {
        this.#logger.error({ err: error, article: room.articleId }, 'a room could not be put away');
      });
    }
    for (const connection of [...this.#connections.keys()]) connection.close(CLOSE.shuttingDown);
    for (const room of rooms) room?.destroy(new KopuroError('shutting-down'));
    this.#entries.clear();
  }

  /** The entry's room; null if it cannot be loaded, which whoever asked for it has been told. */
  async #roomOf(entry: Entry): Promise<LiveRoom | null> {
    return entry.kind === 'loading' ? entry.loaded.catch(() => null) : entry.room;
  }

  // Who may come in

  async #admit(connection: Connection, request: ConnectionRequest): Promise<void> {
    const room = await this.#acquire(request.articleId);
    try {
      if (request.epoch !== undefined && request.epoch !== room.epoch) {
        connection.close(CLOSE.epochChanged);
        return;
      }
      const leased = request.ours ? await this.#leaseClientId(room, request.identity.person.id) : null;
      for (;;) {
        const asked = this.#connections.get(connection)?.rightsAsked;
        const { person, standing } = await this.#rights(request);
        if (connection.isClosed || room.failed) break;
        // Rights that changed while we asked would be missed: ask again.
        if (this.#connections.get(connection)?.rightsAsked !== asked) continue;
        connection.open(room, person, standing, leased);
        return;
      }
      connection.close(CLOSE.reload);
    } finally {
      this.#release(room);
    }
  }

  async #rights({ articleId, identity }: ConnectionRequest) {
    const person = await this.#dependencies.recheck(identity.credential);
    if (person === null) throw new KopuroError('not-signed-in');
    const standing = await this.#dependencies.standing(articleId, person.id);
    if (standing === null || !may(standing, 'read')) throw new KopuroError('not-allowed');
    return { person, standing };
  }

  /** A Yjs client id that nobody has used in this article; it belongs to this person from now on. */
  async #leaseClientId(room: LiveRoom, personId: string): Promise<number> {
    for (;;) {
      const [client] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
      if (client === 0 || room.owners.has(client) || room.doc.store.clients.has(client)) continue;
      room.owners.set(client, personId);
      const owner = await this.#storage.log.claimClientId(room.articleId, client, personId);
      if (owner === personId) return client;
      room.owners.set(client, owner);
    }
  }

  #closeFor(error: unknown, articleId: string): Close {
    if (!(error instanceof KopuroError)) {
      this.#logger.error({ err: error, article: articleId }, 'a connection could not be opened');
      return CLOSE.reload;
    }
    return CLOSE_OF_ERROR[error.code] ?? CLOSE.reload;
  }

  #connectionEnded(connection: Connection): void {
    const request = this.#connections.get(connection);
    this.#connections.delete(connection);
    const entry = request && this.#entries.get(request.articleId);
    if (entry?.kind === 'live') entry.idleSince = this.#dependencies.now();
  }

  // The life of a room

  async #acquire(articleId: string): Promise<LiveRoom> {
    if (this.#closing) throw new KopuroError('shutting-down');
    const entry = this.#entries.get(articleId);
    if (!entry || entry.kind === 'loading') {
      const loaded = entry ? entry.loaded : this.#startLoading(articleId);
      await loaded;
      return this.#acquire(articleId);
    }
    entry.users += 1;
    if (entry.kind === 'draining') entry.revived = true;
    return entry.room;
  }

  #release(room: LiveRoom): void {
    const entry = this.#entries.get(room.articleId);
    // A room that was dropped meanwhile has no entry, or another room has it.
    if (!entry || entry.kind === 'loading' || entry.room !== room) return;
    entry.users -= 1;
    if (entry.kind === 'live') entry.idleSince = this.#dependencies.now();
  }

  #startLoading(articleId: string): Promise<LiveRoom> {
    const loaded = this.#load(articleId);
    const entry: Entry = { kind: 'loading', loaded };
    this.#entries.set(articleId, entry);
    loaded.then(
      (room) => {
        this.#entries.set(articleId, { kind: 'live', room, users: 0, idleSince: this.#dependencies.now() });
      },
      () => {
        // Whoever waits is told; the next who comes tries again.
        if (this.#entries.get(articleId) === entry) this.#entries.delete(articleId);
      },
    );
    return loaded;
  }

  async #load(articleId: string): Promise<LiveRoom> {
    const { log, articles } = this.#storage;
    let loaded: [Awaited<ReturnType<typeof log.load>>, number, Map<number, string>];
    try {
      loaded = await Promise.all([log.load(articleId), articles.epoch(articleId), log.clientIds(articleId)]);
    } catch (error) {
      this.#logger.error({ err: error, article: articleId }, 'the log could not be read');
      throw new KopuroError('article-unreadable');
    }
    const [stored, epoch, owners] = loaded;
    if (stored === null) throw new KopuroError('article-not-found');
    return new LiveRoom({
      articleId,
      epoch,
      doc: openDocument(articleId, stored),
      head: stored.head,
      compactedHead: stored.seq,
      owners,
      dependencies: this.#dependencies,
      committer: this.#committer,
      options: this.#options,
      logger: this.#logger,
      failed: (room) => this.#forget(room, new KopuroError('not-saved')),
    });
  }

  #forget(room: LiveRoom, reason: unknown): void {
    const entry = this.#entries.get(room.articleId);
    if (entry && entry.kind !== 'loading' && entry.room === room) this.#entries.delete(room.articleId);
    room.destroy(reason);
  }

  #sweep(): void {
    const now = this.#dependencies.now();
    for (const entry of [...this.#entries.values()]) {
      if (entry.kind !== 'live') continue;
      const { room } = entry;
      room.audience.sweep();
      const isIdle = entry.users === 0 && room.audience.size === 0 && now - entry.idleSince >= this.#options.idleMs;
      if (isIdle) this.#inBackground(room, this.#drain(entry));
      else if (now - room.changedAt >= this.#options.settleMs) this.#inBackground(room, this.#settle(room));
      else if (room.rowsSinceCompaction >= this.#options.compactAfterRows * 10) {
        this.#inBackground(room, this.#compact(room));
      }
    }
  }

  #inBackground(room: LiveRoom, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#logger.error({ err: error, article: room.articleId }, 'background work in a room failed');
    });
  }

  async #drain(live: Entry & { kind: 'live' }): Promise<void> {
    const { room } = live;
    const draining: Entry = { kind: 'draining', room, users: live.users, revived: false };
    this.#entries.set(room.articleId, draining);
    try {
      await this.#putAway(room);
    } catch (error) {
      draining.revived = true; // it could not be put away: it stays, and is tried again later
      throw error;
    } finally {
      if (this.#entries.get(room.articleId) === draining) {
        const isNeeded = draining.revived || draining.users > 0 || room.audience.size > 0 || room.head === null;
        const idleSince = this.#dependencies.now();
        if (isNeeded) this.#entries.set(room.articleId, { kind: 'live', room, users: draining.users, idleSince });
        else this.#forget(room, new KopuroError('shutting-down'));
      }
    }
  }

  /** Everything that has to happen before a room may leave memory. */
  async #putAway(room: LiveRoom): Promise<void> {
    if (room.failed) return;
    await room.committed();
    await this.#settle(room);
    await room.committed();
  }

  /** The room was changed and has come to rest: snapshot, compaction. */
  #settle(room: LiveRoom): Promise<void> {
    const underWay = this.#settling.get(room);
    if (underWay) return underWay;
    if (!room.unsettled) return Promise.resolve();
    const settling = (async () => {
      room.markSettled();
      await this.#dependencies.settled(room);
      await this.#compact(room);
    })().finally(() => this.#settling.delete(room));
    this.#settling.set(room, settling);
    return settling;
  }

  async #compact(room: LiveRoom): Promise<void> {
    const seq = room.head;
    if (seq === null || room.failed || room.rowsSinceCompaction < this.#options.compactAfterRows) return;
    room.compactedAt(seq);
    await this.#storage.log.compact(
      room.articleId,
      seq,
      Y.encodeStateAsUpdate(room.doc),
      Y.encodeStateVector(room.doc),
    );
  }
}

const CLOSE_OF_ERROR: Partial<Record<ErrorCode, Close>> = {
  'not-signed-in': CLOSE.notSignedIn,
  'not-allowed': CLOSE.notAllowed,
  'article-not-found': CLOSE.articleNotFound,
  'article-unreadable': CLOSE.articleUnreadable,
  'shutting-down': CLOSE.shuttingDown,
};

/** Often enough that no interval is missed by more than a quarter. */
function sweepInterval({ keepAliveMs, idleMs, settleMs, stoppedReaderMs }: SyncOptions): number {
  return Math.max(10, Math.min(1000, keepAliveMs / 4, idleMs / 4, settleMs / 4, stoppedReaderMs / 4));
}
