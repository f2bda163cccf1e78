// Bad input over REST: a clear error with the fitting status, in the reader's language, and nothing stored.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../shared/protocol/errors.ts';
import type { ArticleList, ArticleSummary, ImportPreview } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

let server: TestApp;
let editor: TestPerson;
let checker: TestPerson;

beforeAll(async () => {
  server = await startTestApp();
  editor = await server.addPerson('editor');
  checker = await server.addPerson('fact-checker');
});
afterAll(() => server.close());

const article = (change: object = {}) => ({
  title: 'A title',
  sourceLanguage: 'en',
  targetLanguages: ['ru', 'ky'],
  format: 'txt',
  content: 'One paragraph.\n\nAnother one.',
  ...change,
});

async function articleCount(): Promise<number> {
  const { body } = await server.call<{ articles: ArticleSummary[] }>(editor, 'GET', '/api/articles');
  return body.articles.length;
}

async function upload(name: string, bytes: Uint8Array, who = editor): Promise<{ status: number; body: ErrorBody }> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(bytes)], name));
  const response = await fetch(`${server.url}/api/import/preview`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${who.token}` },
    body: form,
  });
  return { status: response.status, body: (await response.json()) as ErrorBody };
}

describe('a request that is not right', () => {
  const refused: [string, unknown, number, string][] = [
    ['malformed JSON', '{"title": ', 400, 'invalid-input'],
    ['no body', undefined, 400, 'invalid-input'],
    ['an array', [], 400, 'invalid-input'],
    ['a missing field', { title: 'x' }, 400, 'invalid-input'],
    ['a wrong type', article({ title: 7 }), 400, 'invalid-input'],
    ['a language tag that is none', article({ sourceLanguage: '../etc' }), 400, 'invalid-input'],
    ['the same language twice', article({ targetLanguages: ['ru', 'ru'] }), 400, 'invalid-input'],
    ['the source as a target', article({ targetLanguages: ['en'] }), 400, 'invalid-input'],
    ['NUL in a title', article({ title: 'a\u0000b' }), 400, 'invalid-input'],
    ['a lone surrogate in a title', article({ title: 'a\ud800b' }), 400, 'invalid-input'],
    ['a bidirectional override in a title', article({ title: 'abc\u202Edef' }), 400, 'invalid-input'],
    ['an empty text', article({ content: '' }), 400, 'invalid-input'],
    ['a text of spaces', article({ content: ' \n\u00a0\u200b\n ' }), 400, 'file-empty'],
    ['everything left out', article({ omit: [0, 1] }), 400, 'file-empty'],
  ];
  for (const [name, body, status, code] of refused) {
    it(`HTTP-1 is refused with a code and a message, nothing stored: ${name}`, async () => {
      const before = await articleCount();
      const answer = await server.call(editor, 'POST', '/api/articles', body);
      expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
      expect(answer.body.error.message).not.toMatch(/^errors\./);
      expect(await articleCount()).toBe(before);
    });
  }

  it('HTTP-1 is refused if its text is not UTF-8 or not announced as JSON', async () => {
    const headers = { Authorization: `Bearer ${editor.token}`, 'Content-Type': 'application/json' };
    const latin = await fetch(`${server.url}/api/articles`, {
      method: 'POST',
      headers,
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect(latin.status).toBe(400);
    const plain = await server.call(editor, 'POST', '/api/articles', JSON.stringify(article()), {
      'Content-Type': 'text/plain',
    });
    expect(plain.status).toBe(400);
  });

  it('HTTP-1 is refused if an id or an address is malformed', async () => {
    for (const path of ['/api/articles/a%00b', '/api/articles/%E0%A4%A', '/api/articles/..%2F..%2Fetc', '/%E0%A4%A']) {
      const answer = await server.call(editor, 'GET', path);
      expect([path, answer.status < 500 && answer.status >= 400]).toEqual([path, true]);
      expect(answer.body.error.code).toMatch(/^(invalid-input|not-found)$/);
    }
  });

  it('HTTP-1 is answered in JSON for an address that does not exist', async () => {
    expect((await server.call(editor, 'GET', '/api/nothing')).body.error.code).toBe('not-found');
    expect((await server.call(editor, 'GET', '/api/articles/nothing')).body.error.code).toBe('article-not-found');
    expect((await server.call(editor, 'PUT', '/api/session')).status).toBe(404);
  });

  it('HTTP-2 gets its message in the language of the cookie, else of the browser, else in English', async () => {
    const message = async (headers: Record<string, string>) =>
      (await server.call(editor, 'GET', '/api/articles/nothing', undefined, headers)).body.error.message;
    const english = await message({});
    const russian = await message({ 'Accept-Language': 'ru-RU,ru;q=0.9,en;q=0.8' });
    const kyrgyz = await message({ 'Accept-Language': 'ru', Cookie: 'kopuro_language=ky' });
    expect(russian).toMatch(/[а-я]/);
    expect(kyrgyz).toMatch(/[а-яңөү]/);
    expect(new Set([english, russian, kyrgyz]).size).toBe(3);
  });
});

describe('a body that is too large', () => {
  it('HTTP-3 is refused before it is read, and the connection answers', async () => {
    const answer = await server.call(editor, 'POST', '/api/tokens', { name: 'x'.repeat(300_000) });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'body-too-large']);
  });

  it('HTTP-3 is refused if its length was not announced', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(
        `${server.url}/api/tokens`,
        {
          method: 'POST',
          headers: { Authorization: `Bearer ${editor.token}`, 'Content-Type': 'application/json' },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      outgoing.on('error', reject);
      outgoing.write(`{"name":"${'x'.repeat(200_000)}`);
      outgoing.end(`${'x'.repeat(200_000)}"}`);
    });
    expect(status).toBe(413);
  });

  it('HTTP-3 is refused if it is a file of 50 MB', async () => {
    const { status, body } = await upload('big.txt', new Uint8Array(50 * 1024 * 1024).fill(97));
    expect([status, body.error.code]).toEqual([413, 'file-too-large']);
  });

  it('HTTP-3 is refused if it is a text of 50 MB', async () => {
    const answer = await server.call(
      editor,
      'POST',
      '/api/articles',
      article({ content: 'a'.repeat(50 * 1024 * 1024) }),
    );
    expect([answer.status, answer.body.error.code]).toEqual([413, 'body-too-large']);
  });
});

