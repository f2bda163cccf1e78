// Every page, in every interface language, on a desk and on a phone, light and dark: translated, nothing sticking out,
// no serious barrier for anybody (axe), nothing asked of other hosts, nothing amiss in the console.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cutOff, stickingOut, visibleTexts } from './inspection.ts';
import { DESKTOP, type Newsroom, openNewsroom, PHONE } from './newsroom.ts';
import { INTERFACE_LANGUAGES, untranslated } from './texts.ts';

interface PageOfApp {
  name: string;
  path(): string;
  anonymous?: true;
}

describe('every page', () => {
  let newsroom: Newsroom;
  let articleId: string;
  let invitation: string;

  const PAGES: PageOfApp[] = [
    { name: 'desk', path: () => '/' },
    { name: 'workspace', path: () => `/articles/${articleId}` },
    { name: 'snapshots', path: () => `/articles/${articleId}/snapshots` },
    { name: 'claims', path: () => `/articles/${articleId}/claims` },
    { name: 'people', path: () => '/people' },
    { name: 'settings', path: () => '/settings' },
    { name: 'unknown page', path: () => '/no-such-page' },
    { name: 'unknown article', path: () => '/articles/no-such-article' },
    { name: 'sign-in', path: () => '/sign-in', anonymous: true },
    { name: 'invitation', path: () => invitation, anonymous: true },
  ];

  beforeAll(async () => {
    newsroom = await openNewsroom();
    const page = await newsroom.open('editor');
    const ask = async <T>(path: string, data?: object): Promise<T> => {
      const answer = data ? await page.request.post(path, { data }) : await page.request.get(path);
      expect(answer.ok(), `${path} answered ${answer.status()}`).toBe(true);
      return (await answer.json()) as T;
    };
    articleId = (await ask<{ articles: { id: string }[] }>('/api/articles')).articles[0]!.id;
    const made = await ask<{ url: string }>('/api/invitations', { role: 'translator', languages: ['ru'] });
    invitation = new URL(made.url, newsroom.server.url).pathname;
    await newsroom.closeWindows();
    newsroom.complaints();
  });
  afterEach(() => newsroom.closeWindows());
  afterAll(() => newsroom?.dispose());

  async function open(page: PageOfApp, options: Parameters<Newsroom['open']>[2], language: string): Promise<Page> {
    const window = page.anonymous
      ? await newsroom.openAnonymous('/healthz', options)
      : await newsroom.open('editor', '/healthz', options);
    await window.context().addCookies([{ name: 'kopuro_language', value: language, url: newsroom.server.url }]);
    await window.evaluate((chosen) => localStorage.setItem('kopuro_language', chosen), language);
    await window.goto(page.path());
    await settled(window, page);
    return window;
  }

  /** The page shows what it has to show: its first heading, and in the workspace the texts. */
  async function settled(window: Page, page: PageOfApp): Promise<void> {
    await window.locator('h1, [role=heading], main').first().waitFor();
    if (page.name === 'workspace') await window.locator('.ProseMirror [data-block]').first().waitFor();
    await window.waitForLoadState('networkidle');
    await window.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
    await window.evaluate(() => document.fonts.ready.then(() => {}));
  }

  /** An unknown article is answered 404, which browsers report. */
  function expectNoComplaints(page: PageOfApp): void {
    if (page.name === 'unknown article') newsroom.tolerate(/status of 404|WebSocket/);
    if (page.anonymous) newsroom.tolerate(/status of 401/);
    expect(newsroom.complaints()).toEqual([]);
  }

  for (const language of INTERFACE_LANGUAGES) {
    for (const [device, viewport] of [
      ['a desk', DESKTOP],
      ['a phone', PHONE],
    ] as const) {
      it.each(PAGES)(`$name in ${language} on ${device} is translated and fits`, async (page) => {
        const window = await open(page, { viewport }, language);
        expect(untranslated(await visibleTexts(window), language)).toEqual([]);
        expect(await window.locator('html').getAttribute('lang')).toBe(language);
        expect(await stickingOut(window)).toEqual([]);
        expect(await cutOff(window)).toEqual([]);
        expectNoComplaints(page);
      });
    }
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of [
      ['a desk', DESKTOP],
      ['a phone', PHONE],
    ] as const) {
      it.each(PAGES)(`$name, ${colorScheme}, on ${device}, has no serious barrier`, async (page) => {
        const window = await open(page, { viewport, colorScheme }, 'en');
        const { violations } = await new AxeBuilder({ page: window }).analyze();
        const serious = violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
          );
        expect(serious).toEqual([]);
        expectNoComplaints(page);
      });
    }
  }
});
