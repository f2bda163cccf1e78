// A server whose disk is full, as people at work meet it: what their windows say, and how it passes.
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Question, Somebody } from '../faults/server.ts';
import { createArticle, readBlocks, readWords } from './facts.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { type InterfaceLanguage, readTexts } from './texts.ts';
import { type ArticleWindow, articleWindow, SOON } from './ui.ts';

const PARAGRAPHS = ['The river rose in the night.'];
const LOCALES = { en: 'en-GB', ru: 'ru-RU', ky: 'ky-KG' };

describe('a server that cannot store', () => {
  let newsroom: Newsroom;
  let people: { editor: Somebody; reader: Somebody };
  const tell = <T>(question: Question) => newsroom.server.ask<T>(question);

  beforeAll(async () => {
    newsroom = await openNewsroom({
      script: fileURLToPath(new URL('../faults/process.ts', import.meta.url)),
      nodeArgs: ['--expose-gc'],
      env: { KOPURO_TEST_SYNC: JSON.stringify({ commitAttempts: 2, commitRetryMs: 20, outageMs: 100 }) },
    });
    people = {
      editor: await tell({ ask: 'person', name: 'Aigul', role: 'editor', languages: [] }),
      reader: await tell({ ask: 'person', name: 'Bermet', role: 'reader', languages: [] }),
    };
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(() => newsroom?.dispose());

  async function open(who: Somebody, language: InterfaceLanguage, path: string) {
    const page = await newsroom.openAnonymous('/healthz', { locale: LOCALES[language] });
    const [name, value] = who.cookie.split('=') as [string, string];
    await page.context().addCookies([{ name, value, url: newsroom.server.url }]);
    await page.goto(path);
    return page;
  }

  const status = (window: ArticleWindow) => window.page.locator('[data-save]').getAttribute('data-save');
  const indicator = (window: ArticleWindow) => window.page.locator('[data-save]').innerText();
  const notice = (window: ArticleWindow) => window.page.locator('.ws-outage').textContent();

  /** The words for so many changes in a language. */
  function words(language: InterfaceLanguage, key: string, count: number): string {
    const rule = new Intl.PluralRules(language).select(count);
    return readTexts(language).get(`${key}_${rule}`)!.replace('{{count}}', String(count));
  }

  it('OFFLINE-9 windows say what is not saved, in their reader’s language, for as long as it lasts', async () => {
    const desk = await open(people.editor, 'en', '/healthz');
    const articleId = await createArticle(desk, 'Flood', PARAGRAPHS);
    const [block] = await readBlocks(desk, articleId, 'en');
    const path = `/articles/${articleId}`;
    const author = await articleWindow(await open(people.editor, 'ru', path));
    const reader = await articleWindow(await open(people.reader, 'en', path));
    await author.saved();
    await reader.saved();
    expect([await notice(author), await notice(reader)]).toEqual(['', '']);

    await tell({ ask: 'disk', pages: 0 });
    await author.clickAtEnd('en', block!.id);
    // More than what is left of the page that was begun.
    const typed = ` ${'Nobody slept. '.repeat(400)}`;
    await author.page.keyboard.insertText(typed);
    await expect.poll(() => status(author), SOON).toBe('unstored');
    await author.page.keyboard.type('Now');
    const said = async () => Number(/\d+/.exec((await indicator(author)) ?? '')?.[0]);
    await expect.poll(said, SOON).toBeGreaterThanOrEqual(4);
    const count = await said();
    expect(await indicator(author)).toBe(words('ru', 'workspace.save.unstoredWaiting', count));
    expect(await notice(author)).toBe(words('ru', 'workspace.outage.waiting', count));
    await author.page.keyboard.type('!');
    await expect.poll(() => notice(author), SOON).toBe(words('ru', 'workspace.outage.waiting', count + 1));

    // Somebody who has nothing to lose hears of it too, and so does whoever comes only now.
    await expect.poll(() => notice(reader), SOON).toBe(readTexts('en').get('workspace.outage.none'));
    expect(await reader.words('en')).toEqual(PARAGRAPHS);
    const late = await articleWindow(await open(people.editor, 'ky', path));
    await expect.poll(() => notice(late), SOON).toBe(readTexts('ky').get('workspace.outage.none'));
    await expect.poll(() => indicator(late), SOON).toBe(readTexts('ky').get('workspace.save.unstored'));

    await tell({ ask: 'disk', pages: null });
    for (const window of [author, reader, late]) {
      await expect.poll(() => status(window), SOON).toBe('saved');
      await expect.poll(() => notice(window), SOON).toBe('');
    }
    const all = [`${PARAGRAPHS[0]}${typed}Now!`.trimEnd()];
    expect(await readWords(desk, articleId, 'en')).toEqual(all);
    await expect.poll(() => reader.words('en'), SOON).toEqual(all);
  });
});
