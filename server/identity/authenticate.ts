// Who sends a request, read from its headers: Express, the WebSocket upgrade and socket.io all ask here. It also decides
// whether a request that carries a cookie was really sent by our own pages.
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import { type Identity, LOCAL_PRINCIPAL, type Principal } from './identity.ts';

export const SESSION_COOKIE = 'kopuro_session';
export const LANGUAGE_COOKIE = 'kopuro_language';

export interface Authentication {
  principal: Principal | null;
  /** New end of the session, if it was prolonged by this request. */
  prolonged: number | null;
  /** Whether the browser added the proof by itself, so that another site could have caused the request. */
  byCookie: boolean;
}

const NOBODY: Authentication = { principal: null, prolonged: null, byCookie: false };

export interface Authenticator {
  /** `token`: a bearer token that came by another way than the header (query of /sync, `auth` of socket.io). */
  authenticate(request: IncomingMessage, token?: string | null): Promise<Authentication>;
  isLocal(request: IncomingMessage): boolean;
}

/** `local`: the requests that came through the local socket of the data folder. */
export function createAuthenticator(identity: Identity, local: WeakSet<IncomingMessage>): Authenticator {
  return {
    isLocal: (request) => local.has(request),
    async authenticate(request, token) {
      if (local.has(request)) return { ...NOBODY, principal: LOCAL_PRINCIPAL };
      const bearer = token ?? bearerToken(request.headers.authorization);
      if (bearer !== null) return { ...NOBODY, principal: await identity.byToken(bearer) };
      const secret = cookies(request)[SESSION_COOKIE];
      const session = secret === undefined ? null : await identity.bySession(secret);
      if (!session) return NOBODY;
      return { principal: session.principal, prolonged: session.prolonged, byCookie: true };
    },
  };
}

export function cookies(request: IncomingMessage): Record<string, string | undefined> {
  return parseCookie(request.headers.cookie ?? '');
}

/** The token of an Authorization header; '' (which is nobody's) for any other scheme, null without the header. */
function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
}

/**
 * Whether a request with a cookie comes from our own pages. Browsers say where a request comes from in headers that pages
 * cannot forge; a program that sends neither header is not a browser, so nobody can abuse its cookies.
 */
export function isSameSite(request: IncomingMessage, publicUrl: string | null): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) return ownOrigin(origin, host, publicUrl);
  return site === undefined || site === 'same-origin' || site === 'none';
}

function ownOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false; // "null": a sandboxed frame or a file
  if (publicUrl !== null && new URL(publicUrl).origin === new URL(origin).origin) return true;
  return host !== undefined && new URL(origin).host === host.toLowerCase();
}
