// Sorts what asks for a WebSocket: /sync/:articleId goes to the sync engine, /live to socket.io, everything else is refused.
// Refusals of /sync are accepted first and closed with a code, because browsers show pages nothing of a refused handshake.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { ID_PATTERN } from '../../shared/article/ids.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { type Authenticator, isSameSite } from '../identity/authenticate.ts';
import type { ConnectionRequest } from '../sync/types.ts';

export interface UpgradeParts {
  authenticator: Authenticator;
  publicUrl: string | null;
  maxFrameBytes: number;
  accepting(): boolean;
  acceptSync(socket: WebSocket, request: ConnectionRequest): void;
  logger: Logger;
}

type Refusal = (typeof CLOSE)[keyof typeof CLOSE];

/** Listens for upgrades on a server. Answers with what ends it: sockets in handshake are dropped. */
export function routeUpgrades(server: Server, parts: UpgradeParts): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: parts.maxFrameBytes,
  });

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = `http://localhost${request.url ?? '/'}`;
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url?.pathname === '/live/') return; // socket.io listens too
    socket.on('error', destroySocket); // a client that left during the handshake
    const articleId = /^\/sync\/([^/]+)$/.exec(url?.pathname ?? '')?.[1];
    if (!url || articleId === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    void join(request, socket, head, articleId, url.searchParams).catch((error: unknown) => {
      parts.logger.error({ err: error }, 'a WebSocket could not be taken');
      socket.destroy();
    });
  };

  async function join(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    articleId: string,
    query: URLSearchParams,
  ): Promise<void> {
    // Nothing is read from the socket before `handleUpgrade`, so what a client sends early waits in its buffer.
    const verdict = await decide(request, articleId, query);
    if (socket.destroyed) return;
    socket.off('error', destroySocket); // from here on the WebSocket listens
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if ('articleId' in verdict) parts.acceptSync(webSocket, verdict);
      else {
        webSocket.on('error', () => webSocket.terminate());
        webSocket.close(verdict.code, verdict.reason);
      }
    });
  }

  async function decide(
    request: IncomingMessage,
    articleId: string,
    query: URLSearchParams,
  ): Promise<ConnectionRequest | Refusal> {
    if (!parts.accepting()) return CLOSE.shuttingDown;
    if (!ID_PATTERN.test(articleId)) return CLOSE.articleNotFound;
    const { principal, byCookie } = await parts.authenticator.authenticate(request, query.get('token'));
    if (!principal) return CLOSE.notSignedIn;
    if (byCookie && !isSameSite(request, parts.publicUrl)) return CLOSE.notAllowed;
    const schema = query.get('schema');
    const epoch = Number.parseInt(query.get('epoch') ?? '', 10);
    return {
      articleId,
      identity: { person: principal.person, credential: principal.credential },
      ours: query.get('v') === '1',
      inPieces: query.get('pieces') === '1',
      ...(schema === null ? {} : { schema: Number.parseInt(schema, 10) }),
      ...(Number.isSafeInteger(epoch) ? { epoch } : {}),
    };
  }

  server.on('upgrade', onUpgrade);
  return () => {
    server.off('upgrade', onUpgrade);
    sockets.close();
  };
}

/** One for all, and taken off again: an idle connection holds nothing of its handshake. */
function destroySocket(this: Duplex): void {
  this.destroy();
}
