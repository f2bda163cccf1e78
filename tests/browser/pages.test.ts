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

const DEVICES = [
  { device: 'a desk', viewport: DESKTOP },
  { device: 'a phone', viewport: PHONE },
];

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

  /** Walks through the pages in one window (two: one of them is nobody's) and collects what `look` finds wrong, by page. */
  async function walk(
    options: Parameters<Newsroom['open']>[2],
    language: string,
    look: (window: Page, page: PageOfApp) => Promise<string[]>,
  ): Promise<Record<string, string[]>> {
    const windows = {
      editor: await newsroom.open('editor', '/healthz', options),
      nobody: await newsroom.openAnonymous('/healthz', options),
    };
    for (const window of Object.values(windows)) {
      await window.context().addCookies([{ name: 'kopuro_language', value: language, url: newsroom.server.url }]);
      await window.evaluate((chosen) => localStorage.setItem('kopuro_language', chosen), language);
    }
    const wrong: Record<string, string[]> = {};
    for (const page of PAGES) {
      const window = page.anonymous ? windows.nobody : windows.editor;
      await window.goto(page.path());
      await settled(window, page);
      const found = await look(window, page);
      // What is not there is answered 404, and nobody is told so with 401: browsers report both.
      if (page.name === 'unknown article') newsroom.tolerate(/status of 404|WebSocket/);
      if (page.anonymous) newsroom.tolerate(/status of 401/);
      found.push(...newsroom.complaints());
      if (found.length > 0) wrong[page.name] = found;
    }
    return wrong;
  }

  /** The page shows what it has to show: its first heading, and in the workspace the texts. */
  async function settled(window: Page, page: PageOfApp): Promise<void> {
    await window.locator('h1, [role=heading], main').first().waitFor();
    if (page.name === 'workspace') await window.locator('[role=textbox] [data-block]').first().waitFor();
    await window.waitForLoadState('networkidle');
    await window.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
    await window.evaluate(() => document.fonts.ready.then(() => {}));
  }

  for (const language of INTERFACE_LANGUAGES) {
    it.each(DEVICES)(`in ${language} on $device is translated and fits`, async ({ viewport }) => {
      const wrong = await walk({ viewport }, language, async (window) => {
        const lang = await window.locator('html').getAttribute('lang');
        return [
          ...untranslated(await visibleTexts(window), language).map((text) => `not translated: ${text}`),
          ...(lang === language ? [] : [`lang="${lang}"`]),
          ...(await stickingOut(window)),
          ...(await cutOff(window)).map((text) => `cut off: ${text}`),
        ];
      });
      expect(wrong).toEqual({});
    });
  }

  it.each(DEVICES)('on $device has no serious barrier for anybody, light or dark', async ({ viewport }) => {
    const wrong = await walk({ viewport, colorScheme: 'light' }, 'en', async (window) => {
      const light = await new AxeBuilder({ page: window }).analyze();
      // Only the colours are others in the dark; controls fade from one to the other.
      await window.emulateMedia({ colorScheme: 'dark' });
      await window.waitForTimeout(400);
      const dark = await new AxeBuilder({ page: window }).withRules(['color-contrast']).analyze();
      await window.emulateMedia({ colorScheme: 'light' });
      return [...light.violations, ...dark.violations]
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
        );
    });
    expect(wrong).toEqual({});
  });
});
