// `npm run bench`: the real server and real browsers on a long article, and the figures beside the aims. Needs a build
// (`npm run build`). Options: --words N (in all languages together), --annotations N, --json FILE.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { createBlockElement, makeBlock, readBlocks } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Caller, signIn } from '../support/caller.ts';
import { pause, type RunningServer, startServer } from '../support/server.ts';
import { type LongArticle, makeLongArticle } from './article.ts';
import { openBarePage } from './bare-page.ts';
import { watchInteractive, watchKeys, watchMarks } from './browser-probes.ts';
import { formatTable, type Measurement, percentile } from './figures.ts';
import { shownTimes } from './shown.ts';

const LANGUAGES = ['en', 'ru', 'ky'];
const OPENINGS = 5;
const KEYS = 200;
/** A brisk typist: 10 keys a second. */
const KEY_EVERY_MS = 100;
const VIEWPORT = { width: 1440, height: 900 };
/** A letter that no syllable of the English text holds. */
const MARK = 'z';

const { values } = parseArgs({
  options: {
    words: { type: 'string', default: '60000' },
    annotations: { type: 'string', default: '2000' },
    json: { type: 'string' },
  },
});

const server = await startServer({ env: { KOPURO_LOG_LEVEL: 'error' } });
const browser = await launchBrowser();
try {
  const measurements = await measure(server, browser);
  console.log(
    `\n${formatTable(measurements)}\n\n${cpus().length} cores, ${cpus()[0]?.model ?? ''}, Node ${process.version}, Chromium ${browser.version()}`,
  );
  if (values.json) await writeFile(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
} finally {
  await browser.close();
  await server.dispose();
}

async function measure(server: RunningServer, browser: Browser): Promise<Measurement[]> {
  const people = await Promise.all(server.links.map((link) => signIn(link.url)));
  const article = makeLongArticle(Number(values.words), LANGUAGES);
  console.log(`making an article of ${article.words} words with ${values.annotations} annotations …`);
  const articleId = await createArticle(people, article, Number(values.annotations));
  const address = `${server.url}/articles/${articleId}`;

  const typist = await contextFor(browser, people[0]!);
  const script = await initialScript(typist, server.url);

  const first = await openings(typist, address, false);
  const again = await openings(typist, address, true);

  const bare = await barePages(browser, article);
  // Alone first: on this machine the other browser takes the cores that a person's own computer would have for itself.
  const page = await typist.newPage();
  await page.goto(address);
  await interactive(page);
  await caretInText(page);
  const painted = await paintTimes(page);
  const shown = await screenTimes(browser, page);
  const reader = await (await contextFor(browser, people[1]!)).newPage();
  await reader.goto(address);
  await interactive(reader);
  const crossed = await crossingTimes(page, reader);

  return [
    { what: 'words, en + ru + ky', value: article.words, unit: '', aim: null },
    { what: 'annotations', value: Number(values.annotations), unit: '', aim: null },
    { what: 'open the workspace, nothing stored (median)', value: percentile(first, 0.5), unit: 'ms', aim: 2_000 },
    { what: 'open the workspace again (median)', value: percentile(again, 0.5), unit: 'ms', aim: 2_000 },
    { what: 'keystroke to paint, p50', value: percentile(painted, 0.5), unit: 'ms', aim: null },
    { what: 'keystroke to paint, p95', value: percentile(painted, 0.95), unit: 'ms', aim: 16 },
    { what: 'keystroke to the screen, p50', value: percentile(shown, 0.5), unit: 'ms', aim: null },
    { what: 'keystroke to the screen, p95', value: percentile(shown, 0.95), unit: 'ms', aim: null },
    ...bare,
    { what: 'keystroke to the other browser, p50', value: percentile(crossed, 0.5), unit: 'ms', aim: null },
    { what: 'keystroke to the other browser, p95', value: percentile(crossed, 0.95), unit: 'ms', aim: 50 },
    { what: 'JavaScript of the first screen (gzip)', value: script / 1024, unit: 'kB', aim: 250 },
  ];
}

/** The source through REST, the translations through the sync protocol, the annotations through REST by everybody. */
async function createArticle(people: Caller[], article: LongArticle, annotations: number): Promise<string> {
  const editor = people[0]!;
  const { id } = await editor.post<{ id: string }>('/api/articles', {
    title: 'A long article',
    sourceLanguage: LANGUAGES[0],
    targetLanguages: LANGUAGES.slice(1),
    format: 'md',
    content: article.markdown,
  });

  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${editor.url.replace('http', 'ws')}/sync`, id, doc, {
    disableBc: true,
    WebSocketPolyfill: editor.Socket as unknown as typeof globalThis.WebSocket,
  });
  await new Promise((resolve) => provider.once('sync', resolve));
  const source = readBlocks(doc, LANGUAGES[0]!);
  for (const language of LANGUAGES.slice(1)) {
    for (let from = 0; from < source.length; from += 50) {
      const blocks = source.slice(from, from + 50).map((block, index) =>
        createBlockElement(
          makeBlock(block.id, article.translations[language]![from + index] ?? '', {
            kind: block.kind,
            level: block.level,
          }),
        ),
      );
      const fragment = doc.getXmlFragment(textRoot(language));
      // An empty text may hold one empty paragraph to type in; ours take its place.
      if (from === 0 && fragment.length > 0) fragment.delete(0, fragment.length);
      fragment.push(blocks);
      await pause(20);
    }
  }
  await untilThere(editor, id, LANGUAGES.at(-1)!, source.length);
  provider.destroy();
  doc.destroy();

  const kinds = ['comment', 'language', 'claim'];
  const perPerson = Array.from({ length: annotations }, (_, index) => index);
  const texts: Record<string, string[]> = {
    en: source.map((block) => block.content.map((run) => run.text).join('')),
    ...article.translations,
  };
  await Promise.all(
    people.map(async (person, which) => {
      for (const index of perPerson.filter((index) => index % people.length === which)) {
        const language = LANGUAGES[index % LANGUAGES.length]!;
        const at = (index * 7) % source.length;
        const words = texts[language]![at]!.split(' ');
        const start = words.slice(0, (index * 3) % Math.max(1, words.length - 4)).join(' ').length;
        const exact = texts[language]![at]!.slice(start).trim().split(' ').slice(0, 3).join(' ');
        const position = texts[language]![at]!.indexOf(exact, start);
        await person.post(`/api/articles/${id}/annotations`, {
          kind: kinds[index % kinds.length],
          language,
          blockId: source[at]!.id,
          exact,
          position: { start: position, end: position + exact.length },
          body: `Note ${index}`,
        });
      }
    }),
  );
  return id;
}

async function untilThere(person: Caller, id: string, language: string, blocks: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await person.get<{ blocks: unknown[] }>(`/api/articles/${id}/texts/${language}?format=json`);
    if (answer.blocks.length >= blocks) return;
    await pause(100);
  }
  throw new Error(`the ${language} text did not arrive`);
}

async function contextFor(browser: Browser, person: Caller): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB' });
  const [name, value] = person.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: person.url }]);
  // The probes are sent as source; the compiler that runs this file wraps their inner functions in this name keeper.
  await context.addInitScript({ content: 'globalThis.__name ??= (value) => value;' });
  await context.addInitScript(watchInteractive);
  return context;
}

/** Opens the workspace several times; `kept`: with what the browser stored of it the time before. */
async function openings(context: BrowserContext, address: string, kept: boolean): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < OPENINGS; index += 1) {
    const page = await context.newPage();
    if (!kept) {
      // From a page of the same origin that opens no article, so that nothing holds the stores open.
      await page.goto(`${new URL(address).origin}/healthz`);
      await page.evaluate(async () => {
        for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
      });
    }
    await page.goto(address);
    times.push(await interactive(page));
    await pause(500); // y-indexeddb stores in the background
    await page.close();
  }
  return times;
}

async function interactive(page: Page): Promise<number> {
  const handle = await page.waitForFunction(() => window.kopuroBench.interactive, null, { timeout: 60_000 });
  return (await handle.jsonValue()) as number;
}

/** The paragraph in which is typed. */
function typedBlock(page: Page) {
  return page.locator('[contenteditable="true"][lang="en"] [data-kind="paragraph"]').first();
}

async function caretInText(page: Page): Promise<void> {
  await typedBlock(page).click();
  await page.keyboard.press('End');
}

/** Types at a steady pace. */
async function type(page: Page): Promise<void> {
  for (let index = 0; index < KEYS; index += 1) {
    const due = Date.now() + KEY_EVERY_MS;
    await page.keyboard.press(MARK);
    await pause(Math.max(0, due - Date.now()));
  }
  await pause(1_000);
}

/** ms from each key to its frame, at the caret of this page. */
async function paintTimes(page: Page): Promise<number[]> {
  await page.evaluate(watchKeys);
  await type(page);
  const painted = await page.evaluate(() => window.kopuroBench.painted);
  if (painted.length < KEYS) throw new Error(`of ${KEYS} keys ${painted.length} were painted`);
  return painted;
}

/** ms from each key to the screen, at the caret of this page: a typing of its own, with the browser's trace on. */
async function screenTimes(browser: Browser, page: Page): Promise<number[]> {
  const shown = await shownTimes(browser, page, () => type(page));
  if (shown.length < KEYS * 0.9) throw new Error(`of ${KEYS} keys ${shown.length} were seen to reach the screen`);
  return shown;
}

async function barePages(browser: Browser, article: LongArticle): Promise<Measurement[]> {
  const texts = LANGUAGES.map((language) => article.translations[language] ?? article.markdown.split('\n\n'));
  const measurements: Measurement[] = [];
  for (const [what, columns] of [
    ['a page of one paragraph, no program', []],
    ['a page of the same texts, no program', texts],
  ] as const) {
    const page = await openBarePage(browser, VIEWPORT, columns);
    const painted = await paintTimes(page);
    const shown = await screenTimes(browser, page);
    await page.close();
    for (const p of [0.5, 0.95]) {
      measurements.push(
        { what: `  ${what}, to paint, p${p * 100}`, value: percentile(painted, p), unit: 'ms', aim: null },
        { what: `  ${what}, to the screen, p${p * 100}`, value: percentile(shown, p), unit: 'ms', aim: null },
      );
    }
  }
  return measurements;
}

/** ms from each key to the frame of the other browser that shows it; both have the paragraph on screen. */
async function crossingTimes(page: Page, reader: Page): Promise<number[]> {
  // The marks are counted: what was typed before must not be there.
  await page.keyboard.press('Enter');
  const id = await page.evaluate(
    () => window.getSelection()?.anchorNode?.parentElement?.closest('[data-block]')?.getAttribute('data-block') ?? '',
  );
  const selector = `[lang="en"] [data-block="${id}"]`;
  await reader.waitForSelector(selector);
  await page.evaluate(watchKeys);
  await reader.evaluate(watchMarks, [selector, MARK] as [string, string]);
  await type(page);
  const seen = await reader.evaluate(() => [...window.kopuroBench.seen]);
  const keyed = await page.evaluate(() => window.kopuroBench.keyed);
  const crossed = seen.filter(([, at]) => at > 0).map(([count, at]) => at - keyed[count - 1]!);
  if (crossed.length < KEYS / 2) throw new Error(`of ${KEYS} keys ${crossed.length} were seen by the other`);
  return crossed;
}

/** Bytes of compressed JavaScript that the desk loads before it is idle. */
async function initialScript(context: BrowserContext, origin: string): Promise<number> {
  const page = await context.newPage();
  const scripts = new Set<string>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('.js')) scripts.add(pathname);
  });
  await page.goto(`${origin}/`);
  await page.waitForLoadState('networkidle');
  await page.close();
  const folder = fileURLToPath(new URL('../../dist/client', import.meta.url));
  const sizes = await Promise.all([...scripts].map(async (path) => gzipSync(await readFile(folder + path)).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}
