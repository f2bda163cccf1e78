// What goes wrong in life: the network goes, the page is reloaded, the server is killed, somebody restores an old state.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databaseFile } from '../../server/data-folder.ts';
import { openDatabase } from '../../server/storage/sqlite/engine.ts';
import russian from '../../translations/ru.json' with { type: 'json' };
import { runCommand } from '../support/server.ts';
import { ask, createArticle, currentPerson, readAnnotations, readBlocks, readWords } from './facts.ts';
import { type Newsroom, openNewsroom, type PersonKey } from './newsroom.ts';
import { type ArticleWindow, articleWindow, named, SOON, ui } from './ui.ts';

const PARAGRAPHS = ['The river rose in the night.', 'By noon the bridge was closed.'];
/** Clients wait a little before they try again. */
const RECONNECTED = { timeout: 60_000, interval: 100 };
/** What browsers say in the console of a connection that is cut on purpose. */
const CUT =
  /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_NETWORK|WebSocket connection|Failed to fetch|error occurred when fetching the script|status of 50[0-9]/;

describe('interruptions', () => {
  let newsroom: Newsroom;

  beforeAll(async () => {
    newsroom = await openNewsroom();
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    newsroom.tolerate(CUT);
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(() => newsroom?.dispose());

  async function open(title: string) {
    const editor = await newsroom.open('editor', '/healthz');
    const articleId = await createArticle(editor, title, PARAGRAPHS);
    const ids = (await readBlocks(editor, articleId, 'en')).map((block) => block.id);
    const path = `/articles/${articleId}`;
    return { articleId, ids, path, at: async (person: PersonKey) => articleWindow(await newsroom.open(person, path)) };
  }

  async function type(window: ArticleWindow, language: string, blockId: string, words: string): Promise<void> {
    await window.clickAtEnd(language, blockId);
    await window.page.keyboard.type(words);
  }

  const status = (window: ArticleWindow) => window.page.locator('[data-save]').getAttribute('data-save');

  it('words and comments made without a connection wait, say so, and merge when it is back', async () => {
    const { articleId, ids, at } = await open('Offline');
    const away = await at('editor');
    const here = await at('editor');
    await away.page.context().setOffline(true);
    await type(away, 'en', ids[0]!, ' Written on a train.');
    await away.comment('en', 'the bridge', 'Which one?');
    await expect.poll(() => status(away), RECONNECTED).toBe('offline');
    await away.card('Which one?').getByText(ui('margin.waiting')).first().waitFor();
    await type(here, 'en', ids[0]!, ' Written at the desk.');
    await here.saved();
    expect(await readAnnotations(here.page, articleId)).toEqual([]);

    await away.page.context().setOffline(false);
    await expect.poll(() => status(away), RECONNECTED).toBe('saved');
    await here.card('Which one?').waitFor();
    const both = (await readWords(here.page, articleId, 'en'))[0]!;
    expect(both).toContain('Written on a train.');
    expect(both).toContain('Written at the desk.');
    for (const window of [away, here]) await expect.poll(async () => (await window.words('en'))[0], SOON).toBe(both);
    const [annotation] = await readAnnotations(here.page, articleId);
    expect(annotation).toMatchObject({ anchorState: 'attached', anchor: { exact: 'the bridge' } });
  });

  it('a reload without a connection keeps the page, its words and its waiting comments', async () => {
    const { articleId, ids, at } = await open('Offline reload');
    const away = await at('editor');
    const kept = () =>
      away.page.evaluate(async () => {
        const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const requests = await Promise.all(stores.map((store) => store.keys()));
        return requests.flat().length;
      });
    // The app puts itself aside for such a moment: until no more files come.
    let before = 0;
    const settled = async () => {
      const now = await kept();
      const same = now > 3 && now === before;
      before = now;
      return same;
    };
    await expect.poll(settled, { ...SOON, interval: 1_500 }).toBe(true);
    await away.page.context().setOffline(true);
    await type(away, 'en', ids[0]!, ' Before the reload.');
    await away.comment('en', 'the bridge', 'Still open?');
    await expect.poll(() => status(away), RECONNECTED).toBe('offline');
    await away.page.waitForTimeout(500); // the browser's own store works in the background
    away.page.on('dialog', (dialog) => void dialog.accept());
    await away.page.reload();
    const again = await articleWindow(away.page);
    await expect.poll(async () => (await again.words('en'))[0], SOON).toBe(`${PARAGRAPHS[0]} Before the reload.`);
    await again.card('Still open?').waitFor();
    await type(again, 'en', ids[1]!, ' After the reload.');

    await away.page.context().setOffline(false);
    await expect.poll(() => status(again), RECONNECTED).toBe('saved');
    expect(await readWords(again.page, articleId, 'en')).toEqual([
      `${PARAGRAPHS[0]} Before the reload.`,
      `${PARAGRAPHS[1]} After the reload.`,
    ]);
    await expect.poll(async () => (await readAnnotations(again.page, articleId)).length, RECONNECTED).toBe(1);
  });

  it('closing a window with unsaved words warns', async () => {
    const { ids, at } = await open('Leaving');
    const away = await at('editor');
    await away.page.context().setOffline(true);
    await type(away, 'en', ids[0]!, ' Not saved.');
    await expect.poll(() => status(away), RECONNECTED).toBe('offline');
    const asked = new Promise<string>((resolve) => {
      away.page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await away.page.close({ runBeforeUnload: true });
    expect(await asked).toBe('beforeunload');
  });

  it('a server that is killed and started again under its people loses nothing that anybody saw', async () => {
    const { articleId, ids, at } = await open('Killed');
    const editor = await at('editor');
    const checker = await at('checker');
    await type(editor, 'en', ids[0]!, ' Seen before the crash.');
    await expect.poll(async () => (await checker.words('en'))[0], SOON).toContain('Seen before the crash.');
    await checker.comment('en', 'the bridge', 'Said before the crash');
    await editor.card('Said before the crash').waitFor();
    // No waiting for "Saved": what another one sees is saved.
    await newsroom.server.kill();
    await type(editor, 'en', ids[1]!, ' Typed while it was down.');
    await expect.poll(() => status(editor), RECONNECTED).toBe('offline');
    await newsroom.server.start();

    await expect.poll(() => status(editor), RECONNECTED).toBe('saved');
    await expect
      .poll(() => checker.words('en'), RECONNECTED)
      .toEqual([`${PARAGRAPHS[0]} Seen before the crash.`, `${PARAGRAPHS[1]} Typed while it was down.`]);
    expect(await readWords(editor.page, articleId, 'en')).toEqual(await checker.words('en'));
    expect(await readAnnotations(editor.page, articleId)).toHaveLength(1);
  });

  it('a snapshot is taken under a name and restored as a change that others see live', async () => {
    const { articleId, ids, at, path } = await open('Snapshots');
    const editor = await at('editor');
    const checker = await at('checker');
    await editor.page.getByRole('button', { name: ui('workspace.menu.more') }).click();
    await editor.page.getByRole('menuitem', { name: ui('workspace.menu.takeSnapshot') }).click();
    const dialog = editor.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: ui('workspace.snapshot.name') }).fill('Before lunch');
    await dialog.getByRole('button', { name: ui('workspace.snapshot.take') }).click();
    await editor.page.getByText(ui('workspace.snapshot.taken')).first().waitFor();

    await type(editor, 'en', ids[1]!, ' Nobody knows why.');
    await editor.saved();
    await expect.poll(() => checker.words('en'), SOON).toContain(`${PARAGRAPHS[1]} Nobody knows why.`);

    const other = await newsroom.open('editor', `${path}/snapshots`);
    await other.getByText('Before lunch').first().click();
    await other.getByRole('button', { name: named('snapshots.restore') }).click();
    const confirm = other.getByRole('dialog').or(other.getByRole('alertdialog'));
    await confirm.getByRole('button', { name: named('snapshots.restore') }).click();
    for (const window of [editor, checker]) await expect.poll(() => window.words('en'), SOON).toEqual(PARAGRAPHS);
    expect(await readWords(editor.page, articleId, 'en')).toEqual(PARAGRAPHS);
    // A forward change: the block ids stay, and what was there before can be had again.
    expect((await readBlocks(editor.page, articleId, 'en')).map((block) => block.id)).toEqual(ids);
    await expect.poll(() => other.getByRole('button', { name: /./ }).count(), SOON).toBeGreaterThan(0);
  });

  it('a server that is stopped in order takes a snapshot, and everything is there after its restart', async () => {
    const { articleId, ids, at } = await open('Stopped');
    const editor = await at('editor');
    await type(editor, 'en', ids[0]!, ' The last words of the day.');
    await editor.saved();
    expect(await newsroom.server.stop()).toBe(0);
    await newsroom.server.start();
    await expect.poll(() => status(editor), RECONNECTED).toBe('saved');
    expect((await readWords(editor.page, articleId, 'en'))[0]).toBe(`${PARAGRAPHS[0]} The last words of the day.`);
    const { snapshots } = (await (await editor.page.request.get(`/api/articles/${articleId}/snapshots`)).json()) as {
      snapshots: { kind: string }[];
    };
    expect(snapshots.map(({ kind }) => kind)).toContain('automatic');
  });

  it('a right lost while offline costs only what it forbids, in every tab of that person', async () => {
    const { articleId, ids, path } = await open('Lost right');
    const editor = await newsroom.open('editor', '/healthz');
    const first = await newsroom.open('kyrgyz', '/healthz');
    const person = await currentPerson(first);
    await ask(editor, 'PATCH', `/api/people/${person.id}`, { languages: ['ky', 'ru'] });
    try {
      await first.goto(path);
      const tabs = [await articleWindow(first)];
      for (const language of ['ru', 'ky']) {
        await first.locator(`[data-column=${language}] [data-fill="${ids[0]}"]`).click();
        await tabs[0]!.block(language, ids[0]!).waitFor();
        await first.keyboard.type(language === 'ru' ? 'Река.' : 'Дарыя түнкүсүн көтөрүлдү.');
      }
      await tabs[0]!.saved();
      const second = await first.context().newPage();
      await second.goto(path);
      tabs.push(await articleWindow(second));
      await tabs[1]!.saved();
      const databases = async () => {
        const names = await first.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));
        return names.filter((name) => name.includes(articleId));
      };
      const before = await databases();

      await first.context().setOffline(true);
      await type(tabs[0]!, 'ru', ids[0]!, ' Запрещено.');
      await tabs[0]!.clickAtEnd('ky', ids[0]!);
      for (let letter = 0; letter < ' көтөрүлдү.'.length; letter++) await first.keyboard.press('Backspace');
      await second.bringToFront();
      await tabs[1]!.clickAtEnd('ky', ids[0]!);
      await second.keyboard.press('Home');
      await second.keyboard.type('Кечээ ');
      for (const tab of tabs) await expect.poll(() => status(tab), RECONNECTED).toBe('offline');
      await ask(editor, 'PATCH', `/api/people/${person.id}`, { languages: ['ky'] });
      await first.context().setOffline(false);

      const dialog = first.getByRole('dialog', { name: ui('workspace.kept.title') });
      await dialog.waitFor({ timeout: RECONNECTED.timeout });
      expect(await dialog.locator('.ws-kept-text').allTextContents()).toEqual(['Река. Запрещено.']);
      await dialog.getByRole('button', { name: ui('workspace.kept.letGo') }).click();
      for (const tab of tabs) {
        await expect.poll(() => status(tab), RECONNECTED).toBe('saved');
        await expect.poll(() => tab.words('ky'), SOON).toEqual(['Кечээ Дарыя түнкүсүн']);
        expect(await tab.words('ru')).toEqual(['Река.']);
        expect(await tab.page.getByRole('dialog').count()).toBe(0);
      }
      expect(await readWords(editor, articleId, 'ky')).toEqual(['Кечээ Дарыя түнкүсүн']);
      expect(await readWords(editor, articleId, 'ru')).toEqual(['Река.']);
      // Both tabs go on with one local database, and the one that held the refused words is gone.
      await expect.poll(databases, SOON).toHaveLength(1);
      expect(before).not.toContain((await databases())[0]);
    } finally {
      await ask(editor, 'PATCH', `/api/people/${person.id}`, { languages: ['ky'] });
    }
  });

  it('a window under which a backup is restored shows the backup, and keeps its own words of since then aside', async () => {
    const { articleId, ids, at } = await open('Restored');
    const editor = await at('editor');
    const checker = await at('checker');
    await type(editor, 'en', ids[0]!, ' In the backup.');
    await editor.saved();
    const backup = join(newsroom.server.dataFolder, 'backup.sqlite');
    await runCommand(newsroom.server.dataFolder, ['backup', backup]);
    const restored = [`${PARAGRAPHS[0]} In the backup.`, PARAGRAPHS[1]!];

    await type(editor, 'en', ids[1]!, ' Since the backup.');
    await expect.poll(() => checker.words('en'), SOON).toContain(`${PARAGRAPHS[1]} Since the backup.`);
    await checker.comment('en', 'the bridge', 'Said since the backup');
    await editor.card('Said since the backup').waitFor();
    await newsroom.server.stop();
    await type(editor, 'en', ids[0]!, ' Never sent.');
    await expect.poll(() => status(editor), RECONNECTED).toBe('offline');
    const databases = () =>
      editor.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));
    const before = (await databases()).filter((name) => name.includes(articleId));
    expect(before).toHaveLength(1);
    await runCommand(newsroom.server.dataFolder, ['restore', backup]);
    await newsroom.server.start();

    // What the author wrote since is offered as a copy, and only that; the others have nothing to be offered.
    const dialog = editor.page.getByRole('dialog', { name: ui('workspace.kept.title') });
    await dialog.waitFor({ timeout: RECONNECTED.timeout });
    await dialog.getByText(ui('errors.epoch-changed')).waitFor();
    expect(await dialog.locator('.ws-kept-text').allTextContents()).toEqual([
      `${PARAGRAPHS[0]} In the backup. Never sent.`,
      `${PARAGRAPHS[1]} Since the backup.`,
    ]);
    await dialog.getByRole('button', { name: ui('workspace.kept.letGo') }).click();
    for (const window of [editor, checker]) {
      await expect.poll(() => status(window), RECONNECTED).toBe('saved');
      expect(await window.words('en')).toEqual(restored);
      expect(await window.card('Said since the backup').count()).toBe(0);
      expect(await window.page.getByRole('dialog').count()).toBe(0);
    }
    expect(await readWords(editor.page, articleId, 'en')).toEqual(restored);

    // Life goes on in the new history; the old one is gone from the browser, and a reload does not bring it back.
    await type(editor, 'en', ids[1]!, ' Afterwards.');
    await editor.saved();
    const now = [restored[0]!, `${PARAGRAPHS[1]} Afterwards.`];
    await expect.poll(() => checker.words('en'), SOON).toEqual(now);
    await expect.poll(async () => (await databases()).filter((name) => before.includes(name)), SOON).toEqual([]);
    await editor.page.reload();
    const again = await articleWindow(editor.page);
    await again.saved();
    expect(await again.words('en')).toEqual(now);
    expect(await readWords(editor.page, articleId, 'en')).toEqual(now);
  });

  it('STORE-50 an article that is damaged on disk says so in its reader’s language, and is there once it is mended', async () => {
    const { articleId, path } = await open('Damaged');
    await runCommand(newsroom.server.dataFolder, ['snapshot', articleId]);
    await newsroom.server.kill();
    const database = await openDatabase(databaseFile(newsroom.server.dataFolder));
    database.prepare('UPDATE log_rows SET data = zeroblob(length(data)) WHERE article_id = ?').run(articleId);
    database.close();
    await newsroom.server.start();

    const page = await newsroom.open('russian', path, { locale: 'ru-RU' });
    await page.getByText(russian.errors['article-unreadable']).waitFor();
    const mended = await runCommand(newsroom.server.dataFolder, ['mend', articleId]);
    expect(mended).toContain('Restored from snapshot');
    const window = await articleWindow(page);
    expect(await window.words('en')).toEqual(PARAGRAPHS);
  });
});
