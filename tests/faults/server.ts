// The tests' end of a server that can be told to fail: starts it, adds people and articles, asks and tells it things.
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import type { RowInfo } from '../../server/storage/types.ts';
import type { SyncOptions } from '../../server/sync/types.ts';
import type { Role } from '../../shared/access/roles.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { type Fault, WRITES } from './storage.ts';

export type Question =
  | { ask: 'person'; name: string; role: Role; languages: string[] }
  | { ask: 'fault'; methods: readonly string[]; fault: Fault }
  | { ask: 'heal'; methods: readonly string[] }
  | { ask: 'calls'; method: string }
  /** So many pages more and the disk is full; null: it has room again. */
  | { ask: 'disk'; pages: number | null }
  | { ask: 'stats' }
  /** So many articles of one paragraph, made without asking HTTP. Answers with their ids. */
  | { ask: 'articles'; count: number; by: string }
  /** Bytes of live memory after a collection. */
  | { ask: 'memory' }
  | { ask: 'log'; articleId: string };

export interface Somebody {
  id: string;
  tokenId: string;
  token: string;
  cookie: string;
}

export interface FaultyServer extends RunningServer {
  person(role: Role, languages?: string[], name?: string): Promise<Somebody>;
  /** An article with one paragraph in English and empty Russian and Kyrgyz texts. */
  article(by: Somebody): Promise<string>;
  fault(fault: Fault, ...methods: string[]): Promise<void>;
  heal(...methods: string[]): Promise<void>;
  /** Bytes of live memory after a collection. */
  memory(): Promise<number>;
  stats(): Promise<{ rooms: number; connections: number; pendingBytes: number; storing: boolean }>;
  /** What the log holds: its rows, and the document that they make. */
  log(articleId: string): Promise<{ rows: RowInfo[]; doc: Y.Doc }>;
  call<T = unknown>(
    who: Somebody | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }>;
}

/** Starts one. The caller disposes of it. */
export async function startFaultyServer(
  sync: Partial<SyncOptions> = {},
  given: { dataFolder?: string } = {},
): Promise<FaultyServer> {
  const server = await startServer({
    ...given,
    script: fileURLToPath(new URL('process.ts', import.meta.url)),
    nodeArgs: ['--expose-gc'],
    env: { KOPURO_TEST_SYNC: JSON.stringify(sync) },
  });
  const ask = <T>(question: Question) => server.ask<T>(question);
  const methodsOf = (methods: string[]) => (methods.length > 0 ? methods : WRITES);

  async function call<T>(who: Somebody | null, method: string, path: string, body?: unknown) {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...(who ? { authorization: `Bearer ${who.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T };
  }

  return {
    ...server,
    call,
    person: (role, languages = [], name = `${role} ${languages.join(' ')}`.trim()) =>
      ask({ ask: 'person', name, role, languages }),
    async article(by) {
      const { status, body } = await call<{ id: string }>(by, 'POST', '/api/articles', {
        title: 'Under trial',
        sourceLanguage: 'en',
        targetLanguages: ['ru', 'ky'],
        format: 'txt',
        content: 'One paragraph to type in.',
      });
      if (status !== 201) throw new Error(`creating an article answered ${status}: ${JSON.stringify(body)}`);
      return body.id;
    },
    fault: (fault, ...methods) => ask({ ask: 'fault', methods: methodsOf(methods), fault }),
    heal: (...methods) => ask({ ask: 'heal', methods: methodsOf(methods) }),
    stats: () => ask({ ask: 'stats' }),
    memory: () => ask({ ask: 'memory' }),
    async log(articleId) {
      const { rows, updates } = await ask<{ rows: RowInfo[]; updates: string[] }>({ ask: 'log', articleId });
      const doc = new Y.Doc();
      for (const update of updates) Y.applyUpdate(doc, Buffer.from(update, 'base64'));
      return { rows, doc };
    },
  };
}
