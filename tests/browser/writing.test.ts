// Several people write in one article at the same time, each in a window of their own.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, createArticle, currentPerson, readBlocks, readWords } from './facts.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { type ArticleWindow, articleWindow, named, SOON, ui } from './ui.ts';

const PARAGRAPHS = ['The office moves to the capital this year.', 'It has been there since spring of last year.'];

declare global {
  interface Window {
    /** What came for the article while it is not to be heard yet; null: everything is heard at once. */
    held?: (() => void)[] | null;
  }
}

/** Runs in a page before its own scripts: messages about an article can be held back, and let in within one task. */
function holdMessages(): void {
  window.WebSocket = class extends WebSocket {
    override set onmessage(listener: WebSocket['onmessage']) {
      super.onmessage = (event) => {
        const arrive = () => listener?.call(this, event);
        if (window.held && this.url.includes('/sync/')) window.held.push(arrive);
        else arrive();
      };
    }
  };
}

describe('writing together', () => {
  let newsroom: Newsroom;

  beforeAll(async () => {
    newsroom = await openNewsroom();
    // Two translators of Russian: the one of Kyrgyz gets it as well.
    const editor = await newsroom.open('editor');
    const kyrgyz = await currentPerson(await newsroom.open('kyrgyz'));
    await ask(editor, 'PATCH', `/api/people/${kyrgyz.id}`, { languages: ['ky', 'ru'] });
    await newsroom.closeWindows();
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(() => newsroom?.dispose());

  async function open(title: string): Promise<{
    articleId: string;
    ids: string[];
    at: (person: Parameters<Newsroom['open']>[0]) => Promise<ArticleWindow>;
  }> {
    const editor = await newsroom.open('editor', '/healthz');
    const articleId = await createArticle(editor, title, PARAGRAPHS);
    const ids = (await readBlocks(editor, articleId, 'en')).map((block) => block.id);
    return {
      articleId,
      ids,
      at: async (person) => articleWindow(await newsroom.open(person, `/articles/${articleId}`)),
    };
  }

  async function fill(window: ArticleWindow, language: string, blockId: string, words: string): Promise<void> {
    await window.page.locator(`[data-column=${language}] [data-fill="${blockId}"]`).click();
    await window.block(language, blockId).waitFor();
    await window.page.keyboard.type(words);
    await window.saved();
  }

  it('a missing paragraph is filled by one click, in its place', async () => {
    const { articleId, ids, at } = await open('Filling');
    const russian = await at('russian');
    await expect
      .poll(() => russian.page.getByRole('button', { name: ui('workspace.missing.fill') }).count(), SOON)
      .toBe(2);
    await fill(russian, 'ru', ids[1]!, 'Он там с весны.');
    await fill(russian, 'ru', ids[0]!, 'Бюро переезжает.');
    expect(await readWords(russian.page, articleId, 'ru')).toEqual(['Бюро переезжает.', 'Он там с весны.']);
    expect((await readBlocks(russian.page, articleId, 'ru')).map((block) => block.id)).toEqual(ids);
  });

  it('a new paragraph of the source shows as a missing one in every translation', async () => {
    const { ids, at } = await open('Growing');
    const editor = await at('editor');
    const russian = await at('russian');
    const missing = (window: ArticleWindow) => window.page.locator('[data-column=ru] [data-fill]').count();
    await expect.poll(() => missing(russian), SOON).toBe(2);
    await editor.clickAtEnd('en', ids[1]!);
    await editor.page.keyboard.press('Enter');
    await editor.page.keyboard.type('A third paragraph.');
    await editor.saved();
    await expect.poll(() => missing(russian), SOON).toBe(3);
  });

  it('EDIT-11 a key acts where the caret is seen, even before the browser has told of it', async () => {
    const { articleId, ids, at } = await open('At once');
    const editor = await at('editor');
    await editor.block('en', ids[1]!).evaluate((block) => {
      block.closest<HTMLElement>('[role=textbox]')!.focus();
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const words = walker.nextNode()!;
      getSelection()!.collapse(words, words.nodeValue!.length);
      // In the same task, so that no event of the selection can come between.
      block.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => readWords(editor.page, articleId, 'en'), SOON).toEqual([...PARAGRAPHS, '']);
  });

  it('EDIT-11 a click counts, even if somebody’s change arrives before the browser has told of it', async () => {
    const { articleId, ids, at } = await open('In between');
    const other = await at('editor');
    const page = await newsroom.open('editor', '/healthz');
    await page.addInitScript(holdMessages);
    await page.goto(`/articles/${articleId}`);
    const editor = await articleWindow(page);
    await editor.saved();
    await editor.clickAtEnd('en', ids[0]!);

    await page.evaluate(() => {
      window.held = [];
    });
    await other.clickAtEnd('en', ids[0]!);
    await other.page.keyboard.type(' Soon.');
    await other.saved();
    await expect.poll(() => page.evaluate(() => window.held!.length), SOON).toBeGreaterThan(0);
    await editor.block('en', ids[1]!).evaluate((block) => {
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const words = walker.nextNode()!;
      const { right, bottom } = block.getBoundingClientRect();
      const place = { bubbles: true, cancelable: true, clientX: right - 4, clientY: bottom - 4 };
      block.dispatchEvent(new MouseEvent('mousedown', place));
      getSelection()!.collapse(words, words.nodeValue!.length);
      block.dispatchEvent(new MouseEvent('mouseup', place));
      // In the same task, so that no event of the selection can come between.
      const { held } = window;
      window.held = null;
      for (const arrive of held!) arrive();
    });
    await page.keyboard.type(' Now.');
    await editor.saved();
    expect(await readWords(page, articleId, 'en')).toEqual([`${PARAGRAPHS[0]} Soon.`, `${PARAGRAPHS[1]} Now.`]);
  });

  it.each([1440, 390])('EDIT-12 the caret stays in sight of a window %d px wide', async (width) => {
    const { ids, at } = await open(`In sight at ${width}`);
    const editor = await at('editor');
    await editor.page.setViewportSize({ width, height: 600 });
    const room = () =>
      editor.page.evaluate(() => {
        const scroller = document.querySelector('.ws-scroller')!;
        const caret = getSelection()!.getRangeAt(0).cloneRange();
        if (caret.startOffset > 0) caret.setStart(caret.startContainer, caret.startOffset - 1);
        const { top, bottom } = caret.getClientRects()[0] ?? (caret.startContainer as Element).getBoundingClientRect();
        const sight = scroller.getBoundingClientRect();
        return { above: top - sight.top, below: sight.bottom - bottom };
      });
    // The browser alone would leave the caret right at the edge, above even behind the heads of the columns.
    const expectInSight = async () => {
      const { above, below } = await room();
      expect(above).toBeGreaterThan(70);
      expect(below).toBeGreaterThan(46);
    };
    await editor.clickAtEnd('en', ids[1]!);
    // One paragraph that grows past the lower edge, a key at a time.
    for (let line = 0; line < 24; line += 1) {
      await editor.page.keyboard.type(' and then it goes on and on, as long as anybody writes');
      await expectInSight();
    }
    for (let block = 0; block < 6; block += 1) {
      await editor.page.keyboard.press('Enter');
      await editor.page.keyboard.type('Short.');
      await expectInSight();
    }
    // Scrolled away by hand, then a key.
    const scrolled = () => editor.page.evaluate(() => document.querySelector('.ws-scroller')!.scrollTop);
    expect(await scrolled()).toBeGreaterThan(100);
    await editor.page.evaluate(() => document.querySelector('.ws-scroller')!.scrollTo({ top: 0 }));
    await expect.poll(scrolled, SOON).toBe(0);
    await editor.page.keyboard.type('x');
    await expectInSight();
    // A window that became lower.
    await editor.page.setViewportSize({ width, height: 420 });
    await editor.page.keyboard.type('y');
    await expectInSight();
  });

  it('two translators who type in one paragraph see each other’s carets and end with the same words', async () => {
    const { articleId, ids, at } = await open('Two in one');
    const russian = await at('russian');
    const kyrgyz = await at('kyrgyz');
    await fill(russian, 'ru', ids[0]!, 'Начало. Середина. Конец.');
    await expect.poll(() => kyrgyz.words('ru'), SOON).toContain('Начало. Середина. Конец.');

    await russian.clickAtEnd('ru', ids[0]!);
    await kyrgyz.clickAtEnd('ru', ids[0]!);
    await kyrgyz.page.keyboard.press('Home');
    const names = [await currentPerson(russian.page), await currentPerson(kyrgyz.page)].map((person) => person.name);
    await expect.poll(() => kyrgyz.flags('ru'), SOON).toEqual([expect.stringContaining(names[0]!)]);
    await expect.poll(() => russian.flags('ru'), SOON).toEqual([expect.stringContaining(names[1]!)]);

    await Promise.all([
      russian.page.keyboard.type(' Первый пишет в конце абзаца.', { delay: 15 }),
      kyrgyz.page.keyboard.type('Вторая пишет в начале абзаца. ', { delay: 15 }),
    ]);
    await Promise.all([russian.saved(), kyrgyz.saved()]);
    const expected = 'Вторая пишет в начале абзаца. Начало. Середина. Конец. Первый пишет в конце абзаца.';
    await expect.poll(() => russian.words('ru'), SOON).toContain(expected);
    await expect.poll(() => kyrgyz.words('ru'), SOON).toContain(expected);
    expect(await readWords(russian.page, articleId, 'ru')).toContain(expected);
  });

  it('undo takes back only one’s own words', async () => {
    const { ids, at } = await open('Undo');
    const russian = await at('russian');
    const kyrgyz = await at('kyrgyz');
    await fill(russian, 'ru', ids[0]!, 'Основа.');
    await expect.poll(() => kyrgyz.words('ru'), SOON).toContain('Основа.');
    await russian.page.waitForTimeout(700); // a pause, after which undo begins a new step
    await russian.clickAtEnd('ru', ids[0]!);
    await russian.page.keyboard.type(' Своё.');
    await expect.poll(() => kyrgyz.words('ru'), SOON).toContain('Основа. Своё.');
    await kyrgyz.clickAtEnd('ru', ids[0]!);
    await kyrgyz.page.keyboard.type(' Чужое.');
    await expect.poll(() => russian.words('ru'), SOON).toContain('Основа. Своё. Чужое.');
    await russian.page.keyboard.press('Control+z');
    await expect.poll(() => russian.words('ru'), SOON).toContain('Основа. Чужое.');
    await expect.poll(() => kyrgyz.words('ru'), SOON).toContain('Основа. Чужое.');
    await russian.page.keyboard.press('Control+Shift+z');
    await expect.poll(() => kyrgyz.words('ru'), SOON).toContain('Основа. Своё. Чужое.');
  });

  it('a block and its translations start at the same height, also while somebody types', async () => {
    const { ids, at } = await open('Rows');
    const editor = await at('editor');
    const tops = () =>
      editor.page.evaluate((id) => {
        const rows = [...document.querySelectorAll(`[role=textbox] [data-block="${id}"]`)];
        return rows.map((row) => Math.round(row.getBoundingClientRect().top));
      }, ids[1]!);
    for (const language of ['ru', 'ky']) for (const id of ids) await fill(editor, language, id, 'Текст.');
    await expect.poll(async () => new Set(await tops()).size, SOON).toBe(1);
    const before = (await tops())[0]!;
    await editor.clickAtEnd('ru', ids[0]!);
    await editor.page.keyboard.type(' И ещё много слов, чтобы строк стало больше, чем у соседей.'.repeat(4));
    await expect.poll(async () => (await tops())[0]! > before && new Set(await tops()).size === 1, SOON).toBe(true);
  });

  it('ALIGN-4 a column that is hidden leaves no space behind', async () => {
    const { ids, at } = await open('Hidden');
    const editor = await at('editor');
    for (const id of ids) await fill(editor, 'ky', id, 'Текст.');
    const tops = () =>
      editor.page.evaluate((id) => {
        const rows = [...document.querySelectorAll(`[role=textbox] [data-block="${id}"]`)];
        return rows.map((row) => Math.round(row.getBoundingClientRect().top));
      }, ids[1]!);
    await expect.poll(async () => new Set(await tops()).size, SOON).toBe(1);
    const before = (await tops())[0]!;
    await editor.clickAtEnd('ky', ids[0]!);
    await editor.page.keyboard.type(' Дагы көп сөз, сап кошуналардыкынан көбөйсүн үчүн.'.repeat(6));
    await expect.poll(async () => (await tops())[0]! > before, SOON).toBe(true);
    for (const language of ['Russian', 'Kyrgyz']) {
      await editor.page.getByRole('button', { name: ui('workspace.columns.menu', { language }) }).click();
      await editor.page.getByRole('menuitem', { name: ui('workspace.columns.hide') }).click();
    }
    // What is left is wider than it was: the row is no higher than it was, and at last as low as its words.
    await expect.poll(async () => Math.max(...(await tops())), SOON).toBeLessThanOrEqual(before);
  });

  it('a text that one may not edit takes no keys and says why', async () => {
    const { articleId, ids, at } = await open('Reading');
    const checker = await at('checker');
    await expect.poll(() => checker.text('en').getAttribute('aria-readonly'), SOON).toBe('true');
    await checker.block('en', ids[0]!).click();
    await checker.page.keyboard.type('x');
    await checker.page.keyboard.press('Backspace');
    await checker.page
      .getByRole('status')
      .filter({ hasText: ui('workspace.readOnly.role', { role: ui('roles.fact-checker'), language: 'English' }) })
      .waitFor();
    expect(await checker.words('en')).toEqual(PARAGRAPHS);
    expect(await readWords(checker.page, articleId, 'en')).toEqual(PARAGRAPHS);
  });

  it('what is pasted from Word or the web is cleaned', async () => {
    const { articleId, ids, at } = await open('Pasting');
    const editor = await at('editor');
    // The browser says that it will not run the handler, though nobody would: the parser's document has no window.
    newsroom.tolerate(/Executing inline event handler violates/);
    await editor.clickAtEnd('en', ids[1]!);
    await editor.page.evaluate(() => {
      const data = new DataTransfer();
      data.setData(
        'text/html',
        `<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class="MsoNormal" style="mso-margin-top-alt:auto"> And<b style="font-weight:bold"> bold</b><span style="color:red"> words</span><o:p></o:p><script>document.title = 'owned'</script><img src="x" onerror="document.title = 'owned'"></p></body></html>`,
      );
      data.setData('text/plain', 'And bold words');
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await editor.saved();
    const last = (await readBlocks(editor.page, articleId, 'en')).at(-1)!;
    expect(
      last.content
        .map((run) => run.text)
        .join('')
        .replace(/\s+/g, ' '),
    ).toBe(`${PARAGRAPHS[1]}And bold words`);
    expect(last.content.filter((run) => run.bold).map((run) => run.text.trim())).toEqual(['bold']);
    expect(await editor.page.title()).not.toBe('owned');
  });

  it('headings and lists of the format bar are attributes of their block, seen by others and undone', async () => {
    const { articleId, ids, at } = await open('Formats');
    const editor = await at('editor');
    const reader = await at('checker');
    await editor.comment('en', 'capital', 'Which one?');
    await editor.clickAtEnd('en', ids[0]!);
    const choose = async (name: string) => {
      await editor.page
        .getByRole('toolbar', { name: ui('workspace.format.toolbar') })
        .getByRole('button', { name: ui('workspace.format.block', { kind: '' }) })
        .click();
      await editor.page.getByRole('menuitem', { name: named(`workspace.format.${name}`) }).click();
    };
    const shown = () =>
      reader.block('en', ids[0]!).evaluate((element) => {
        const { kind, ordered } = element.dataset;
        return [element.tagName, kind, ordered].join(' ');
      });
    const facts = async () => {
      const [block] = await readBlocks(editor.page, articleId, 'en');
      const { kind, level, indent, ordered } = block!;
      return { kind, level, indent, ordered };
    };
    const shownParagraph = await shown();
    for (const [name, expected] of [
      ['heading2', { kind: 'heading', level: 2 }],
      ['bulleted', { kind: 'listItem', ordered: false }],
      ['numbered', { kind: 'listItem', ordered: true }],
    ] as const) {
      const before = await shown();
      await editor.page.waitForTimeout(600); // a pause, after which undo begins a new step
      await choose(name);
      await expect.poll(shown, SOON).not.toBe(before);
      await editor.saved();
      expect(await facts()).toMatchObject(expected);
      // The words were not made anew: the note about them stands where it stood.
      expect(await reader.text('en').locator('[data-annotation]').allTextContents()).toEqual(['capital']);
      await choose('undo');
      await expect.poll(shown, SOON).toBe(before);
      await choose('redo');
      await expect.poll(shown, SOON).not.toBe(before);
    }
    await choose('paragraph');
    await expect.poll(shown, SOON).toBe(shownParagraph);
    await editor.saved();
    expect(await facts()).toMatchObject({ kind: 'paragraph' });
    expect((await readBlocks(editor.page, articleId, 'en')).map(({ id }) => id)).toEqual(ids);
  });

  it('the list of who is here says who works in which block', async () => {
    const { ids, at } = await open('Here');
    const editor = await at('editor');
    const russian = await at('russian');
    await fill(russian, 'ru', ids[1]!, 'Здесь.');
    const { name } = await currentPerson(russian.page);
    await editor.page.locator('.ws-here-button').click();
    const entry = editor.page.getByRole('menuitem').filter({ hasText: name });
    await expect
      .poll(() => entry.textContent(), SOON)
      .toContain(ui('workspace.here.block', { language: 'Russian', number: 1 }));
  });
});
