// What can be seen to be wrong with any page, whatever is on it: texts that were not translated, things that stick out at the
// side, labels that are cut off. Runs in the page; knows nothing of single pages.
import type { Page } from 'playwright-core';

/** Every visible text and every name for screen readers, except inside the articles' own texts. */
export async function visibleTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || parent.closest('script, style, .ProseMirror') !== null || !shown(parent)) continue;
      const text = (node.nodeValue ?? '').trim();
      if (text !== '') found.add(text);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
      if (!shown(element)) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        const text = element.getAttribute(name)?.trim();
        if (text) found.add(text);
      }
    }
    found.add(document.title);
    return [...found];
  });
}

/** What sticks out of the window at its side (nothing may, outside of containers that scroll by themselves). */
export async function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const problems: string[] = [];
    if (root.scrollWidth > window.innerWidth) {
      problems.push(`the page is ${root.scrollWidth} px wide in a window of ${window.innerWidth}`);
      for (const element of document.body.querySelectorAll('*')) {
        const { right, width } = element.getBoundingClientRect();
        if (width > 0 && right > window.innerWidth + 1) {
          problems.push(`${describe(element)} reaches ${Math.round(right)}`);
          if (problems.length > 5) break;
        }
      }
    }
    return problems;

    function describe(element: Element): string {
      return `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.textContent ?? '').trim().slice(0, 30)}`;
    }
  });
}

/** Buttons, tabs and links whose words do not fit into them, unless they end in an ellipsis. */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, [role=tab], [role=menuitem]')]
      .filter((element) => {
        const style = getComputedStyle(element);
        return (
          element.checkVisibility({ visibilityProperty: true }) &&
          (element as HTMLElement).innerText.trim() !== '' &&
          element.clientWidth > 0 &&
          style.textOverflow !== 'ellipsis' &&
          element.scrollWidth > element.clientWidth + 1
        );
      })
      .map(
        (element) =>
          `${(element as HTMLElement).innerText.trim()} (${element.scrollWidth} in ${element.clientWidth} px)`,
      ),
  );
}
