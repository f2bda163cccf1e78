// Where the server listens, and how it stops: ports and sockets, and what stands in the way of them. It knows nothing of what
// is served.
import { chmodSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { StartError } from './start-error.ts';

/** A thousand clients that come back at once overflow Node's 511. */
const LISTEN_BACKLOG = 8_192;
/** Requests under way at the end get this long. */
const CLOSE_GRACE_MS = 3_000;

/** Listens where the configuration says. Throws StartError. */
export function listen(server: Server, config: Config): Promise<void> {
  server.requestTimeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenProblem(error, config)));
    server.listen({ port: config.port, host: config.host, backlog: LISTEN_BACKLOG }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenProblem(error: NodeJS.ErrnoException, config: Config): Error {
  const values = { port: config.port, host: config.host ?? '' };
  if (error.code === 'EADDRINUSE') return new StartError('port-taken', values);
  if (error.code === 'EACCES') return new StartError('port-not-allowed', values);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartError('address-unavailable', values);
  return error;
}

/** Listens on the local socket, which only the owner of the data folder may use. */
export function listenLocally(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      chmodSync(path, 0o600); // its folder is closed to others already
      resolve();
    });
  });
}

/** Ends a server: no new connections, idle ones closed, the others after a grace. */
export function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** Where people reach it. */
export function addressOf(server: Server, config: Config): { url: string; port: number } {
  const address = server.address() as AddressInfo | null;
  const port = address?.port ?? config.port;
  const local =
    config.host === undefined || config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const host = local.includes(':') ? `[${local}]` : local;
  return { port, url: config.publicUrl ?? `http://${host}:${port}` };
}
