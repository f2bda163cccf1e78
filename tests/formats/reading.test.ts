// Reading texts off the main thread: the same answers and errors as in place, limits, and a server that goes on answering.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewText, readImport } from '../../server/formats/import.ts';
import { createReading, type Reading } from '../../server/formats/reading.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

const PAGE = '<h1>The bridge</h1><p>It <b>stands</b>.</p><p>It was built in a year.</p>';
/** Long enough to keep a thread busy; within every limit. */
const LONG = 'A paragraph with *some* words and a [link](https://example.org/).\n\n'.repeat(5_000);

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'read',
    (error: { code?: string }) => error.code,
  );

describe('the import thread', () => {
  let reading: Reading;
  beforeAll(() => {
    reading = createReading();
  });
  afterAll(() => reading.close());

  it('FORMAT-12 answers as reading in place does', async () => {
    const bytes = new TextEncoder().encode(PAGE);
    expect(await reading.file({ bytes, fileName: 'bridge.html' })).toEqual(
      readImport({ bytes, fileName: 'bridge.html' }).preview,
    );
    expect(await reading.text(PAGE)).toEqual(previewText(PAGE).preview);
    expect((await reading.blocks('One.\n\nTwo.', 'txt')).blocks).toHaveLength(2);
    expect((await reading.blocks(PAGE, 'html')).title).toBe('The bridge');
  });

  it('FORMAT-12 passes errors on with their codes and details', async () => {
    const bytes = new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]);
    await expect(reading.file({ bytes })).rejects.toMatchObject({ code: 'file-binary', details: { kind: 'ZIP' } });
    expect(await codeOf(reading.blocks('<p> </p>', 'html'))).toBe('file-empty');
    expect(await codeOf(reading.text(PAGE))).toBe('read');
  });

  it('FORMAT-13 refuses what takes too long, and reads the next one', async () => {
    const hurried = createReading({ timeMs: 1 });
    try {
      const late = codeOf(hurried.blocks(LONG, 'md'));
      const also = codeOf(hurried.blocks(LONG, 'md'));
      expect([await late, await also]).toEqual(['file-too-deep', 'file-too-deep']);
    } finally {
      await hurried.close();
    }
    expect((await reading.blocks(PAGE, 'html')).blocks).toHaveLength(3);
  });

  it('FORMAT-13 keeps a short queue, and refuses everything once it is closed', async () => {
    const small = createReading({ waiting: 1 });
    const asked = [1, 2, 3].map(() => codeOf(small.blocks(PAGE, 'html')));
    expect(small.waiting()).toBe(2);
    expect(await asked[2]).toBe('rate-limited');
    await small.close();
    expect(await Promise.all(asked)).toEqual(['shutting-down', 'shutting-down', 'rate-limited']);
    expect(await codeOf(small.blocks(PAGE, 'html'))).toBe('shutting-down');
    expect(small.waiting()).toBe(0);
  });
});

describe('a server that imports', () => {
  let server: TestApp;
  let editor: TestPerson;
  beforeAll(async () => {
    server = await startTestApp();
    editor = await server.addPerson('editor');
  });
  afterAll(() => server.close());

  it('FORMAT-14 goes on answering everybody meanwhile', async () => {
    let isDone = false;
    const importing = server
      .call<{ blocks: unknown[] }>(editor, 'POST', '/api/import/preview', { content: LONG, format: 'md' })
      .finally(() => {
        isDone = true;
      });
    let answered = 0;
    while (!isDone) {
      expect((await server.call(null, 'GET', '/healthz')).status).toBe(200);
      answered += 1;
    }
    const { status, body } = await importing;
    expect([status, body.blocks.length]).toEqual([200, 5_000]);
    // In place, at most the first questions would be answered before the text is taken up.
    expect(answered).toBeGreaterThan(5);
  });

  it('HTTP-10 tells in its figures how many imports wait, and that none does', async () => {
    const waiting = async () => {
      const { body } = await server.call<string>(null, 'GET', '/metrics');
      return /^kopuro_imports_waiting (\d+)$/m.exec(body)?.[1];
    };
    const importing = [1, 2].map(() =>
      server.call(editor, 'POST', '/api/import/preview', { content: LONG, format: 'md' }),
    );
    const seen = new Set<string | undefined>();
    const all = Promise.all(importing).finally(() => seen.add('done'));
    while (!seen.has('done')) seen.add(await waiting());
    expect((await all).map(({ status }) => status)).toEqual([200, 200]);
    expect(seen).toContain('2');
    expect(await waiting()).toBe('0');
  });
});
