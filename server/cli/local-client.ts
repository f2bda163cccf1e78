// How a command reaches the data: through the local socket of the server that owns the folder, or, if none runs, through an
// app of its own that listens on nothing but that socket. Either way it speaks REST, so both do exactly the same.
import { request } from 'node:http';
import pino from 'pino';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import { startApp } from '../app.ts';
import { isServed, socketPath } from '../data-folder.ts';
import { LANGUAGE_COOKIE } from '../identity/authenticate.ts';
import type { Terminal } from './types.ts';

/** The server refused; `message` is in the language of the terminal. */
export class RefusedError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
  }
}

export interface LocalClient {
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
  bytes(path: string): Promise<Buffer>;
  upload<T>(path: string, file: { name: string; bytes: Buffer }, fields?: Record<string, string>): Promise<T>;
}

/** Runs `work` with a connection to the data folder, and ends what it started. */
export async function withLocalClient<T>(terminal: Terminal, work: (client: LocalClient) => Promise<T>): Promise<T> {
  const { config } = terminal;
  if (await isServed(config.dataFolder)) return work(connectTo(terminal));
  const logger = pino({ level: 'error' }, pino.destination(2));
  const app = await startApp({ config, logger, listen: false });
  try {
    return await work(connectTo(terminal));
  } finally {
    await app.close();
  }
}

function connectTo({ config, language }: Terminal): LocalClient {
  const socket = socketPath(config.dataFolder);
  const send = (method: string, path: string, body: Buffer | null, type: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: socket,
          method,
          path,
          agent: false,
          headers: {
            Host: 'localhost',
            Cookie: `${LANGUAGE_COOKIE}=${language}`,
            ...(body ? { 'Content-Type': type, 'Content-Length': body.length } : {}),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks);
            if ((response.statusCode ?? 500) < 400) resolve(answer);
            else reject(refusal(answer));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body ?? undefined);
    });
  return {
    async json<T>(method: string, path: string, body?: unknown) {
      const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body));
      const answer = await send(method, path, bytes, 'application/json');
      return (answer.length === 0 ? undefined : JSON.parse(answer.toString('utf8'))) as T;
    },
    bytes: (path) => send('GET', path, null, ''),
    async upload<T>(path: string, file: { name: string; bytes: Buffer }, fields: Record<string, string> = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new File([new Uint8Array(file.bytes)], file.name));
      const encoded = new Response(form);
      const body = Buffer.from(await encoded.arrayBuffer());
      const answer = await send('POST', path, body, encoded.headers.get('content-type') ?? '');
      return JSON.parse(answer.toString('utf8')) as T;
    },
  };
}

function refusal(answer: Buffer): Error {
  try {
    const { error } = JSON.parse(answer.toString('utf8')) as ErrorBody;
    return new RefusedError(error.code, error.message);
  } catch {
    return new Error(`unexpected answer: ${answer.toString('utf8').slice(0, 200)}`);
  }
}
