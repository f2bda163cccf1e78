// Comments, wording and claims on living text, and rights that change while windows are open.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, createArticle, currentPerson, readAnnotations, readBlocks, readWords } from './facts.ts';
import { type Newsroom, openNewsroom, type PersonKey } from './newsroom.ts';
import { type ArticleWindow, articleWindow, named, SOON, ui, WITHIN_A_SECOND } from './ui.ts';

const PARAGRAPHS = ['The parliament have ratified the treaty on Friday.', 'Two hundred guests came to the ceremony.'];

describe('annotating', () => {
  let newsroom: Newsroom;

  beforeAll(async () => {
    newsroom = await openNewsroom();
  });
  afterEach(async () => {
    await newsroom.closeWindows();
    expect(newsroom.complaints()).toEqual([]);
  });
  afterAll(() => newsroom?.dispose());

  /** A new article whose first paragraph has a confirmed Russian translation. */
  async function open(title: string) {
    const editor = await newsroom.open('editor', '/healthz');
    const articleId = await createArticle(editor, title, PARAGRAPHS);
    const ids = (await readBlocks(editor, articleId, 'en')).map((block) => block.id);
    return {
      editor,
      articleId,
      ids,
      at: async (person: PersonKey) => articleWindow(await newsroom.open(person, `/articles/${articleId}`)),
    };
  }

  async function translate(window: ArticleWindow, blockId: string, words: string): Promise<void> {
    await window.page.locator(`[data-column=ru] [data-fill="${blockId}"]`).click();
    await window.block('ru', blockId).waitFor();
    await window.page.keyboard.type(words);
    await window.page.keyboard.press('Control+Enter');
    await expect.poll(() => mark(window.page, 'ru', blockId), SOON).toBe(ui('workspace.status.translated'));
    await window.saved();
  }

  /** How a translated block stands, as its mark says. */
  async function mark(page: Page, language: string, blockId: string): Promise<string | null> {
    return page.locator(`[data-column=${language}] [data-mark="${blockId}"]`).getAttribute('aria-label');
  }

  it('MARGIN-20 the bar over words of the first line leaves the heads of the columns free', async () => {
    const { at } = await open('First line');
    const editor = await at('editor');
    const bar = editor.page.getByRole('toolbar', { name: ui('margin.annotate') });
    const free = async () => {
      const heads = (await editor.page.locator('.ws-heads').boundingBox())!;
      const shown = (await bar.boundingBox())!;
      return shown.y - (heads.y + heads.height);
    };
    await editor.select('en', 'parliament');
    await expect.poll(() => bar.isVisible(), SOON).toBe(true);
    expect(await free()).toBeGreaterThanOrEqual(0);
  });

  it('a fact-checker comments on a text that he may not edit while its translator types in it', async () => {
    const { articleId, ids, at } = await open('Commenting meanwhile');
    const russian = await at('russian');
    await translate(russian, ids[0]!, 'Парламент ратифицировал договор в пятницу.');
    const checker = await at('checker');
    await expect.poll(() => checker.words('ru'), SOON).toContain('Парламент ратифицировал договор в пятницу.');

    await russian.clickAtEnd('ru', ids[0]!);
    const typing = russian.page.keyboard.type(' Об этом сообщили вчера.', { delay: 40 });
    await checker.comment('ru', 'договор', 'Какой именно?');
    await typing;
    await russian.card('Какой именно?').waitFor();
    await checker.card('Какой именно?').waitFor();

    await russian.block('ru', ids[0]!).click({ position: { x: 60, y: 12 } });
    await russian.page.keyboard.press('Home');
    await russian.page.keyboard.type('Вчера: ');
    const expected = 'Вчера: Парламент ратифицировал договор в пятницу. Об этом сообщили вчера.';
    for (const window of [russian, checker]) await expect.poll(() => window.words('ru'), SOON).toContain(expected);
    // The words that it is about moved, and the anchor with them.
    for (const window of [russian, checker]) {
      const highlighted = window.text('ru').locator('[data-annotation]');
      await expect.poll(() => highlighted.allTextContents(), SOON).toEqual(['договор']);
    }
    const [annotation] = await readAnnotations(checker.page, articleId);
    expect(annotation).toMatchObject({ kind: 'comment', language: 'ru', anchorState: 'attached' });
    expect(annotation!.anchor.exact).toBe('договор');
  });

  it('a thread grows by replies with mentions, which reach their reader, and is resolved and reopened', async () => {
    const { at, ids } = await open('A thread');
    const checker = await at('checker');
    await checker.comment('en', 'Two hundred', 'Who counted?');
    const editor = await at('editor');
    const checkerName = (await currentPerson(checker.page)).name;
    await editor.card('Who counted?').getByRole('heading').click();
    const reply = editor.card('Who counted?').getByRole('textbox', { name: ui('margin.reply') });
    await reply.pressSequentially(`The police, @${checkerName.slice(0, 3)}`);
    await editor.page.getByRole('option', { name: checkerName }).click();
    await reply.press('Control+Enter');
    await checker.card('Who counted?').getByText(`@${checkerName}`).waitFor();
    await expect
      .poll(async () => {
        const { notifications } = await ask<{ notifications: { kind: string; readAt: number | null }[] }>(
          checker.page,
          'GET',
          '/api/notifications',
        );
        return notifications.map(({ kind }) => kind);
      }, SOON)
      .toContain('mention');
    expect(ids).toHaveLength(2);

    await editor
      .card('Who counted?')
      .getByRole('button', { name: named('margin.resolve') })
      .click();
    await expect.poll(() => checker.card('Who counted?').count(), SOON).toBeLessThanOrEqual(1);
    await expect
      .poll(async () => (await readAnnotations(editor.page, editor.page.url().split('/').at(-1)!))[0]!.status, SOON)
      .toBe('resolved');
  });

  it('an accepted suggestion changes the text for everybody, makes its translation stale, and can be put back', async () => {
    const { articleId, ids, at } = await open('A suggestion');
    const russian = await at('russian');
    await translate(russian, ids[0]!, 'Парламент ратифицировал договор.');
    const checker = await at('checker');
    const form = await checker.annotate('en', 'have ratified', 'language');
    await form.getByRole('textbox', { name: ui('margin.suggestion.newWording') }).fill('ratified');
    await form.getByRole('button', { name: named('margin.send') }).click();

    const card = (window: ArticleWindow) => window.card('have').filter({ hasText: 'ratified' });
    const editor = await at('editor');
    await card(editor).waitFor();
    await card(editor).getByRole('heading').click();
    // Whoever may not decide is not offered to.
    expect(
      await card(checker)
        .getByRole('button', { name: named('margin.suggestion.accept') })
        .count(),
    ).toBe(0);
    await card(editor)
      .getByRole('button', { name: named('margin.suggestion.accept') })
      .click();

    const changed = 'The parliament ratified the treaty on Friday.';
    for (const window of [editor, checker, russian])
      await expect.poll(() => window.words('en'), SOON).toContain(changed);
    await expect.poll(() => mark(russian.page, 'ru', ids[0]!), SOON).toBe(ui('workspace.status.stale'));
    expect(await readWords(editor.page, articleId, 'en')).toContain(changed);

    // Why it is stale, word by word, and the way out.
    await russian.page.locator(`[data-column=ru] [data-mark="${ids[0]}"]`).click();
    await expect
      .poll(
        async () => (await russian.page.locator('.ws-difference del').allTextContents()).map((words) => words.trim()),
        SOON,
      )
      .toEqual(['have']);
    await russian.page.keyboard.press('Escape');

    await card(editor)
      .getByRole('button', { name: named('margin.suggestion.revert') })
      .click();
    for (const window of [editor, checker, russian]) {
      await expect.poll(() => window.words('en'), SOON).toContain(PARAGRAPHS[0]);
    }
    await expect.poll(() => mark(russian.page, 'ru', ids[0]!), SOON).toBe(ui('workspace.status.translated'));
  });

  it('two people who accept one suggestion at once change the text once', async () => {
    const { articleId, at } = await open('Both at once');
    const checker = await at('checker');
    const form = await checker.annotate('en', 'have ratified', 'language');
    await form.getByRole('textbox', { name: ui('margin.suggestion.newWording') }).fill('ratified');
    await form.getByRole('button', { name: named('margin.send') }).click();
    const editors = [await at('editor'), await at('editor')];
    const accept = (window: ArticleWindow) =>
      window.page.getByRole('button', { name: named('margin.suggestion.accept') }).click();
    for (const window of editors)
      await window.page.getByRole('button', { name: named('margin.suggestion.accept') }).waitFor();
    newsroom.tolerate(/status of 409/);
    await Promise.all(editors.map(accept)).catch(() => {
      // The button of the second may be gone before it is pressed: just as well.
    });
    const expected = 'The parliament ratified the treaty on Friday.';
    for (const window of editors) await expect.poll(() => window.words('en'), SOON).toContain(expected);
    expect((await readWords(checker.page, articleId, 'en'))[0]).toBe(expected);
  });

  it('a claim gets a verdict with reasons and evidence', async () => {
    const { articleId, at } = await open('A claim');
    const russian = await at('russian');
    const form = await russian.annotate('en', 'Two hundred guests', 'claim');
    await form.getByRole('textbox', { name: ui('margin.claim.statement') }).fill('200 guests attended');
    await form.getByRole('button', { name: named('margin.send') }).click();

    const checker = await at('checker');
    const card = checker.card('200 guests attended');
    await card.getByRole('heading').click();
    await card.getByRole('button', { name: named('margin.claim.giveVerdict') }).click();
    await card.getByRole('radio', { name: named('margin.verdict.misleading') }).check({ force: true });
    await card.getByRole('textbox', { name: ui('margin.claim.rationale') }).fill('Half of them were staff.');
    await card.getByRole('button', { name: named('margin.claim.saveVerdict') }).click();
    await card.getByRole('button', { name: named('margin.claim.addEvidence') }).click();
    await card.getByRole('textbox', { name: ui('margin.claim.url') }).fill('https://example.org/guest-list');
    await card.getByRole('textbox', { name: ui('margin.claim.title') }).fill('The guest list');
    await card.getByRole('textbox', { name: ui('margin.claim.quote') }).fill('Guests: 98');
    await card.getByText(ui('margin.stance.contradicts'), { exact: true }).click();
    await card.getByRole('button', { name: named('margin.claim.saveEvidence') }).click();

    const seen = russian.card('200 guests attended');
    await seen.getByText(ui('margin.verdict.misleading')).waitFor();
    await seen.getByRole('heading').click();
    await seen.getByRole('link', { name: 'The guest list' }).waitFor();
    const [claim] = await readAnnotations(checker.page, articleId);
    expect(claim!.claim).toMatchObject({
      statement: '200 guests attended',
      verdict: 'misleading',
      rationale: 'Half of them were staff.',
      evidence: [{ url: 'https://example.org/guest-list', stance: 'contradicts', quote: 'Guests: 98' }],
    });
  });

  it('what is written in a note is kept when its form closes, and the words of an orphan are chosen anew', async () => {
    const { articleId, ids, at } = await open('Unsent');
    const editor = await at('editor');
    const form = await editor.annotate('en', 'Two hundred', 'comment');
    const field = () => form.getByRole('textbox', { name: ui('margin.bodyLabel.comment') });
    await field().fill('Who counted them?');
    await field().press('Escape');
    await form.waitFor({ state: 'detached' });
    await editor.page.reload();
    const again = await articleWindow(editor.page);
    const kept = editor.page.getByRole('list', { name: ui('margin.draft.title') }).getByRole('listitem');
    await kept.filter({ hasText: 'Two hundred' }).waitFor();
    // The same words of a text that has changed meanwhile.
    await again.saved();
    await again.clickAtEnd('en', ids[1]!);
    await editor.page.keyboard.press('ArrowUp');
    await editor.page.keyboard.press('Home');
    await editor.page.keyboard.type('Yes. ');
    await kept.getByRole('button', { name: ui('margin.draft.goOn') }).click();
    expect(await field().inputValue()).toBe('Who counted them?');
    await form.getByRole('button', { name: named('margin.send') }).click();
    await again.card('Who counted them?').waitFor();
    expect(await kept.count()).toBe(0);
    await again.saved();
    expect((await readAnnotations(editor.page, articleId))[0]!.anchor).toMatchObject({
      exact: 'Two hundred',
      startOffset: 5,
    });

    await again.select('en', 'Two hundred');
    await editor.page.keyboard.press('Backspace');
    const card = again.card('Who counted them?');
    await card.getByText(ui('margin.anchor.orphan')).waitFor();
    await card.getByRole('heading').click();
    await card.getByRole('button', { name: ui('margin.anchor.choose') }).click();
    await again.select('en', 'guests');
    await card.getByRole('button', { name: ui('margin.anchor.attachHere') }).click();
    await expect.poll(() => again.text('en').locator('[data-annotation]').allTextContents(), SOON).toEqual(['guests']);
    await expect.poll(() => editor.page.getByRole('toolbar', { name: ui('margin.annotate') }).count(), SOON).toBe(0);
  });

  it('a role that is taken away is gone from an open window at once, and back as quickly', async () => {
    const { editor, ids, at } = await open('Roles');
    const russian = await at('russian');
    await translate(russian, ids[0]!, 'Слова.');
    const person = await currentPerson(russian.page);
    try {
      await ask(editor, 'PATCH', `/api/people/${person.id}`, { role: 'reader' });
      await expect.poll(() => russian.text('ru').getAttribute('aria-readonly'), WITHIN_A_SECOND).toBe('true');
      await russian.clickAtEnd('ru', ids[0]!);
      await russian.page.keyboard.type(' Больше нельзя.');
      expect(await russian.words('ru')).toContain('Слова.');
    } finally {
      await ask(editor, 'PATCH', `/api/people/${person.id}`, { role: 'translator', languages: person.languages });
    }
    await expect.poll(() => russian.text('ru').getAttribute('aria-readonly'), WITHIN_A_SECOND).toBe('false');
    await russian.clickAtEnd('ru', ids[0]!);
    await russian.page.keyboard.type(' Снова можно.');
    await russian.saved();
    expect(await russian.words('ru')).toContain('Слова. Снова можно.');
  });
});
