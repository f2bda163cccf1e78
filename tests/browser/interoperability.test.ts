// In real browsers: an editor that is not ours, made of ProseMirror, y-prosemirror and our published schema alone; and our own
// while a long article is on its way.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { WebSocketRoute } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { blockText } from '../../shared/article/blocks.ts';
import { ask, createArticle, readBlocks, readWords, sampleArticle } from './facts.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { articleWindow, SOON, ui } from './ui.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/own-editor', import.meta.url));

describe('programs of others and long articles', () => {
  let newsroom: Newsroom;

  beforeAll(async () => {
    newsroom = await openNewsroom();
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(() => newsroom?.dispose());

  it('INTEROP-4 a bare ProseMirror page with our schema and y-prosemirror edits a text with a token', async () => {
    const russian = await newsroom.open('russian', '/healthz');
    const editor = await newsroom.open('editor', '/healthz');
    const article = await sampleArticle(editor);
    const before = await readBlocks(editor, article, 'ru');
    const first = before.findIndex((block) => block.kind === 'paragraph');
    const [id, nextId] = [before[first]!.id, before[first + 1]!.id];
    const { token } = await ask<{ token: string }>(russian, 'POST', '/api/tokens', { name: 'my editor' });
    await editor.goto(`/articles/${article}`);
    const ours = await articleWindow(editor);

    const pages = await serveExample();
    const window = await newsroom.browser.newContext();
    try {
      const page = await window.newPage();
      const failures: Error[] = [];
      page.on('pageerror', (error) => failures.push(error));
      const address = new URLSearchParams({
        server: newsroom.server.url.replace('http', 'ws'),
        article,
        language: 'ru',
        token,
      });
      await page.goto(`${pages.url}/#${address}`);
      const text = page.locator('.ProseMirror');
      await text.locator(`[data-block="${id}"]`).click();
      await page.keyboard.press('End');
      await page.keyboard.type(' Из другой программы.');
      await page.keyboard.press('Enter');
      await page.keyboard.type('Ещё абзац.');
      await ours.text('ru').getByText('Ещё абзац.').waitFor();
      expect(await ours.block('ru', id!).textContent()).toContain('Из другой программы.');

      await ours.clickAtEnd('ru', nextId!);
      await editor.keyboard.type(' Отсюда.');
      await text.getByText('Отсюда.').waitFor();

      // Everything else is as it was, and the new paragraph has an id of its own.
      const words = async () => (await readWords(editor, article, 'ru')).join('|');
      await expect.poll(words, SOON).toContain('Отсюда.');
      const after = await readBlocks(editor, article, 'ru');
      expect(new Set(after.map((block) => block.id)).size).toBe(before.length + 1);
      expect(blockText(after[first + 1]!)).toBe('Ещё абзац.');
      expect([...after.slice(0, first), ...after.slice(first + 3)]).toEqual([
        ...before.slice(0, first),
        ...before.slice(first + 2),
      ]);
      expect(await page.locator('#status').textContent()).toBe('connected');
      expect(failures).toEqual([]);
    } finally {
      await window.close();
      await pages.close();
    }
  });

  it('SYNC-45 shows how much of a long article is here, and its texts when all of it is', async () => {
    const page = await newsroom.open('editor', '/healthz');
    const paragraph = 'Many words about a bridge and the river under it. '.repeat(20);
    const article = await createArticle(
      page,
      'Long',
      Array.from({ length: 900 }, (_, index) => `${index} ${paragraph}`),
    );
    const held: { socket: WebSocketRoute; message: string | Buffer }[] = [];
    let holding = true;
    await page.routeWebSocket(/\/sync\//, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        // The third piece and all after it wait until the test has looked.
        if (held.length > 0 || (holding && message.length > 100_000 && ++pieces > 2)) held.push({ socket, message });
        else socket.send(message);
      });
    });
    let pieces = 0;
    await page.goto(`/articles/${article}`);
    const bar = page.getByRole('progressbar', { name: ui('workspace.loading') });
    const share = async () => Number(await bar.getAttribute('aria-valuenow'));
    await expect.poll(share, SOON).toBeGreaterThan(10);
    expect(await share()).toBeLessThan(90);
    expect(await page.locator('[role=textbox]').count()).toBe(0);
    holding = false;
    for (const { socket, message } of held.splice(0)) socket.send(message);
    const window = await articleWindow(page);
    expect((await window.words('en'))[899]).toContain('899 Many words');
    expect(await bar.count()).toBe(0);
  });
});

/** The documented example, bundled as anybody would and served from an origin of its own. */
async function serveExample() {
  const outDir = await mkdtemp(join(tmpdir(), 'kopuro-example-'));
  await build({
    root: EXAMPLE,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const server: Server = createServer(express().use(express.static(outDir)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
