// Composes the server: the only place that knows all parts. Starts them in order, ends them in order, keeps no global state,
// so that tests run several in one process.
import { createServer, type IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { startSharedClock } from './cluster/clock.ts';
import { type Cluster, joinCluster } from './cluster/cluster.ts';
import { createCommands } from './commands/dispatch.ts';
import type { Commands } from './commands/types.ts';
import type { Config } from './config.ts';
import { databaseFile, socketPath, takeDataFolder } from './data-folder.ts';
import { createReading, type ReadingLimits } from './formats/reading.ts';
import { createExpressApp, createRoutes } from './http/express.ts';
import type { HttpParts } from './http/parts.ts';
import type { Route } from './http/route.ts';
import { routeUpgrades } from './http/upgrade.ts';
import { createAuthenticator } from './identity/authenticate.ts';
import { createExpiry, type Expiry } from './identity/expiry.ts';
import { Identity } from './identity/identity.ts';
import { People } from './identity/people.ts';
import { addressOf, end, listen, listenLocally } from './listening.ts';
import { createLive, type Live } from './live/gateway.ts';
import { withLocalPerson } from './local-person.ts';
import { createMessages, type Say } from './messages.ts';
import { countCommands, createMetrics, measureCommits } from './metrics.ts';
import { createReactions } from './reactions/reactions.ts';
import { StartError } from './start-error.ts';
import { openPostgresStorage } from './storage/postgres/open.ts';
import { openSqliteStorage, type SqliteOptions } from './storage/sqlite/open.ts';
import { type Storage, StorageStartError } from './storage/types.ts';
import { MAX_FRAME_BYTES } from './sync/options.ts';
import { createRooms } from './sync/rooms.ts';
import type { Rooms, SyncOptions } from './sync/types.ts';

export interface AppOptions {
  config: Config;
  logger: Logger;
  now?: () => number;
  sync?: Partial<SyncOptions>;
  reading?: Partial<ReadingLimits>;
  /** What is opened in place of the embedded database. */
  openStorage?: (options: SqliteOptions) => Promise<Storage>;
  /** False: only the local socket (a command that runs while no server does). */
  listen?: boolean;
  /** Called when everything works and before the server says that it is ready. */
  beforeReady?: (app: App) => Promise<void>;
}

export interface App {
  config: Config;
  /** The address that people reach the server at, without a slash at its end. */
  url: string;
  port: number;
  storage: Storage;
  identity: Identity;
  people: People;
  expiry: Expiry;
  commands: Commands;
  rooms: Rooms;
  live: Live;
  routes: readonly Route[];
  say: Say;
  logger: Logger;
  now(): number;
  /** Stops accepting, commits and closes everything. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts a server. Throws StartError for what the person who runs it can mend; nothing is left running then. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config } = options;
  const now = options.now ?? Date.now;
  const undo: (() => Promise<void> | void)[] = [];
  const unwind = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    undo.push(await takeDataFolder(config.dataFolder, now()));
    const storage = await openStorage(options);
    undo.push(() => storage.close());
    const cluster = await joinOthers(options, storage, undo);
    const app = compose(options, storage, cluster?.now ?? now, cluster?.cluster ?? null);
    undo.push(async () => {
      const ended = Promise.all([end(app.server), end(app.localServer)]);
      await app.stop(); // closes the WebSockets, which the servers wait for
      await ended;
    });

    await listenLocally(app.localServer, socketPath(config.dataFolder));
    if (options.listen !== false) await listen(app.server, config);
    const running: App = { ...app.parts, ...addressOf(app.server, config), close: unwind };
    app.opened(running.url);
    await options.beforeReady?.(running);
    app.ready();
    return running;
  } catch (error) {
    await unwind();
    if (!(error instanceof StorageStartError)) throw error;
    throw new StartError(error.code, { folder: config.dataFolder, ...error.values });
  }
}

function openStorage({ config, logger, openStorage: openFile = openSqliteStorage }: AppOptions): Promise<Storage> {
  const { databaseUrl, dataFolder } = config;
  if (databaseUrl === null) return openFile({ file: databaseFile(dataFolder), logger });
  return openPostgresStorage({ url: databaseUrl, logger });
}

/** Null if this process is the only one. What is to be undone at the end is added to `undo`. */
async function joinOthers(
  { config: { redisUrl: url, redisPrefix: prefix }, logger }: AppOptions,
  storage: Storage,
  undo: (() => Promise<void> | void)[],
): Promise<{ cluster: Cluster; now: () => number } | null> {
  if (url === null) return null;
  const clock = await startSharedClock({ time: () => storage.time(), logger });
  undo.push(() => clock.close());
  const cluster = joinCluster({ url, prefix, logger });
  undo.push(() => cluster.close());
  return { cluster, now: () => clock.now() };
}

function compose(options: AppOptions, storage: Storage, now: () => number, cluster: Cluster | null) {
  const { config, logger } = options;
  const say = createMessages();
  const localRequests = new WeakSet<IncomingMessage>();
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  let url = config.publicUrl ?? '';
  const failed = (error: unknown, what: string) => logger.error({ err: error }, `failed: ${what}`);

  const rightsChangedHere = async (personId: string) => {
    await Promise.all([rooms.rightsChanged(personId), live.rightsChanged(personId)]);
  };
  const rightsChanged = (personId: string) => {
    cluster?.tell({ kind: 'rights', personId });
    return rightsChangedHere(personId);
  };
  const identity = new Identity({ people: storage.people, now, credentialsEnded: rightsChanged });
  const expiry = createExpiry({ people: storage.people, now, credentialsEnded: rightsChanged, failed });
  const people = new People({ people: storage.people, now, rightsChanged, peopleChanged: () => live.peopleChanged() });
  const authenticator = createAuthenticator(identity, localRequests);
  const reading = createReading(options.reading);
  const metrics = createMetrics(
    () => ({ ...rooms.stats(), liveSockets: live.sockets(), importsWaiting: reading.waiting() }),
    config.processMetrics,
  );
  const live = createLive({
    authenticator,
    identity,
    commands: () => commands,
    say,
    logger,
    publicUrl: config.publicUrl,
    commandsPerMinute: config.limits.commands,
    ...(cluster
      ? {
          share: () => cluster.share,
          wake: () => cluster.wake(),
          tellOthers: (to, name, values) => cluster.tell({ kind: 'event', to, name, values }),
        }
      : {}),
    now,
  });
  const reactions = createReactions({
    storage,
    now,
    summaryChanged: (summary) => live.articleChanged(summary),
    snapshotsChanged: (articleId) => live.snapshotsChanged(articleId),
    failed,
    massDeletion: {
      alarm(deletion) {
        logger.warn(deletion, 'most of a text was deleted at one go');
        metrics.massDeletion();
      },
      notify: (personId, notification) => live.notify(personId, notification),
    },
  });
  const rooms = createRooms({
    ...(cluster ? { peers: cluster } : {}),
    storage: measureCommits(storage, metrics),
    dependencies: {
      rights: (credential, articleId) => identity.rights(credential, articleId),
      reactions: reactions.reactions,
      // Of several processes the cluster knows who is where.
      presenceChanged: (articleId, present) => cluster ?? live.presenceChanged(articleId, present),
      settled: (room) => reactions.settled(room),
      refused: (code) => metrics.refused(code),
      now,
    },
    logger,
    ...(options.sync ? { options: options.sync } : {}),
  });
  const commands = countCommands(
    createCommands({
      rooms: {
        use: (articleId, use) => rooms.use(articleId, use),
        async rightsChanged(personId) {
          cluster?.tell({ kind: 'rights', personId });
          await rooms.rightsChanged(personId);
        },
        async drop(articleId) {
          cluster?.tell({ kind: 'dropped', articleId });
          await rooms.drop(articleId);
        },
      },
      storage: withLocalPerson(storage),
      now,
      notify: (personId, notification) => live.notify(personId, notification),
      snapshotsChanged: (articleId) => live.snapshotsChanged(articleId),
      articleRestored: (articleId) => live.articleRestored(articleId),
      articleRemoved: (articleId) => live.articleRemoved(articleId),
      failed,
    }),
    metrics,
  );
  const httpParts: HttpParts = {
    config,
    storage,
    identity,
    people,
    authenticator,
    rooms,
    commands,
    reading,
    metrics,
    say,
    logger,
    now,
    baseUrl: () => url,
    share: () => cluster?.share ?? 1,
    accepting: () => state === 'ready',
    articleChanged(articleId) {
      storage.articles.summary(articleId).then(
        (summary) => summary && live.articleChanged(summary),
        (error: unknown) => failed(error, 'telling the desk of an article'),
      );
    },
  };
  const routes = createRoutes(httpParts);
  const express = createExpressApp(httpParts, routes);
  const server = createServer(express.app);
  const localServer = createServer((request, response) => {
    localRequests.add(request);
    express.app(request, response);
  });
  const stopUpgrades = routeUpgrades(server, {
    authenticator,
    publicUrl: config.publicUrl,
    maxFrameBytes: options.sync?.maxFrameBytes ?? MAX_FRAME_BYTES,
    accepting: () => state !== 'stopping',
    acceptSync: (socket, request) => rooms.acceptConnection(socket, request),
    logger,
  });
  live.attach(server);
  // What windows show may be gone, and come back: they ask anew.
  storage.lineage?.watch(() => live.startOver());

  return {
    server,
    localServer,
    parts: { config, storage, identity, people, expiry, commands, rooms, live, routes, say, logger, now },
    opened(address: string) {
      url = address;
    },
    ready() {
      state = 'ready';
      cluster?.start({
        rightsChanged: (personId) => {
          rightsChangedHere(personId).catch((error: unknown) => failed(error, 'rights that changed elsewhere'));
        },
        dropped: (articleId) => void rooms.drop(articleId),
        event: (to, name, values) => live.hear(to, name, values),
        presenceChanged: (articleId, people) => live.presenceChanged(articleId, people),
        lookAgain: async () => void (await Promise.all([rooms.lookAgain(), live.lookAgain()])),
        heardAgain: () => live.startOver(),
        startOver() {
          rooms.startOver();
          live.startOver();
        },
      });
      expiry.start();
    },
    async stop() {
      state = 'stopping';
      stopUpgrades();
      await expiry.close();
      await reading.close();
      await live.close();
      await rooms.close();
      await reactions.close();
      express.close();
    },
  };
}
