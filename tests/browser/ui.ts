// What people do in an open article, done through what they see: roles, names, words on the screen, mouse and keyboard. Names of
// controls are looked up in the English texts, so that a rewording does not break a test but a missing control does.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { AnnotationKind } from '../../shared/annotation/types.ts';
import { readTexts } from './texts.ts';

const english = readTexts('en');

/** How long everything that travels to another window may take on a busy machine. */
export const SOON = { timeout: 30_000, interval: 50 };

/** The promise for rights that are taken away or given: in force in open windows within a second. */
export const WITHIN_A_SECOND = { timeout: 1_000, interval: 20 };

/** An English text of the interface. */
export function ui(key: string, values: Record<string, string | number> = {}): string {
  const text = english.get(key);
  if (text === undefined) throw new Error(`no text ${key}`);
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replaceAll(`{{${name}}}`, String(value)),
    text,
  );
}

/** A text of the interface as the beginning of a name: buttons may add their key to it. */
export function named(key: string): RegExp {
  return new RegExp(`^\\s*${ui(key).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

export interface ArticleWindow {
  readonly page: Page;
  text(language: string): Locator;
  block(language: string, blockId: string): Locator;
  /** The words of a text, block by block, as they stand on the screen. */
  words(language: string): Promise<string[]>;
  /** Waits until the indicator says "Saved". */
  saved(): Promise<void>;
  /** Puts the caret behind the last letter of a block with the mouse. */
  clickAtEnd(language: string, blockId: string): Promise<void>;
  /** Drags the mouse over words of a text. */
  select(language: string, words: string): Promise<void>;
  /** Selects words, takes the kind from the bar above them, and answers with the form in the margin. */
  annotate(language: string, words: string, kind: AnnotationKind): Promise<Locator>;
  /** Selects words and comments on them. */
  comment(language: string, words: string, body: string): Promise<void>;
  /** The card in the margin that holds these words. */
  card(words: string): Locator;
  /** Names on the flags of the others' carets in a text. */
  flags(language: string): Promise<string[]>;
}

/** Waits until a window shows its article's texts. */
export async function articleWindow(page: Page): Promise<ArticleWindow> {
  const text = (language: string) => page.locator(`[role=textbox][lang=${language}]`);
  const block = (language: string, blockId: string) => text(language).locator(`[data-block="${blockId}"]`);
  await page.locator('[role=textbox] [data-block]').first().waitFor();

  /** Where words begin and end on the screen, after scrolling them into sight. `null`: all of the block. */
  async function place(container: Locator, words: string | null) {
    const found = await container.evaluate((root, sought) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, {
        // Names of others' carets stand among the words but are none.
        acceptNode: (node) =>
          node.parentElement?.closest('[aria-hidden=true], .other-caret')
            ? NodeFilter.FILTER_REJECT
            : NodeFilter.FILTER_ACCEPT,
      });
      const nodes: Text[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) nodes.push(node as Text);
      const all = nodes.map((node) => node.data).join('');
      const from = sought === null ? 0 : all.indexOf(sought);
      if (from < 0) return null;
      const to = sought === null ? all.length : from + sought.length;
      const range = document.createRange();
      let at = 0;
      for (const node of nodes) {
        const end = at + node.length;
        if (at <= from && from < end) range.setStart(node, from - at);
        if (at < to && to <= end) range.setEnd(node, to - at);
        at = end;
      }
      (range.startContainer.parentElement ?? document.body).scrollIntoView({ block: 'center' });
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
      const first = rects[0];
      const last = rects.at(-1);
      if (!first || !last) return null;
      return {
        start: { x: first.left + 0.5, y: first.top + first.height / 2 },
        end: { x: last.right - 0.5, y: last.top + last.height / 2 },
      };
    }, words);
    if (found === null) throw new Error(`"${words}" is not on the screen`);
    return found;
  }

  const window: ArticleWindow = {
    page,
    text,
    block,
    words: (language) =>
      text(language)
        .locator('[data-block]')
        .evaluateAll((blocks) =>
          blocks.map((element) => {
            const copy = element.cloneNode(true) as Element;
            for (const foreign of copy.querySelectorAll('.other-caret, [aria-hidden=true]')) foreign.remove();
            return (copy.textContent ?? '').replaceAll('\u2060', '');
          }),
        ),
    async saved() {
      await expect.poll(() => page.locator('[data-save]').getAttribute('data-save'), SOON).toBe('saved');
    },
    async clickAtEnd(language, blockId) {
      const { end } = await place(block(language, blockId), null);
      await page.mouse.click(end.x, end.y);
      await page.keyboard.press('End');
    },
    async select(language, words) {
      const { start, end } = await place(text(language), words);
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
      await page.mouse.move(end.x, end.y, { steps: 3 });
      await page.mouse.up();
      const selected = await page.evaluate(() => getSelection()?.toString());
      expect(selected).toBe(words);
    },
    async annotate(language, words, kind) {
      await window.select(language, words);
      await page
        .getByRole('toolbar', { name: ui('margin.annotate') })
        .getByRole('button', { name: named(`margin.kind.${kind}`) })
        .click();
      const form = page.locator('.composer');
      await form.waitFor();
      return form;
    },
    async comment(language, words, body) {
      const form = await window.annotate(language, words, 'comment');
      await form.getByRole('textbox', { name: ui('margin.bodyLabel.comment') }).fill(body);
      await form.getByRole('button', { name: named('margin.send') }).click();
      await form.waitFor({ state: 'detached' });
    },
    card: (words) => page.getByRole('article').filter({ hasText: words }),
    flags: (language) => text(language).locator('.other-caret-flag').allTextContents(),
  };
  return window;
}
