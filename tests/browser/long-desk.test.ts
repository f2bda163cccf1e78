// The desk of a newsroom with more articles than fit on a page: searching all of them, asking for more, and what comes meanwhile.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import { openSqliteStorage } from '../../server/storage/sqlite/open.ts';
import { largeNewsroom } from '../storage/newsroom.ts';
import { ask, createArticle } from './facts.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { SOON, ui } from './ui.ts';

const ARTICLES = 120;

describe('the desk of a large newsroom', () => {
  let folder: string;
  let newsroom: Newsroom;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kopuro-long-desk-'));
    const file = join(folder, 'kopuro.sqlite');
    await (await openSqliteStorage({ file, logger: pino({ level: 'silent' }) })).close();
    const database = await openDatabase(file);
    for (const statement of largeNewsroom('sqlite', { articles: ARTICLES, people: 3 })) database.exec(statement);
    database.close();
    newsroom = await openNewsroom({ dataFolder: folder, env: { KOPURO_DEMO: 'off' } });
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(async () => {
    await newsroom?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const rows = (page: Page) => page.getByRole('table', { name: ui('desk.board') }).locator('tbody tr');
  const titles = (page: Page) => rows(page).getByRole('rowheader').getByRole('link').allInnerTexts();
  const isTold = (page: Page, key: string, values: Record<string, string>) =>
    page.getByText(ui(key, values), { exact: true }).waitFor();

  it('DESK-9 DESK-10 shows the newest and, by the keyboard too, the next ones down to the last', async () => {
    const page = await newsroom.open('editor');
    await expect.poll(() => rows(page).count(), SOON).toBe(50);
    expect((await titles(page))[0]).toMatch(new RegExp(` н${ARTICLES}$`));
    await isTold(page, 'desk.shownAndMore', { shown: '50' });
    const more = page.getByRole('button', { name: ui('desk.showMore') });
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    for (const [shown, first] of [
      [100, ARTICLES - 50],
      [ARTICLES, ARTICLES - 100],
    ] as const) {
      await more.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => rows(page).count(), SOON).toBe(shown);
      await expect.poll(focused, SOON).toMatch(new RegExp(` н${first}$`));
    }
    await isTold(page, 'desk.shownOf', { shown: String(ARTICLES), total: String(ARTICLES) });
    expect(await more.count()).toBe(0);
    expect(new Set(await titles(page)).size).toBe(ARTICLES);
  });

  it('DESK-1 DESK-11 finds among all of them, and what is made meanwhile comes to the top by itself', async () => {
    const page = await newsroom.open('editor');
    await expect.poll(() => rows(page).count(), SOON).toBe(50);
    const search = page.getByRole('searchbox', { name: ui('desk.search') });
    await search.fill('Н7 МАКАЛА');
    await expect.poll(() => rows(page).count(), SOON).toBe(11);
    await isTold(page, 'desk.shownOf', { shown: '11', total: '11' });
    expect((await titles(page)).at(-1)).toMatch(/ н7$/);
    await createArticle(page, 'Макала н7777', ['Жаңы текст.']);
    await createArticle(page, 'Башка макала', ['Жаңы текст.']);
    await expect.poll(() => rows(page).count(), SOON).toBe(12);
    expect((await titles(page))[0]).toBe('Макала н7777');
    await search.fill('жок мындай');
    await page.getByText(ui('desk.nothingFound')).waitFor();
    await page
      .getByRole('button', { name: ui('desk.clearFilters') })
      .first()
      .click();
    await expect.poll(async () => (await titles(page))[0], SOON).toBe('Башка макала');

    await page.goto('/?language=ky&q=%D0%BC%D0%B0%D0%BA');
    const { total } = await ask<{ total: number }>(page, 'GET', '/api/articles?language=ky&search=%D0%BC%D0%B0%D0%BA');
    await isTold(page, 'desk.shownOf', { shown: String(total), total: String(total) });
    expect(await rows(page).count()).toBe(total);
  });
});