describe('a file', () => {
  it('HTTP-4 is refused if it is empty or binary', async () => {
    expect((await upload('a.txt', new Uint8Array())).body.error.code).toBe('file-empty');
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
    expect((await upload('a.txt', png)).body.error.code).toBe('file-binary');
  });

  it('HTTP-4 is read if it is in windows-1251 or UTF-16', async () => {
    const words = 'Парламент ратифицировал соглашение.';
    const windows1251 = Uint8Array.from(words, (character) => {
      const code = character.charCodeAt(0);
      return code >= 0x410 && code <= 0x44f ? code - 0x350 : code;
    });
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(words, 'utf16le')]);
    for (const bytes of [windows1251, utf16]) {
      const { status, body } = await upload('text.txt', bytes);
      expect(status).toBe(200);
      expect((body as unknown as ImportPreview).content).toBe(words);
    }
  });

  it('HTTP-4 loses scripts, handlers and javascript: links', async () => {
    const html = '<p onclick="x()">Words <a href="javascript:alert(1)">here</a><script>alert(2)</script></p>';
    const { body } = await upload('page.html', Buffer.from(html));
    const preview = body as unknown as ImportPreview;
    expect(JSON.stringify(preview.blocks)).not.toMatch(/alert|onclick|javascript/);
    expect(preview.cleaned.map(({ code }) => code)).toContain('unsafe-link');
  });

  it('HTTP-4 with 20,000 nested tags is refused or read, and the server lives', async () => {
    const { status } = await upload('deep.html', Buffer.from(`${'<div>'.repeat(20_000)}words`));
    expect(status).toBeLessThan(500);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('HTTP-4 is refused in a malformed form', async () => {
    const send = (type: string, body: string) =>
      server.call(editor, 'POST', '/api/import/preview', body, { 'Content-Type': type });
    expect((await send('multipart/form-data', 'x')).status).toBe(400);
    expect((await send('multipart/form-data; boundary=abc', '--abc\r\nnonsense')).status).toBe(400);
    expect((await send('multipart/form-data; boundary=abc', '--abc--\r\n')).status).toBe(400);
  });

  it('HTTP-4 is refused from somebody who may not make articles', async () => {
    expect((await upload('a.txt', Buffer.from('Words.'), checker)).body.error.code).toBe('not-allowed');
  });
});

