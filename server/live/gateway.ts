// The socket.io gateway at /live: commands in, news out. It translates; what may be done and what happened others decide.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { may } from '../../shared/access/roles.ts';
import type { CommandEnvelope } from '../../shared/protocol/commands.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { ClientEvents, ServerEvents } from '../../shared/protocol/events.ts';
import type { ArticleSummary, Notification, Person } from '../../shared/protocol/rest.ts';
import type { Commands } from '../commands/types.ts';
import { type Authenticator, cookies, isSameSite, LANGUAGE_COOKIE } from '../identity/authenticate.ts';
import type { Identity, Principal } from '../identity/identity.ts';
import { asKopuroError, chooseLanguage, errorBody, type Language, type Say } from '../messages.ts';
import { StorageError } from '../storage/errors.ts';
import { Allowance } from './allowance.ts';
import { createCoalescer } from './coalesce.ts';
import { ARTICLE_EVERY_MS, createDeskNews, DESK } from './desk-news.ts';

const MAX_MESSAGE_BYTES = 256 * 1024;

interface SocketData {
  principal: Principal;
  language: Language;
}
type LiveServer = Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
type LiveSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;

export interface LiveParts {
  authenticator: Authenticator;
  identity: Identity;
  commands(): Commands;
  say: Say;
  logger: Logger;
  publicUrl: string | null;
  commandsPerMinute: number;
  /** Of what one person may do, this process's part. */
  share?: () => number;
  /** See Peers. */
  wake?: () => void;
  /** Tells the windows at other processes. `to`: a room of sockets; null: all. */
  tellOthers?: (to: string | null, name: string, values: unknown[]) => void;
  now(): number;
}

/** What the rest of the server tells the people who are connected. */
export interface Live {
  attach(server: HttpServer): void;
  sockets(): number;
  presenceChanged(articleId: string, people: readonly Person[]): void;
  articleChanged(summary: ArticleSummary): void;
  articleRemoved(articleId: string): void;
  notify(personId: string, notification: Notification): void;
  snapshotsChanged(articleId: string): void;
  articleRestored(articleId: string): void;
  peopleChanged(): void;
  /** This person's rights changed or one of their sessions or tokens ended: looks at each of their sockets anew, now. */
  rightsChanged(personId: string): Promise<void>;
  /** Another process tells the windows here. */
  hear(to: string | null, name: string, values: unknown[]): void;
  /** Looks at everybody's sockets anew. */
  lookAgain(): Promise<void>;
  /** Lets go of everybody, to come back at once. */
  startOver(): void;
  close(): Promise<void>;
}

