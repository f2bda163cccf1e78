// Signing in and staying signed in: links, cookies, sessions, other sites' requests, invitations, tokens, people.
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { PERSON_COLORS, pickColor } from '../../server/identity/colors.ts';
import { createExpiry } from '../../server/identity/expiry.ts';
import { LINK_LIFETIME, SESSION_LIFETIME } from '../../server/identity/identity.ts';
import type { Invitation, Person, Session, TokenInfo } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24);
let time = NOW;
let server: TestApp;
let editor: TestPerson;

beforeAll(async () => {
  server = await startTestApp({ now: () => time });
});
afterAll(() => server.close());
beforeEach(async () => {
  time = NOW;
  editor = await server.addPerson('editor');
});
afterEach(async () => {
  // Each test has its own editor; the first one stays, because a newsroom never is without.
  for (const person of (await server.app.people.list()).slice(1)) {
    if (person.removedAt === null) await server.app.people.remove(person.id).catch(() => undefined);
  }
});

const withCookie = (
  cookie: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
) => server.call<Session>(null, method, path, body, { Cookie: cookie, ...headers });
const cookieOf = (headers: Headers) => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const signedInAs = async (cookie: string) => (await withCookie(cookie, 'GET', '/api/session')).body.person?.id ?? null;

describe('a sign-in link', () => {
  it('ID-1 signs in once, with a cookie out of reach of scripts and other sites', async () => {
    const { secret } = await server.app.identity.createLink(editor.id);
    const first = await server.call(null, 'GET', `/sign-in/${secret}`);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^kopuro_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(await signedInAs(cookieOf(first.headers))).toBe(editor.id);
    const second = await server.call(null, 'GET', `/sign-in/${secret}`);
    expect([second.status, second.body.error.code]).toEqual([401, 'sign-in-link-invalid']);
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  it('ID-1 that was used leads a browser to the desk if it is signed in, else to an explanation', async () => {
    const { secret } = await server.app.identity.createLink(editor.id);
    const { headers } = await server.call(null, 'GET', `/sign-in/${secret}`);
    const html = { Accept: 'text/html' };
    const again = await withCookie(cookieOf(headers), 'GET', `/sign-in/${secret}`, html);
    expect([again.status, again.headers.get('location')]).toEqual([303, '/']);
    const other = await server.call(null, 'GET', `/sign-in/${secret}`, undefined, html);
    expect(other.headers.get('location')).toBe('/sign-in?error=sign-in-link-invalid');
  });

  it('ID-1 is won by one of two who use it at once', async () => {
    const { secret } = await server.app.identity.createLink(editor.id);
    const answers = await Promise.all([1, 2, 3].map(() => server.call(null, 'GET', `/sign-in/${secret}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
  });

  it('ID-2 is not used up by HEAD, by previews of messengers or by prefetching', async () => {
    const { secret } = await server.app.identity.createLink(editor.id);
    const path = `/sign-in/${secret}`;
    expect((await server.call(null, 'HEAD', path)).status).toBe(200);
    for (const agent of ['TelegramBot (like TwitterBot)', 'WhatsApp/2.23', 'Slackbot-LinkExpanding 1.0']) {
      const answer = await server.call(null, 'GET', path, undefined, { 'User-Agent': agent });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
    }
    expect((await server.call(null, 'GET', path, undefined, { 'Sec-Purpose': 'prefetch' })).status).toBe(200);
    expect((await server.call(null, 'GET', path)).status).toBe(303);
  });

  it('ID-3 ends after its time, and with its person', async () => {
    const late = await server.app.identity.createLink(editor.id);
    const reader = await server.addPerson('reader');
    const removed = await server.app.identity.createLink(reader.id);
    await server.app.people.remove(reader.id);
    expect((await server.call(null, 'GET', `/sign-in/${removed.secret}`)).status).toBe(401);
    time += LINK_LIFETIME + 1;
    expect((await server.call(null, 'GET', `/sign-in/${late.secret}`)).status).toBe(401);
    expect((await server.call(null, 'GET', '/sign-in/nonsense')).status).toBe(401);
  });
});

describe('a session', () => {
  it('ID-4 lasts thirty days from its last use', async () => {
    time += SESSION_LIFETIME - DAY;
    const used = await withCookie(editor.cookie, 'GET', '/api/session');
    expect(used.body.person?.id).toBe(editor.id);
    expect(used.headers.get('set-cookie')).toContain('kopuro_session=');
    time += SESSION_LIFETIME - DAY;
    expect(await signedInAs(editor.cookie)).toBe(editor.id);
    time += SESSION_LIFETIME + 1;
    expect(await signedInAs(editor.cookie)).toBeNull();
  });

  it('ID-4 is not prolonged by every request', async () => {
    time += DAY / 2;
    expect((await withCookie(editor.cookie, 'GET', '/api/session')).headers.get('set-cookie')).toBeNull();
  });

  it('ID-5 ends when its person signs out', async () => {
    const answer = await withCookie(editor.cookie, 'DELETE', '/api/session');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^kopuro_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(await signedInAs(editor.cookie)).toBeNull();
    expect((await withCookie(editor.cookie, 'GET', '/api/articles')).status).toBe(401);
  });

  it('ID-6 has a secure cookie wherever the connection is secure', async () => {
    const tls = await startTestApp({ config: { trustProxy: 1 } });
    try {
      const person = await tls.addPerson('editor');
      const cookie = async (headers: Record<string, string>) => {
        const { secret } = await tls.app.identity.createLink(person.id);
        return (await tls.call(null, 'GET', `/sign-in/${secret}`, undefined, headers)).headers.get('set-cookie') ?? '';
      };
      expect(await cookie({ 'X-Forwarded-Proto': 'https' })).toContain('; Secure');
      expect(await cookie({})).not.toContain('Secure');
    } finally {
      await tls.close();
    }
  });

  it('ID-7 is kept as a hash, like every other secret', async () => {
    const hash = /^[0-9a-f]{64}$/;
    const found = await server.app.identity.bySession(editor.cookie.split('=')[1]!);
    const [kind, value] = (found?.principal.credential ?? '').split(':');
    expect([kind, hash.test(value ?? '')]).toEqual(['session', true]);
    expect(value).not.toBe(editor.cookie.split('=')[1]);
  });
});

describe('what has had its time', () => {
  it('ID-15 is over for connections that are open', async () => {
    const articleId = await server.addArticle(editor);
    const other = await server.addPerson('reader');
    time += DAY * 2;
    const later = await server.app.identity.startSession(other.id);
    const sync = (cookie: string) =>
      new WebSocket(`${server.socketUrl}/sync/${articleId}?v=1`, { headers: { Cookie: cookie } });
    const old = sync(other.cookie);
    const young = sync(`kopuro_session=${later.secret}`);
    const live = io(server.url, {
      path: '/live',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { Cookie: other.cookie },
    });
    try {
      // The cookie was used two days after the sign-in, which prolonged its session: both last as long.
      await Promise.all([old, young].map((socket) => new Promise((resolve) => socket.once('message', resolve))));
      if (!live.connected) await new Promise((resolve) => live.once('connect', () => resolve(null)));
      time += DAY / 2;
      const youngest = await server.app.identity.startSession(other.id);
      const youngestSync = sync(`kopuro_session=${youngest.secret}`);
      await new Promise((resolve) => youngestSync.once('message', resolve));
      const closed = Promise.all([
        ...[old, young].map((socket) => new Promise<number>((resolve) => socket.once('close', resolve))),
        new Promise<string>((resolve) => live.once('disconnect', resolve)),
      ]);
      time += SESSION_LIFETIME - DAY / 2;
      await server.app.expiry.sweep();
      expect(await closed).toEqual([4401, 4401, 'io server disconnect']);
      expect(youngestSync.readyState).toBe(WebSocket.OPEN);
      youngestSync.terminate();
    } finally {
      live.disconnect();
      for (const socket of [old, young]) socket.terminate();
    }
  });

  it('ID-15 is noticed without being asked for, and told once a person', async () => {
    const reader = await server.addPerson('reader');
    const { people } = server.app.storage;
    for (const hash of ['soon-1', 'soon-2']) {
      await people.createSession({ hash, personId: reader.id, createdAt: time, expiresAt: time + 5_000 });
    }
    const told: string[] = [];
    const noticed = new Promise<void>((resolve, reject) => {
      const expiry = createExpiry({
        people: {
          purge: async (now) => {
            const purged = await people.purge(now);
            time += 5_000; // so that the timer that is set now waits the shortest time
            return purged;
          },
        },
        now: () => time,
        credentialsEnded: async (personId) => {
          told.push(personId);
          expiry.close().then(resolve, reject);
        },
        failed: reject,
      });
      expiry.start();
    });
    await noticed;
    expect(told).toEqual([reader.id]);
  });
});

describe('a request that another site’s page caused', () => {
  const change = (headers: Record<string, string>) =>
    withCookie(editor.cookie, 'PATCH', `/api/people/${editor.id}`, headers, { name: 'New name' });

  it('ID-8 changes nothing with the cookie of a browser', async () => {
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `http://127.0.0.1:${server.app.port + 1}` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ] as Record<string, string>[]) {
      const answer = await change(headers);
      expect([headers, answer.status]).toEqual([headers, 403]);
      expect((answer.body as unknown as { error: { code: string } }).error.code).toBe('cross-site');
    }
    expect((await server.app.people.get(editor.id)).name).not.toBe('New name');
  });

  it('ID-8 is told from our own page’s and from a program’s', async () => {
    expect((await change({ Origin: server.url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    expect((await change({})).status).toBe(200);
    const bearer = await server.call(editor, 'GET', '/api/people', undefined, { Origin: 'https://evil.example' });
    expect(bearer.status).toBe(200);
  });
});

describe('a bearer token', () => {
  it('ID-9 is shown once, listed without its secret, and ends when it is revoked', async () => {
    const made = await server.call<{ token: string; info: TokenInfo }>(editor, 'POST', '/api/tokens', { name: 'CMS' });
    expect(made.body.token).toMatch(/^[\w-]{43}$/);
    const holder = { ...editor, token: made.body.token };
    const list = await server.call<{ tokens: TokenInfo[] }>(holder, 'GET', '/api/tokens');
    expect(list.body.tokens.map(({ name }) => name)).toContain('CMS');
    expect(JSON.stringify(list.body)).not.toContain(made.body.token);
    expect((await server.call(editor, 'DELETE', `/api/tokens/${made.body.info.id}`)).status).toBe(204);
    expect((await server.call(holder, 'GET', '/api/tokens')).status).toBe(401);
    expect((await server.call(editor, 'DELETE', `/api/tokens/${made.body.info.id}`)).status).toBe(404);
  });

  it('ID-9 is nobody else’s to revoke', async () => {
    const reader = await server.addPerson('reader');
    const [token] = await server.app.identity.tokens(editor.id);
    expect((await server.call(reader, 'DELETE', `/api/tokens/${token?.id}`)).status).toBe(404);
    expect((await server.call(editor, 'GET', '/api/tokens')).status).toBe(200);
  });

  it('ID-9 that is wrong is refused, even beside a good cookie', async () => {
    const answer = await withCookie(editor.cookie, 'GET', '/api/articles', { Authorization: 'Bearer nonsense' });
    expect(answer.status).toBe(401);
    expect((await withCookie(editor.cookie, 'GET', '/api/articles', { Authorization: 'Basic eDp5' })).status).toBe(401);
  });

  it('ID-10 of a removed person is refused', async () => {
    const reader = await server.addPerson('reader');
    expect((await server.call(editor, 'DELETE', `/api/people/${reader.id}`)).status).toBe(204);
    expect((await server.call(reader, 'GET', '/api/articles')).body.error.code).toBe('not-signed-in');
    expect(await signedInAs(reader.cookie)).toBeNull();
  });
});

describe('people', () => {
  it('ID-11 always include an editor', async () => {
    for (const other of await server.app.people.list()) {
      if (other.id !== editor.id && other.removedAt === null) await server.app.people.remove(other.id);
    }
    const demoted = await server.call(editor, 'PATCH', `/api/people/${editor.id}`, { role: 'reader' });
    expect([demoted.status, demoted.body.error.code]).toEqual([409, 'last-editor']);
    expect((await server.call(editor, 'DELETE', `/api/people/${editor.id}`)).body.error.code).toBe('last-editor');
    const second = await server.addPerson('editor');
    const both = await Promise.all([
      server.call(editor, 'PATCH', `/api/people/${second.id}`, { role: 'reader' }),
      server.call(second, 'PATCH', `/api/people/${editor.id}`, { role: 'reader' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await server.app.people.add({ name: 'Next', role: 'editor', languages: [] });
  });

  it('ID-12 are added, changed and removed by editors; a name also by whose it is', async () => {
    const reader = await server.addPerson('reader');
    const add = { name: '  Anna \n Petrova ', role: 'translator', languages: ['ru', 'ru'] };
    expect((await server.call(reader, 'POST', '/api/people', add)).status).toBe(403);
    const { body } = await server.call<{ person: Person }>(editor, 'POST', '/api/people', add);
    expect(body.person).toMatchObject({ name: 'Anna Petrova', languages: ['ru'] });
    expect((await server.call(reader, 'PATCH', `/api/people/${reader.id}`, { name: 'Me' })).status).toBe(200);
    expect((await server.call(reader, 'PATCH', `/api/people/${reader.id}`, { role: 'editor' })).status).toBe(403);
    expect((await server.call(reader, 'PATCH', `/api/people/${editor.id}`, { name: 'You' })).status).toBe(403);
    expect((await server.call(editor, 'PATCH', '/api/people/nobody', { name: 'x' })).body.error.code).toBe(
      'person-not-found',
    );
  });

  it('ID-13 have colours that differ and are readable on light and on dark', () => {
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string) => {
      const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
      return (high + 0.05) / (low + 0.05);
    };
    for (const color of PERSON_COLORS) {
      expect([color, contrast(color, '#ffffff') >= 3, contrast(color, '#1b1b1b') >= 3]).toEqual([color, true, true]);
    }
    const taken: string[] = [];
    for (let count = 0; count < PERSON_COLORS.length; count++) taken.push(pickColor(taken));
    expect(new Set(taken).size).toBe(PERSON_COLORS.length);
  });
});

describe('an invitation', () => {
  const invite = async () =>
    (
      await server.call<{ invitation: Invitation; url: string; token: string }>(editor, 'POST', '/api/invitations', {
        role: 'translator',
        languages: ['ky'],
      })
    ).body;

  it('ID-14 makes one person, with its role and languages, and signs them in', async () => {
    const { url, token } = await invite();
    expect(url).toBe(`${server.url}/invite/${token}`);
    const shown = await server.call<{ invitation: Invitation }>(null, 'GET', `/api/invitations/by-token/${token}`);
    expect(shown.body.invitation).toMatchObject({ role: 'translator', languages: ['ky'] });
    const accept = () =>
      server.call<{ person: Person }>(null, 'POST', '/api/invitations/accept', { token, name: 'Айбек' });
    const first = await accept();
    expect([first.status, first.body.person.role]).toEqual([201, 'translator']);
    expect(await signedInAs(cookieOf(first.headers))).toBe(first.body.person.id);
    expect((await accept()).status).toBe(401);
    expect((await server.call(null, 'GET', `/api/invitations/by-token/${token}`)).status).toBe(401);
  });

  it('ID-14 can be taken back', async () => {
    const { invitation, token } = await invite();
    expect((await server.call(editor, 'DELETE', `/api/invitations/${invitation.id}`)).status).toBe(204);
    const answer = await server.call(null, 'POST', '/api/invitations/accept', { token, name: 'Late' });
    expect(answer.body.error.code).toBe('sign-in-link-invalid');
  });
});