describe('an article', () => {
  it('HTTP-5 is created, listed, read in every format and deleted', async () => {
    const created = await server.call<{ id: string }>(editor, 'POST', '/api/articles', article());
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.headers.get('location')).toBe(`/api/articles/${id}`);
    const detail = await server.call<ArticleSummary & { standing: unknown }>(checker, 'GET', `/api/articles/${id}`);
    expect(detail.body).toMatchObject({ id, title: 'A title', standing: { role: 'fact-checker' }, epoch: 1 });
    const types = [];
    for (const format of ['txt', 'md', 'html', 'json']) {
      const text = await server.call<unknown>(checker, 'GET', `/api/articles/${id}/texts/en?format=${format}`);
      expect(JSON.stringify(text.body)).toContain('Another one.');
      types.push(text.headers.get('content-type')?.split(';')[0]);
    }
    expect(types).toEqual(['text/plain', 'text/markdown', 'text/html', 'application/json']);
    expect((await server.call(checker, 'GET', `/api/articles/${id}/texts/de`)).body.error.code).toBe(
      'language-not-in-article',
    );
    expect((await server.call(checker, 'DELETE', `/api/articles/${id}`)).status).toBe(403);
    expect((await server.call(editor, 'DELETE', `/api/articles/${id}`)).status).toBe(204);
    expect((await server.call(editor, 'GET', `/api/articles/${id}`)).status).toBe(404);
  });

  it('HTTP-5 HTTP-20 is found by words of its headline, its languages and its maker, page by page', async () => {
    for (const title of ['Өкмөт «Ак үй»', 'Өкмөттүн үйү', 'Мэрия']) {
      await server.call(editor, 'POST', '/api/articles', article({ title, targetLanguages: ['kk'] }));
    }
    const find = async (query: Record<string, string>, who = checker) => {
      const path = `/api/articles?${new URLSearchParams(query)}`;
      const { status, body } = await server.call<ArticleList>(who, 'GET', path);
      expect(status).toBe(200);
      return { ...body, titles: body.articles.map(({ title }) => title) };
    };
    expect(await find({ search: 'ӨКМӨТ' })).toMatchObject({
      titles: ['Өкмөттүн үйү', 'Өкмөт «Ак үй»'],
      next: null,
      total: 2,
    });
    const first = await find({ language: 'kk', limit: '2' });
    expect(first).toMatchObject({ titles: ['Мэрия', 'Өкмөттүн үйү'], total: 3 });
    expect(await find({ language: 'kk', limit: '2', cursor: first.next! })).toMatchObject({
      titles: ['Өкмөт «Ак үй»'],
      next: null,
    });
    expect(await find({ language: 'kk', search: 'үй ак' })).toMatchObject({ titles: ['Өкмөт «Ак үй»'] });
    expect((await find({ language: 'kk', mine: 'yes' }, editor)).total).toBe(3);
    expect((await find({ language: 'kk', mine: 'yes' })).total).toBe(0);
    expect((await find({ language: 'kk', state: 'done' })).total).toBe(0);
    const { body } = await server.call<{ languages: string[] }>(checker, 'GET', '/api/languages');
    expect(body.languages).toEqual(expect.arrayContaining(['en', 'kk']));
    for (const query of ['state=nonsense', 'language=no%20tag', 'search=%E2%80%AE', 'mine=perhaps', 'limit=0']) {
      expect((await server.call(checker, 'GET', `/api/articles?${query}`)).status).toBe(400);
    }
    expect((await server.call(null, 'GET', '/api/languages')).status).toBe(401);
  });

  it('HTTP-5 is created once for one id', async () => {
    const first = await server.call<{ id: string }>(editor, 'POST', '/api/articles', article({ id: 'once' }));
    const second = await server.call<{ id: string }>(editor, 'POST', '/api/articles', article({ id: 'once' }));
    expect([first.body.id, second.body.id]).toEqual(['once', 'once']);
    const { body } = await server.call<{ articles: ArticleSummary[] }>(editor, 'GET', '/api/articles');
    expect(body.articles.filter(({ id }) => id === 'once')).toHaveLength(1);
  });
});
