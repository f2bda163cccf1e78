// The sync engine as the rest of the server sees it: rooms for commands, and the door through which accepted WebSockets come
// in. It asks who may come in and tells open connections of what changes for all of them. It knows nothing of HTTP.
import type { Logger } from 'pino';
import { may } from '../../shared/access/roles.ts';
import { SCHEMA_VERSION } from '../../shared/article/schema.ts';
import { type ErrorCode, KopuroError } from '../../shared/protocol/errors.ts';
import { CLOSE, type Close } from '../../shared/protocol/sync.ts';
import { Admission } from './admission.ts';
import { Committer } from './committer.ts';
import { type CommonParts, Connection } from './connection.ts';
import { Leases } from './leases.ts';
import { LiveRooms } from './liveRooms.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import { ALONE } from './peers.ts';
import { PersonBudgets, type Rate } from './rateLimit.ts';
import type { LiveRoom } from './room.ts';
import type { Socket } from './socket.ts';
import type { ConnectionRequest, Room, SyncDependencies, SyncEngine, SyncOptions, SyncParts } from './types.ts';
import { listen, toSocket } from './webSocket.ts';

export function createRooms(parts: SyncParts): SyncEngine & { acceptSocket: Rooms['acceptSocket'] } {
  return new Rooms(parts);
}

/** Changed rights are in force after this, or their holder is sent away, to come back when they can be read. */
const RIGHTS_PATIENCE_MS = 1_000;

/** What is kept of the request behind a connection. */
interface Asker {
  articleId: string;
  readonly credential: string;
  /** How often rights were asked anew because they had changed. */
  rightsAsked: number;
}

