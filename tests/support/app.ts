// A whole server in this process, on a free port, with a data folder that is thrown away; and the people and tokens that a test
// needs. For what only a real process shows (kill, start errors, banner) see server.ts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type App, type AppOptions, startApp } from '../../server/app.ts';
import { type Config, readConfig } from '../../server/config.ts';
import type { Role } from '../../shared/access/roles.ts';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';

export interface TestAppOptions {
  config?: Partial<Config>;
  sync?: AppOptions['sync'];
  now?: () => number;
  /** Use this folder and leave it there at the end. */
  dataFolder?: string;
  /** Where log lines go; nowhere if left out. */
  log?: (line: string) => void;
}

/** Somebody who can sign in: as a program by `token`, as a browser by `cookie`. */
export interface TestPerson {
  person: Person;
  id: string;
  token: string;
  cookie: string;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface TestApp {
  app: App;
  url: string;
  /** `ws://127.0.0.1:PORT` */
  socketUrl: string;
  dataFolder: string;
  addPerson(role: Role, languages?: string[], name?: string): Promise<TestPerson>;
  /** One JSON request as a person (by token), or as nobody (null). The body is whatever came back. */
  call<T = ErrorBody>(
    who: TestPerson | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  /** An article with the given English paragraphs and empty Russian and Kyrgyz texts. Answers with its id. */
  addArticle(who: TestPerson, paragraphs?: string[]): Promise<string>;
  close(): Promise<void>;
}

/** The configuration of tests: a free port, nothing printed, no sample article. */
export function testConfig(dataFolder: string, change: Partial<Config> = {}): Config {
  return {
    ...readConfig({}),
    port: 0,
    host: '127.0.0.1',
    dataFolder,
    demo: false,
    logLevel: 'silent',
    language: 'en',
    processMetrics: false,
    ...change,
  };
}

/** Starts a server in this process. The caller closes it. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'kopuro-app-')));
  const logger = options.log ? pino({ level: 'trace', base: null }, { write: options.log }) : pino({ level: 'silent' });
  const app = await startApp({
    config: testConfig(dataFolder, options.config),
    logger,
    ...(options.sync ? { sync: options.sync } : {}),
    ...(options.now ? { now: options.now } : {}),
  });
  const url = `http://127.0.0.1:${app.port}`;

  const testApp: TestApp = {
    app,
    url,
    socketUrl: url.replace('http', 'ws'),
    dataFolder,
    async addPerson(role, languages = [], name = `${role} ${languages.join(' ')}`.trim()) {
      const person = await app.people.add({ name, role, languages });
      const { token } = await app.identity.createToken(person.id, 'test');
      const session = await app.identity.startSession(person.id);
      return { person, id: person.id, token, cookie: `kopuro_session=${session.secret}` };
    },
    async call<T>(
      who: TestPerson | null,
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(who ? { Authorization: `Bearer ${who.token}` } : {}),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
    },
    async addArticle(who, paragraphs = ['The bridge stands.', 'It was built in a year.']) {
      const { body } = await testApp.call<{ id: string }>(who, 'POST', '/api/articles', {
        title: 'The bridge',
        sourceLanguage: 'en',
        targetLanguages: ['ru', 'ky'],
        format: 'txt',
        content: paragraphs.join('\n\n'),
      });
      return body.id;
    },
    async close() {
      await app.close();
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
    },
  };
  return testApp;
}
