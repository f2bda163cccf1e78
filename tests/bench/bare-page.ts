// What the browser itself takes for a key: pages without any program of ours (nor anybody's), measured like the workspace: in the
// same browser and window size, with nothing else open. Where these figures are high, the machine is slow or busy, whatever the
// workspace does. No probe may run in them that asks for frames by itself: a key would then wait for the screen's next one.
import type { Browser, Page } from 'playwright-core';

/** Three columns that scroll together, every paragraph plain text that can be typed in; with no texts, one short paragraph. */
export async function openBarePage(
  browser: Browser,
  viewport: { width: number; height: number },
  texts: readonly (readonly string[])[],
): Promise<Page> {
  const page = await browser.newPage({ viewport, locale: 'en-GB' });
  await page.goto('about:blank');
  const columns = texts.length > 0 ? texts : [['One short paragraph.']];
  await page.setContent(
    `<div style="height:100vh;overflow:auto;display:flex;gap:2rem">${columns
      .map((paragraphs) => `<div contenteditable="true" style="flex:1">${paragraphs.map(paragraph).join('')}</div>`)
      .join('')}</div>`,
  );
  const first = page.locator('p').first();
  await first.click();
  await page.keyboard.press('End');
  return page;
}

function paragraph(text: string): string {
  return `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`;
}