export function createLive(parts: LiveParts): Live {
  const io: LiveServer = new Server({
    path: '/live',
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    httpCompression: false,
    destroyUpgrade: false, // upgrades to /sync are not socket.io's to end
    allowRequest: (request, answer) => answer(null, mayConnect(request, parts)),
  });
  const desk = createDeskNews({
    tell: (room, name, ...values) => tellHere(room, name, values),
    now: () => performance.now(),
  });
  /** What is computed here of one article, on its way to the desks of all processes. */
  const changes = createCoalescer<ArticleSummary>(ARTICLE_EVERY_MS, (_id, summary) =>
    emit(DESK, 'desk.article', summary),
  );
  const allowance = new Allowance(parts.commandsPerMinute, 60_000);

  /** To the windows here, and through the other processes to those there. */
  function emit<Name extends keyof ServerEvents>(
    to: string | null,
    name: Name,
    ...values: Parameters<ServerEvents[Name]>
  ): void {
    hear(to, name, values);
    parts.tellOthers?.(to, name, values);
  }

  function hear(to: string | null, name: string, values: unknown[]): void {
    if (name === 'desk.removed') desk.removed(String(values[0]));
    if (name === 'desk.article') desk.articleChanged(values[0] as ArticleSummary);
    else tellHere(to, name, values);
  }

  /** Nothing is put into words for nobody. */
  function tellHere(to: string | null, name: string, values: readonly unknown[]): void {
    if (to !== null && !io.sockets.adapter.rooms.has(to)) return;
    (to === null ? io : io.to(to)).emit(name as keyof ServerEvents, ...(values as never));
  }

  io.use((socket, next) => {
    identify(socket, parts).then(
      () => next(),
      (error: unknown) => {
        const { code } = asKopuroError(error);
        if (code === 'internal' || error instanceof StorageError)
          parts.logger.error({ err: error }, 'a live connection failed');
        const refusal = new Error(code) as Error & { data?: unknown };
        refusal.data = errorBody(parts.say, languageOf(socket), code);
        next(refusal);
      },
    );
  });

  io.on('connection', (socket) => {
    const { person } = socket.data.principal;
    void socket.join(roomOf(person.id));
    // The session may have ended between the handshake and now, when nobody could find this socket yet.
    void look(socket);

    socket.on('command', (envelope, answer) => {
      if (typeof answer !== 'function') return; // without an acknowledgement nobody waits for the outcome
      void answerCommand(socket, envelope).then(answer);
    });
    socket.on('desk.watch', (articleIds, answer) => {
      if (typeof answer !== 'function') return;
      const mayRead = may(socket.data.principal.person, 'read');
      answer({ presence: desk.watch(socket, mayRead ? articleIds : []) });
    });
    socket.on('desk.unwatch', () => desk.unwatch(socket));
  });

  async function answerCommand(socket: LiveSocket, envelope: CommandEnvelope) {
    const { principal, language } = socket.data;
    try {
      if (typeof envelope !== 'object' || envelope === null) throw new KopuroError('invalid-input');
      parts.wake?.();
      if (socket.conn.readyState !== 'open') throw new KopuroError('not-signed-in'); // sent away just now: it comes back and is asked anew
      const wait = allowance.take(principal.person.id, parts.now(), parts.share?.() ?? 1);
      if (wait > 0) throw new KopuroError('rate-limited', { seconds: Math.ceil(wait / 1000) });
      const result = await parts.commands().run(envelope, principal.person);
      return { result };
    } catch (error) {
      const { code, details } = asKopuroError(error);
      if (code === 'internal' || error instanceof StorageError) parts.logger.error({ err: error }, 'a command failed');
      return errorBody(parts.say, language, code, details);
    }
  }

  /** Who is behind a socket now; ends it if nobody is. */
  async function look(socket: LiveSocket): Promise<void> {
    const person = await parts.identity.recheck(socket.data.principal.credential);
    if (person) socket.data.principal = { ...socket.data.principal, person };
    else socket.disconnect(true);
  }

  return {
    attach: (server) => void io.attach(server),
    sockets: () => io.sockets.sockets.size,
    presenceChanged(articleId, people) {
      desk.presenceChanged(
        articleId,
        people.map(({ id, name, role, color }) => ({ id, name, role, color })),
      );
    },
    articleChanged: (summary) => changes.push(summary.id, summary),
    articleRemoved(articleId) {
      changes.forget(articleId);
      emit(null, 'desk.removed', articleId);
    },
    notify: (personId, notification) => emit(roomOf(personId), 'notification', notification),
    snapshotsChanged: (articleId) => emit(null, 'snapshots.changed', articleId),
    articleRestored: (articleId) => emit(null, 'article.restored', articleId),
    peopleChanged: () => emit(null, 'people.changed'),
    async rightsChanged(personId) {
      const sockets = [...io.sockets.sockets.values()].filter((socket) => socket.data.principal.person.id === personId);
      await Promise.all(
        sockets.map(async (socket) => {
          socket.emit('session.changed');
          await look(socket);
        }),
      );
    },
    hear,
    async lookAgain() {
      await Promise.all([...io.sockets.sockets.values()].map(look));
    },
    startOver() {
      // Not `disconnect`: a client that was told to go does not come back.
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
    async close() {
      changes.close();
      desk.close();
      io.disconnectSockets(true);
      io.engine.close();
      // Not io.close(): that would also close the HTTP server, which app.ts does when its time has come.
    },
  };
}

/** Browsers add cookies to sockets of other sites' pages too; bearer tokens they do not. */
function mayConnect(request: IncomingMessage, parts: LiveParts): boolean {
  return request.headers.cookie === undefined || isSameSite(request, parts.publicUrl);
}

async function identify(socket: LiveSocket, parts: LiveParts): Promise<void> {
  const token: unknown = socket.handshake.auth.token;
  const { principal } = await parts.authenticator.authenticate(
    socket.request,
    typeof token === 'string' && token !== '' ? token : null,
  );
  if (!principal) throw new KopuroError('not-signed-in');
  socket.data.principal = principal;
  socket.data.language = languageOf(socket);
}

function languageOf(socket: LiveSocket): Language {
  const wanted: unknown = socket.handshake.auth.language;
  return chooseLanguage(
    typeof wanted === 'string' ? wanted : cookies(socket.request)[LANGUAGE_COOKIE],
    socket.handshake.headers['accept-language'],
  );
}

function roomOf(personId: string): string {
  return `person:${personId}`;
}
