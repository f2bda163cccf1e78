// `npm run screenshots`: makes the pictures of the README anew from the running product (build first). The sample article,
// four people at work in it, light and dark, on a desk and on a phone.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { sampleArticle } from './facts.ts';
import { openNewsroom, PHONE } from './newsroom.ts';
import { type ArticleWindow, articleWindow, ui } from './ui.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const LARGEST_BYTES = 300_000;
const SIZE = { width: 1280, height: 740 };

const newsroom = await openNewsroom();
try {
  await mkdir(FOLDER, { recursive: true });
  const editor = await newsroom.open('editor', '/', { viewport: { ...SIZE, height: 400 } });
  const articleId = await sampleArticle(editor);
  const path = `/articles/${articleId}`;

  const russian = await articleWindow(await newsroom.open('russian', path));
  const kyrgyz = await articleWindow(await newsroom.open('kyrgyz', path));
  await standIn(russian, 'ru', 4);
  await standIn(kyrgyz, 'ky', 5);

  await picture(editor, 'desk');

  const workspace = await articleWindow(await newsroom.open('editor', path, { viewport: SIZE }));
  await workspace.text('ru').locator('.other-caret').first().waitFor();
  await standIn(russian, 'ru', 4); // the flag beside a caret fades when its owner rests
  await picture(workspace.page, 'workspace');

  const claims = await newsroom.open('checker', `${path}/claims`, { viewport: SIZE });
  await claims.getByText(ui('margin.verdict.mostly-true')).first().waitFor();
  await picture(claims, 'claims');

  const dark = await newsroom.open('kyrgyz', '/healthz', { viewport: SIZE, colorScheme: 'dark', locale: 'ky-KG' });
  await dark.evaluate(() => localStorage.setItem('kopuro_language', 'ky'));
  await dark.goto(path);
  await articleWindow(dark);
  await picture(dark, 'kyrgyz-dark');

  const phone = await newsroom.open('checker', path, { viewport: PHONE, deviceScaleFactor: 1.5 });
  await articleWindow(phone);
  await picture(phone, 'phone');
} finally {
  await newsroom.dispose();
}

/** Puts somebody's caret into a block, and leaves it there. */
async function standIn(window: ArticleWindow, language: string, index: number): Promise<void> {
  await window.text(language).locator('[data-block]').nth(index).click();
  await window.page.keyboard.press('End');
}

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await page.mouse.move(2, 2);
  await page.waitForTimeout(400);
  const file = join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  const { size } = await stat(file);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
  if (size > LARGEST_BYTES) throw new Error(`${name}.png is larger than ${LARGEST_BYTES / 1000} kB`);
}
