// A newsroom for browser tests: the real server with its sample article, one Chromium, and a window of their own for each of
// the four sample people. It watches every page: an error in the console, a break of the content security policy or a request
// to another host fails the test that caused it.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { type RunningServer, type ServerOptions, type SignInLink, startServer } from '../support/server.ts';

export const PEOPLE = ['editor', 'russian', 'kyrgyz', 'checker'] as const;
export type PersonKey = (typeof PEOPLE)[number];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Newsroom {
  readonly server: RunningServer;
  readonly browser: Browser;
  link(person: PersonKey): SignInLink;
  /** A new window of somebody; the first of each person signs in with the banner's link, later ones share that session. */
  open(person: PersonKey, path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** A window of nobody. */
  openAnonymous(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** What went wrong in any page since the last call. Reading it clears it. */
  complaints(): string[];
  /** Says that complaints that match are expected until `complaints` is next read: a test that cuts the network causes them. */
  tolerate(pattern: RegExp): void;
  /** Closes every window. */
  closeWindows(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts server and browser. The caller disposes of it. */
export async function openNewsroom(options: ServerOptions = {}): Promise<Newsroom> {
  const server = await startServer(options);
  let browser: Browser;
  try {
    browser = await launchBrowser();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  let complaints: string[] = [];
  let tolerated: RegExp[] = [];
  const sessions = new Map<PersonKey, Awaited<ReturnType<BrowserContext['storageState']>>>();
  const windows = new Set<BrowserContext>();

  const link = (person: PersonKey) => {
    const found = server.links[PEOPLE.indexOf(person)];
    if (found === undefined) throw new Error(`no sign-in link for ${person} in:\n${server.output()}`);
    return found;
  };

  async function context(options: BrowserContextOptions): Promise<BrowserContext> {
    const made = await browser.newContext({
      baseURL: server.url,
      viewport: DESKTOP,
      locale: 'en-GB',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      ...options,
    });
    made.setDefaultTimeout(45_000);
    made.setDefaultNavigationTimeout(45_000);
    // Functions that tests send into a page may come through a compiler that wraps inner functions in this name keeper.
    await made.addInitScript({ content: 'globalThis.__name ??= (value) => value;' });
    windows.add(made);
    made.once('close', () => windows.delete(made));
    // A worker's or a page's request to anywhere else is refused, and told.
    await made.route(
      (url) => url.origin !== server.url && !/^(data|blob|about):/.test(url.protocol),
      (route) => {
        complaints.push(`request to another host: ${route.request().url()}`);
        return route.abort();
      },
    );
    made.on('page', (page) => watch(page));
    return made;
  }

  function watch(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console error on ${page.url()}: ${message.text()}`);
    });
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== new URL(server.url).host)
        complaints.push(`socket to another host: ${socket.url()}`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught on ${page.url()}: ${error.stack ?? error.message}`));
  }

  return {
    server,
    browser,
    link,
    async open(person, path = '/', options = {}) {
      const storageState = sessions.get(person);
      const window = await context({ ...options, ...(storageState ? { storageState } : {}) });
      const page = await window.newPage();
      if (!storageState) {
        await page.goto(link(person).url);
        sessions.set(person, await window.storageState());
      }
      if (storageState || path !== '/') await page.goto(path);
      return page;
    },
    async openAnonymous(path = '/', options = {}) {
      const page = await (await context(options)).newPage();
      await page.goto(path);
      return page;
    },
    complaints() {
      const answer = complaints.filter((text) => !tolerated.some((pattern) => pattern.test(text)));
      complaints = [];
      tolerated = [];
      return answer;
    },
    tolerate: (pattern) => tolerated.push(pattern),
    async closeWindows() {
      await Promise.all([...windows].map((window) => window.close()));
    },
    async dispose() {
      await browser.close();
      await server.dispose();
    },
  };
}