class Rooms implements SyncEngine {
  readonly #dependencies: SyncDependencies;
  readonly #logger: Logger;
  readonly #options: SyncOptions;
  readonly #committer: Committer;
  readonly #rooms: LiveRooms;
  readonly #budgets: PersonBudgets;
  readonly #admission: Admission;
  readonly #connections = new Map<Connection, Asker>();
  /** The parts that are the same for all connections: thousands of idle ones hold one reference each. */
  readonly #common: CommonParts;
  readonly #connectionRate: Rate;
  readonly #leases: Leases;
  readonly #sweeper: NodeJS.Timeout;
  readonly #looker: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor({ storage, peers = ALONE, dependencies, logger, options }: SyncParts) {
    this.#dependencies = dependencies;
    this.#logger = logger;
    this.#options = { ...DEFAULT_OPTIONS, ...options };
    const { commitAttempts, commitRetryMs, commitIntervalMs, outageMs, maxPendingBytes } = this.#options;
    this.#committer = new Committer({
      log: storage.log,
      check: () => storage.check(),
      logger,
      attempts: commitAttempts,
      retryMs: commitRetryMs,
      intervalMs: commitIntervalMs,
      outageMs,
      maxPendingBytes,
      storingChanged: (storing) => this.#storingChanged(storing),
    });
    this.#rooms = new LiveRooms({
      storage,
      committer: this.#committer,
      peers,
      dependencies,
      options: this.#options,
      logger,
    });
    this.#common = {
      options: this.#options,
      logger,
      now: dependencies.now,
      wake: () => peers.wake(),
      refused: dependencies.refused,
      ended: (connection) => this.#connectionEnded(connection),
    };
    this.#connectionRate = { perSecond: this.#options.updatesPerSecond, burst: this.#options.updateBurst };
    this.#leases = new Leases(storage.log, logger);
    const { personUpdatesPerSecond, personUpdateBurst } = this.#options;
    this.#budgets = new PersonBudgets(
      { perSecond: personUpdatesPerSecond, burst: personUpdateBurst },
      dependencies.now,
      () => peers.share,
    );
    const { personJoinsPerSecond, personJoinBurst, personConnections, articleConnections } = this.#options;
    this.#admission = new Admission({
      joins: new PersonBudgets(
        { perSecond: personJoinsPerSecond, burst: personJoinBurst },
        dependencies.now,
        () => peers.share,
      ),
      personConnections,
      articleConnections,
    });
    this.#sweeper = setInterval(() => this.#sweep(), sweepInterval(this.#options)).unref();
    storage.lineage?.watch(() => this.#serverChanged());
    if (peers.shared) this.#looker = setInterval(() => this.#look(), this.#options.lookMs).unref();
  }

  async use<T>(articleId: string, use: (room: Room) => Promise<T> | T): Promise<T> {
    const room = await this.#rooms.acquireUpToDate(articleId);
    try {
      return await use(await room.opened());
    } finally {
      this.#rooms.release(room);
    }
  }

  async live(articleId: string): Promise<Room | null> {
    return (await this.#rooms.live(articleId)?.opened()) ?? null;
  }

  acceptConnection(webSocket: import('ws').WebSocket, request: ConnectionRequest): void {
    const connection = this.acceptSocket(toSocket(webSocket), request);
    listen(webSocket, connection);
  }

  /** As `acceptConnection`, for a socket that is not a WebSocket: what tests use. */
  acceptSocket(socket: Socket, request: ConnectionRequest): Connection {
    const connection = new Connection(
      {
        socket,
        ours: request.ours,
        inPieces: request.ours && (request.inPieces ?? false),
        readOnly: request.schema !== undefined && request.schema !== SCHEMA_VERSION ? 'schema-mismatch' : null,
        credential: request.identity.credential,
        budget: this.#budgets.forConnection(request.identity.person.id, this.#connectionRate),
        common: this.#common,
      },
      request.identity.person,
    );
    const {
      articleId,
      identity: { credential },
    } = request;
    const refusal = this.#admission.enter(request.identity.person.id, articleId);
    if (refusal) {
      this.#dependencies.refused?.(refusal.reason);
      connection.close(refusal);
      return connection;
    }
    this.#connections.set(connection, { articleId, credential, rightsAsked: 0 });
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
          // Who cannot be asked about in time may have lost the right to be here.
          const { person, standing } = await inTime(this.#rights(request), RIGHTS_PATIENCE_MS);
          connection.changeRights(person, standing);
          this.#rooms.live(request.articleId)?.audience.personChanged(connection.person);
        } catch (error) {
          connection.close(this.#closeFor(error, request.articleId));
        }
      }),
    );
  }

  async lookAgain(): Promise<void> {
    let trouble: unknown = null;
    const looks = [...this.#connections].map(async ([connection, request]) => {
      try {
        const { person, standing } = await this.#rights(request);
        if (connection.hasOtherRights(person, standing)) connection.changeRights(person, standing);
      } catch (error) {
        // Storage that cannot be asked sends nobody away: whoever may not stay is found when it can.
        if (error instanceof KopuroError) connection.close(this.#closeFor(error, request.articleId));
        else trouble ??= error;
      }
    });
    const look = this.#rooms.look().catch((error: unknown) => {
      trouble ??= error;
    });
    await Promise.all([look, ...looks]);
    if (trouble !== null) throw trouble;
  }

  startOver(): void {
    for (const connection of [...this.#connections.keys()]) connection.close(CLOSE.reload);
    this.#rooms.startOver();
  }

  drop(articleId: string): Promise<void> {
    return this.#rooms.drop(articleId);
  }

  stats() {
    const { pendingBytes, storing } = this.#committer;
    let slowReaders = 0;
    for (const connection of this.#connections.keys()) if (connection.isLagging) slowReaders += 1;
    const { count, documents } = this.#rooms;
    return { rooms: count, documents, connections: this.#connections.size, slowReaders, pendingBytes, storing };
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    if (this.#looker) clearInterval(this.#looker);
    const deadline = after(this.#options.closeMs);
    // What was typed is kept, its authors are told so and sent away; then there is time for snapshots.
    await Promise.race([this.#rooms.flush(), deadline.passed]);
    for (const connection of [...this.#connections.keys()]) connection.close(CLOSE.shuttingDown);
    await Promise.race([this.#rooms.close().then(() => this.#leases.settled()), deadline.passed]);
    deadline.cancel();
    this.#rooms.destroy();
    this.#committer.stop();
  }

  /** One look at a time; what fails is tried again with the next. */
  #look(): Promise<void> {
    this.#looking ??= this.#rooms
      .look()
      .catch((error: unknown) => this.#logger.debug({ err: error }, 'the logs could not be looked at'))
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  #sweep(): void {
    this.#rooms.sweep();
    this.#budgets.sweep();
    this.#admission.sweep();
  }

  #storingChanged(storing: boolean): void {
    if (storing) this.#logger.info('changes are taken in again');
    else this.#logger.error('no changes are taken in: storage cannot keep up, or cannot store');
    for (const connection of [...this.#connections.keys()]) connection.storingChanged();
  }

  /** Storage is another server, or the same one started anew, and may lack the last of what was committed. */
  #serverChanged(): void {
    this.#logger.warn('storage is on another server; everybody syncs anew, and what it has lost is put back');
    for (const connection of [...this.#connections.keys()]) connection.close(CLOSE.reload);
    this.#rooms.serverChanged();
  }

  async #admit(connection: Connection, request: ConnectionRequest): Promise<void> {
    const room = await this.#rooms.acquireUpToDate(request.articleId);
    try {
      if (request.epoch !== undefined && request.epoch !== room.epoch) {
        connection.close(CLOSE.epochChanged);
        return;
      }
      for (;;) {
        const asked = this.#connections.get(connection)?.rightsAsked;
        const { person, standing } = await this.#rights({
          articleId: request.articleId,
          credential: request.identity.credential,
        });
        if (connection.isClosed || room.failed) break;
        // Rights that changed while we asked would be missed: ask again.
        if (this.#connections.get(connection)?.rightsAsked !== asked) continue;
        this.#keepLittle(connection, room);
        connection.open(room, person, standing, request.ours ? this.#leaseClientId(room, person.id) : null);
        return;
      }
      connection.close(CLOSE.reload);
    } finally {
      this.#rooms.release(room);
    }
  }

  /** The id in the request is a part of its address, all of which it would keep in memory; the room has one of its own. */
  #keepLittle(connection: Connection, room: LiveRoom): void {
    const asker = this.#connections.get(connection);
    if (asker) asker.articleId = room.articleId;
  }

  async #rights({ articleId, credential }: Pick<Asker, 'articleId' | 'credential'>) {
    const rights = await this.#dependencies.rights(credential, articleId);
    if (rights === null) throw new KopuroError('not-signed-in');
    if (!may(rights.standing, 'read')) throw new KopuroError('not-allowed');
    return rights;
  }

  /**
   * A Yjs client id that nobody has used in this article; it belongs to this person from now on. Nobody waits until that is
   * written down: whoever only reads can come in while nothing can be stored, and the first words record it with them.
   */
  #leaseClientId(room: LiveRoom, personId: string): number {
    for (;;) {
      const [client] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
      if (client === 0 || room.owners.has(client) || room.outline.knows(client)) continue;
      room.owners.set(client, personId);
      this.#leases.record({ articleId: room.articleId, clientId: client, personId });
      return client;
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
    if (!request) return;
    this.#admission.leave(connection.person.id, request.articleId);
    this.#rooms.left(request.articleId);
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
function sweepInterval({ keepAliveMs, silentMs, idleMs, settleMs, stoppedReaderMs }: SyncOptions): number {
  return Math.max(10, Math.min(1000, keepAliveMs / 4, silentMs / 4, idleMs / 4, settleMs / 4, stoppedReaderMs / 4));
}

async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  const deadline = after(ms);
  const late = deadline.passed.then(() => {
    throw new Error(`no answer within ${ms} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    deadline.cancel();
  }
}

function after(ms: number): { passed: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { passed, cancel: () => clearTimeout(timer) };
}
