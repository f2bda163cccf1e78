// A signed-in program: uses up a sign-in link as a browser would, then asks the REST interface and joins articles with its
// cookie. It knows the contracts only.
import WebSocket, { type ClientOptions } from 'ws';

export interface Caller {
  readonly url: string;
  readonly cookie: string;
  /** Answers with the status and the body as JSON (null if it has none). */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** As `ask`, but throws unless the status is 2xx. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  /** A WebSocket class that carries the cookie: for WebsocketProvider's `WebSocketPolyfill`. */
  readonly Socket: typeof WebSocket;
}

/** Uses a one-time sign-in link of `server` up. */
export async function signIn(link: string): Promise<Caller> {
  const response = await fetch(link, { redirect: 'manual' });
  const cookie = response.headers
    .getSetCookie()
    .map((header) => header.split(';')[0]!)
    .find((pair) => pair.startsWith('kopuro_session='));
  if (cookie === undefined) throw new Error(`the sign-in link answered ${response.status} without a session`);
  return callerWith(new URL(link).origin, cookie);
}

/** A program that holds a session already. */
export function callerWith(url: string, cookie: string): Caller {
  async function ask(method: string, path: string, body?: unknown) {
    const response = await fetch(url + path, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: json ? (JSON.parse(text) as unknown) : text };
  }

  async function succeed<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await ask(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body as T;
  }

  return {
    url,
    cookie,
    ask,
    get: (path) => succeed('GET', path),
    post: (path, body) => succeed('POST', path, body ?? {}),
    Socket: class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[], options?: ClientOptions) {
        super(address, protocols, { ...options, headers: { ...options?.headers, cookie } });
      }
    } as typeof WebSocket,
  };
}
