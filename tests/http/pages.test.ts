// What browsers get besides the API: the web app's files, safe headers, health and figures.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

const SCRIPT = 'console.log("a script that is long enough to be worth compressing");\n'.repeat(50);
let folder: string;
let server: TestApp;
let editor: TestPerson;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopuro-client-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>app</title>');
  await writeFile(join(folder, 'assets/main-abc123.js'), SCRIPT);
  server = await startTestApp({ config: { clientFolder: folder }, log: (line) => lines.push(line) });
  editor = await server.addPerson('editor');
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the web app', () => {
  it('HTTP-8 is served at every address that is not the API’s, never from a cache', async () => {
    for (const path of ['/', '/articles/x', '/articles/x/snapshots', '/people', '/sign-in', '/invite/abc']) {
      const answer = await server.call<string>(null, 'GET', path);
      expect([path, answer.status, answer.body]).toEqual([path, 200, '<!doctype html><title>app</title>']);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('HTTP-8 has its hashed files cached for ever, compressed and with an entity tag', async () => {
    const plain = await fetch(`${server.url}/assets/main-abc123.js`);
    expect(await plain.text()).toBe(SCRIPT);
    expect(plain.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('cache-control')).toContain('immutable');
    const etag = plain.headers.get('etag') ?? '';
    const again = await fetch(`${server.url}/assets/main-abc123.js`, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    const identity = await server.call<string>(null, 'GET', '/assets/main-abc123.js', undefined, {
      'Accept-Encoding': 'identity',
    });
    expect([identity.headers.get('content-encoding'), identity.body]).toEqual([null, SCRIPT]);
  });

  it('HTTP-8 has no page in the place of a file that is missing, and shows nothing outside its folder', async () => {
    for (const path of ['/assets/old-999.js', '/favicon.png', '/..%2f..%2fetc%2fpasswd', '/assets/%00.js']) {
      expect([path, (await server.call(null, 'GET', path)).status]).toEqual([path, 404]);
    }
  });

  it('HTTP-9 may load and connect to nothing but itself, and cannot be framed', async () => {
    const { headers } = await server.call(null, 'GET', '/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.app.port}`);
    expect(policy).not.toContain('unsafe-eval');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('operations', () => {
  it('HTTP-10 is told of health, readiness and figures', async () => {
    expect((await server.call(null, 'GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await server.call(null, 'GET', '/readyz')).body).toEqual({ status: 'ok' });
    const figures = (await server.call<string>(null, 'GET', '/metrics')).body;
    for (const name of ['kopuro_http_request_seconds_count', 'kopuro_rooms', 'kopuro_live_sockets']) {
      expect(figures).toContain(name);
    }
  });

  it('HTTP-10 is told of commits, commands and refusals as they happen', async () => {
    const articleId = await server.addArticle(editor);
    await server.call(editor, 'PATCH', `/api/articles/${articleId}`, { title: 'Another title' });
    const socket = new WebSocket(`${server.socketUrl}/sync/${articleId}?token=${editor.token}`);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(new Uint8Array([99])); // no message of the protocol
    await closed;
    const figures = (await server.call<string>(null, 'GET', '/metrics')).body;
    expect(figures).toMatch(/^kopuro_commit_seconds_count\{outcome="ok"\} [1-9]/m);
    expect(figures).toMatch(/^kopuro_committed_rows_total [1-9]/m);
    expect(figures).toMatch(/^kopuro_commands_total\{type="article.change",outcome="ok"\} 1$/m);
    expect(figures).toMatch(/^kopuro_sync_refused_total\{code="malformed"\} 1$/m);
    expect(figures).toMatch(/^kopuro_sync_pending_bytes \d/m);
  });

  it('HTTP-11 finds no token, cookie or link secret in the log', async () => {
    const { secret } = await server.app.identity.createLink(editor.id);
    await server.call(null, 'GET', `/sign-in/${secret}`);
    await server.call(null, 'GET', `/api/invitations/by-token/${secret}`);
    await server.call(editor, 'GET', `/api/articles?token=${editor.token}`, undefined, { Cookie: editor.cookie });
    await server.call(null, 'GET', `/invite/${secret}?access_token=${secret}`);
    const log = lines.join('');
    expect(log).toContain('/sign-in/[redacted]');
    expect(log).toContain('/api/articles?token=[redacted]');
    for (const hidden of [secret, editor.token, editor.cookie.split('=')[1]!]) expect(log).not.toContain(hidden);
  });
});
