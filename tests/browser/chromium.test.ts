// That the browser which these tests rely on can be had on a bare machine: the bundled Chromium starts and draws text.
import { describe, expect, it } from 'vitest';
import { bundledChromium, launchBrowser } from '../support/browser.ts';

describe('the bundled Chromium', () => {
  it('starts without the system having one, and draws Latin and Cyrillic text', async () => {
    const browser = await launchBrowser(await bundledChromium());
    try {
      const page = await browser.newPage({ viewport: { width: 400, height: 200 } });
      await page.setContent('<body style="background:#fff"></body>');
      const blank = await page.screenshot();
      await page.setContent('<body style="background:#fff;color:#000;font:40px sans-serif">Köpürö</body>');
      const latin = await page.screenshot();
      await page.setContent('<body style="background:#fff;color:#000;font:40px sans-serif">Көпүрө</body>');
      const cyrillic = await page.screenshot();
      expect(latin.equals(blank)).toBe(false);
      expect(cyrillic.equals(blank)).toBe(false);
      expect(cyrillic.equals(latin)).toBe(false);
    } finally {
      await browser.close();
    }
  });
});
