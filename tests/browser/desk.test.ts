// From the link in the banner to an article of one's own: signing in, the desk, importing, inviting, languages.
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createFormats } from '../../client/app/format.ts';
import type { Role } from '../../shared/access/roles.ts';
import { CLOSE } from '../../shared/protocol/sync.ts';
import { ask, createArticle, currentPerson, readAnnotations, readBlocks, sampleArticle } from './facts.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { readTexts } from './texts.ts';
import { articleWindow, named, SOON, ui, WITHIN_A_SECOND } from './ui.ts';

const WEB_PAGE = `<html><head><title>Flood</title></head><body>
<nav><a href="/">Home</a></nav>
<h1>River leaves its bed</h1>
<p>By A. Writer</p>
<p>The river&nbsp;rose in the night.\u200b It took <b>two</b> bridges &ndash; and <a href="https://example.org/mill">a mill</a>.</p>
<ul><li>Forty houses are empty.</li><li>Nobody was hurt.</li></ul>
<blockquote><p>We heard it before we saw it.</p></blockquote>
<p onclick="alert(1)">The road is closed<script>document.title = 'owned'</script>.</p>
<p>&gt; Map of the valley</p>
</body></html>`;

describe('the desk', () => {
  let newsroom: Newsroom;

  beforeAll(async () => {
    newsroom = await openNewsroom();
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(() => newsroom?.dispose());

  it('a link of the banner signs its person in, and the desk shows the sample article', async () => {
    expect(newsroom.server.links).toHaveLength(4);
    const page = await newsroom.open('editor');
    await page.getByRole('heading', { level: 1, name: ui('desk.title') }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    const row = page
      .getByRole('table', { name: ui('desk.board') })
      .locator('tbody tr')
      .first();
    await row.waitFor();
    const { articles } = await ask<{ articles: { title: string; open: Record<string, number> }[] }>(
      page,
      'GET',
      '/api/articles',
    );
    expect(await row.getByRole('rowheader').innerText()).toContain(articles[0]!.title);
    const person = await currentPerson(page);
    expect(newsroom.link('editor').line).toContain(person.name);
    await page.getByRole('button', { name: ui('app.account', { name: person.name }) }).waitFor();
  });

  it('the sample article has a text in three languages and annotations of every kind', async () => {
    const page = await newsroom.open('editor');
    const id = await sampleArticle(page);
    const texts = await Promise.all(['en', 'ru', 'ky'].map((language) => readBlocks(page, id, language)));
    expect(texts[0]!.length).toBeGreaterThanOrEqual(25);
    for (const translation of texts.slice(1)) {
      expect(translation.length).toBeGreaterThan(3);
      expect(translation.length).toBeLessThan(texts[0]!.length);
    }
    const annotations = await readAnnotations(page, id);
    expect(new Set(annotations.map(({ kind }) => kind))).toEqual(new Set(['comment', 'language', 'claim']));
    const suggestions = annotations.map(({ suggestion }) => suggestion?.status);
    expect(suggestions).toContain('pending');
    expect(suggestions).toContain('accepted');
    expect(annotations.filter(({ status }) => status === 'resolved').length).toBeGreaterThan(0);
    const judged = annotations.filter(({ claim }) => claim?.verdict);
    expect(judged.length).toBeGreaterThanOrEqual(2);
    for (const { claim } of judged) expect(claim!.evidence.length).toBeGreaterThan(0);
  });

  it('a text that is pasted becomes an article', async () => {
    const page = await newsroom.open('editor');
    await page.getByRole('button', { name: ui('desk.new') }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('textbox', { name: ui('import.text') })
      .fill('# Snow in June\n\nIt **snowed** on Friday.\n\n- On the pass\n- In the town');
    await dialog.getByRole('button', { name: ui('import.continue') }).click();
    const headline = dialog.getByRole('textbox', { name: ui('import.headline') });
    await headline.waitFor();
    expect(await headline.inputValue()).toBe('Snow in June');
    await dialog.getByRole('button', { name: ui('import.create') }).click();
    await page.waitForURL(/\/articles\/[\w-]+$/);
    const window = await articleWindow(page);
    expect(await window.words('en')).toEqual(['Snow in June', 'It snowed on Friday.', 'On the pass', 'In the town']);
    const blocks = await readBlocks(page, page.url().split('/').at(-1)!, 'en');
    expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'listItem', 'listItem']);
    expect(blocks[1]!.content).toEqual([{ text: 'It ' }, { text: 'snowed', bold: true }, { text: ' on Friday.' }]);
  });

  it('a web page from a file is cleaned, says what was cleaned, and offers its leftovers for removal', async () => {
    const page = await newsroom.open('editor');
    await page.getByRole('button', { name: ui('desk.new') }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'flood.html', mimeType: 'text/html', buffer: Buffer.from(WEB_PAGE) });
    const preview = dialog.getByRole('region', { name: ui('import.blocks') });
    await preview.waitFor();
    await dialog.getByRole('region', { name: ui('import.cleaned') }).waitFor();
    // "> Map of the valley" is the leftover of an image: offered for removal, neither kept silently nor lost silently.
    const leftover = dialog.getByRole('checkbox', { name: /Map of the valley/ });
    expect(await leftover.isChecked()).toBe(true);
    await dialog.getByRole('button', { name: ui('import.create') }).click();
    await page.waitForURL(/\/articles\/[\w-]+$/);
    const window = await articleWindow(page);
    const words = await window.words('en');
    expect(words).toEqual(
      expect.arrayContaining([
        'River leaves its bed',
        'The river rose in the night. It took two bridges – and a mill.',
        'Forty houses are empty.',
        'We heard it before we saw it.',
        'The road is closed.',
      ]),
    );
    expect(words.join(' ')).not.toMatch(/Map of the valley|\u200b|\u00a0|owned/);
    expect(await page.title()).not.toContain('owned');
    const blocks = await readBlocks(page, page.url().split('/').at(-1)!, 'en');
    expect(blocks.flatMap(({ content }) => content).find(({ link }) => link)).toMatchObject({
      text: 'a mill',
      link: 'https://example.org/mill',
    });
  });

  it('a file that is no text is refused with a sentence, and the dialog goes on', async () => {
    const page = await newsroom.open('editor');
    await page.getByRole('button', { name: ui('desk.new') }).click();
    const dialog = page.getByRole('dialog');
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
    newsroom.tolerate(/status of 4\d\d/);
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'picture.txt', mimeType: 'text/plain', buffer: bytes });
    await expect.poll(() => dialog.getByRole('alert').innerText(), SOON).toContain(ui('errors.file-binary'));
    await dialog.getByRole('textbox', { name: ui('import.text') }).waitFor();
  });

  it('the desk shows live who is in an article, and what was made', async () => {
    const watching = await newsroom.open('editor');
    await watching.getByRole('table', { name: ui('desk.board') }).waitFor();
    const working = await newsroom.open('russian');
    const articleId = await createArticle(watching, 'Seen from the desk', ['One paragraph here.']);
    const row = watching.getByRole('row').filter({ hasText: 'Seen from the desk' });
    await row.waitFor();
    const { name } = await currentPerson(working);
    await working.goto(`/articles/${articleId}`);
    await articleWindow(working);
    const faces = row.locator(`[title*="${name}"], [aria-label*="${name}"]`).or(row.getByText(name));
    await expect.poll(() => faces.count(), SOON).toBeGreaterThan(0);
    await working.goto('/');
    await expect.poll(() => faces.count(), SOON).toBe(0);
  });

  it('the interface changes its language at once, and remembers it', async () => {
    const page = await newsroom.open('kyrgyz');
    const person = await currentPerson(page);
    await page.getByRole('button', { name: ui('app.account', { name: person.name }) }).click();
    await page.getByRole('menuitemradio', { name: 'Кыргызча' }).click();
    const kyrgyz = readTexts('ky');
    await page.getByRole('heading', { level: 1, name: kyrgyz.get('desk.title')! }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ky');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: kyrgyz.get('desk.title')! }).waitFor();
  });

  it('the interface begins in the language of the browser', async () => {
    const page = await newsroom.openAnonymous('/sign-in', { locale: 'ru-RU' });
    await page.getByRole('heading', { level: 1, name: readTexts('ru').get('app.signIn.title')! }).waitFor();
    newsroom.tolerate(/status of 401/);
  });

  it('somebody who is invited by a link comes in with the role that was offered', async () => {
    const editor = await newsroom.open('editor');
    const { url } = await ask<{ url: string }>(editor, 'POST', '/api/invitations', {
      role: 'translator',
      languages: ['ky'],
    });
    const page = await newsroom.openAnonymous(new URL(url).pathname);
    newsroom.tolerate(/status of 401/);
    await page.getByText(ui('app.invitation.intro', { role: ui('roles.translator') })).waitFor();
    await page.getByRole('textbox', { name: ui('app.invitation.name') }).fill('Бермет');
    await page.getByRole('button', { name: named('app.invitation.join') }).click();
    await page.getByRole('heading', { level: 1, name: ui('desk.title') }).waitFor();
    expect(await currentPerson(page)).toMatchObject({ name: 'Бермет', role: 'translator', languages: ['ky'] });
  });

  it('an article that is cancelled while it is created leaves nothing behind', async () => {
    const page = await newsroom.open('russian');
    await page.getByRole('button', { name: ui('desk.new') }).click();
    const dialog = page.getByRole('dialog');
    const long = `# Given up\n\n${'A paragraph with *some* **formatting** in it.\n\n'.repeat(19_000)}`;
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'long.md', mimeType: 'text/markdown', buffer: Buffer.from(long) });
    const create = dialog.getByRole('button', { name: ui('import.create') });
    await create.waitFor();
    const asked = () =>
      page
        .waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/articles'))
        .then((request) => request.postDataJSON() as { id: string; title: string });
    const first = asked();
    await create.click();
    const { id } = await first;
    await dialog.getByRole('progressbar', { name: ui('import.creating') }).waitFor();
    await dialog.getByRole('button', { name: ui('app.cancel') }).click();
    // Back where everything that was entered is still there.
    expect(await dialog.getByRole('textbox', { name: ui('import.headline') }).inputValue()).toBe('Given up');
    // Texts are read one after the other: once the next one is an article, the first would be one as well.
    await createArticle(page, 'Made after it', ['One paragraph.']);
    const { articles } = await ask<{ articles: { title: string }[] }>(page, 'GET', '/api/articles');
    expect(articles.map(({ title }) => title)).toContain('Made after it');
    expect(articles.map(({ title }) => title)).not.toContain('Given up');
    // Asked for again, with another headline, it is another article: not what is left of the first.
    await dialog.getByRole('textbox', { name: ui('import.headline') }).fill('Wanted after all');
    const second = asked();
    await create.click();
    const again = await second;
    expect(again.title).toBe('Wanted after all');
    expect(again.id).not.toBe(id);
  });

  it('a deadline set in the article shows on the desk in the language of each reader, and can be removed', async () => {
    const editor = await newsroom.open('editor', '/healthz');
    const articleId = await createArticle(editor, 'Due in ten days', ['One paragraph.']);
    const rows = new Map<'ru' | 'ky', Locator>();
    for (const [person, language] of [['russian', 'ru'] as const, ['kyrgyz', 'ky'] as const]) {
      const page = await newsroom.open(person, '/healthz');
      await page.evaluate((chosen) => localStorage.setItem('kopuro_language', chosen), language);
      await page.goto('/');
      const row = page.getByRole('row').filter({ hasText: 'Due in ten days' });
      await row.getByText(readTexts(language).get('desk.noDeadline')!).waitFor();
      rows.set(language, row);
    }

    await editor.goto(`/articles/${articleId}`);
    await articleWindow(editor);
    const day = new Date();
    day.setDate(day.getDate() + 10);
    day.setHours(9, 30, 0, 0);
    const local = new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    const open = async () => {
      await editor.getByRole('button', { name: ui('workspace.menu.more') }).click();
      await editor.getByRole('menuitem', { name: ui('workspace.menu.deadline') }).click();
      return editor.getByRole('dialog');
    };
    const dialog = await open();
    await dialog.getByLabel(ui('workspace.deadline.when')).fill(local);
    await dialog.getByRole('button', { name: ui('workspace.deadline.save') }).click();
    await dialog.waitFor({ state: 'detached' });
    for (const [language, row] of rows) {
      const formats = createFormats(language);
      const shown = row.locator('time.deadline');
      await expect.poll(() => shown.textContent(), SOON).toBe(formats.deadline(day.getTime(), Date.now()));
      expect(await shown.getAttribute('title')).toBe(formats.dateTime(day.getTime()));
    }

    const again = await open();
    expect(await again.getByLabel(ui('workspace.deadline.when')).inputValue()).toBe(local);
    await again.getByRole('button', { name: ui('workspace.deadline.remove') }).click();
    for (const [language, row] of rows) await row.getByText(readTexts(language).get('desk.noDeadline')!).waitFor();
  });

  it('a token is shown once, works for a program, and its end is the end of the program’s connections', async () => {
    const page = await newsroom.open('russian', '/settings');
    const articleId = await sampleArticle(page);
    await page.getByRole('textbox', { name: ui('settings.tokenName') }).fill('Site builder');
    await page.getByRole('button', { name: ui('settings.makeToken') }).click();
    const dialog = page.getByRole('dialog', { name: ui('settings.tokenMade') });
    const token = await dialog.getByRole('textbox', { name: ui('settings.token') }).inputValue();
    expect(token).toMatch(/^[\w-]{43}$/);
    await dialog.getByRole('button', { name: ui('settings.tokenKept') }).click();
    await dialog.waitFor({ state: 'detached' });
    const shownAnywhere = () =>
      page.evaluate((secret) => {
        const values = [...document.querySelectorAll('input')].map(({ value }) => value);
        return [document.documentElement.outerHTML, ...values].some((text) => text.includes(secret));
      }, token);
    expect(await shownAnywhere()).toBe(false);
    await page.reload();
    const row = page.getByRole('listitem').filter({ hasText: 'Site builder' });
    await row.waitFor();
    expect(await shownAnywhere()).toBe(false);

    const headers = { authorization: `Bearer ${token}` };
    const asProgram = (path: string) => fetch(newsroom.server.url + path, { headers });
    const { person } = (await (await asProgram('/api/session')).json()) as { person: { id: string } };
    expect(person.id).toBe((await currentPerson(page)).id);
    expect((await asProgram('/api/articles')).status).toBe(200);
    const socket = new WebSocket(`${newsroom.server.url.replace('http', 'ws')}/sync/${articleId}?v=1`, { headers });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve, reject) => socket.on('message', resolve).on('error', reject));

    await row.getByRole('button', { name: ui('settings.revokeNamed', { name: 'Site builder' }) }).click();
    await page
      .getByRole('dialog', { name: ui('settings.revokeTitle', { name: 'Site builder' }) })
      .getByRole('button', { name: ui('settings.revoke') })
      .click();
    await row.waitFor({ state: 'detached' });
    expect(await closed).toBe(CLOSE.notSignedIn.code);
    expect((await asProgram('/api/articles')).status).toBe(401);
  });

  it('a role changed on the page of people is in force in that person’s open window within a second', async () => {
    const editor = await newsroom.open('editor', '/people');
    const russian = await articleWindow(await newsroom.open('russian', `/articles/${await sampleArticle(editor)}`));
    const { name } = await currentPerson(russian.page);
    const change = async (role: Role) => {
      await editor.getByRole('button', { name: ui('people.actionsFor', { name }) }).click();
      await editor.getByRole('menuitem', { name: ui('people.change') }).click();
      const dialog = editor.getByRole('dialog', { name });
      await dialog.getByLabel(ui('people.role')).selectOption(role);
      const answered = editor.waitForResponse((response) => response.request().method() === 'PATCH');
      await dialog.getByRole('button', { name: ui('people.save') }).click();
      expect((await answered).ok()).toBe(true);
      await expect
        .poll(() => russian.text('ru').getAttribute('aria-readonly'), WITHIN_A_SECOND)
        .toBe(role === 'reader' ? 'true' : 'false');
      await editor
        .getByRole('listitem')
        .filter({ hasText: name })
        .getByText(ui(`roles.${role}`))
        .waitFor();
    };
    await expect.poll(() => russian.text('ru').getAttribute('aria-readonly'), SOON).toBe('false');
    await change('reader');
    await change('translator');
  });
});
