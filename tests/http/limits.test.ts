// How often one caller may ask, over REST and over socket.io.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../server/config.ts';
import { Allowance } from '../../server/live/allowance.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

let server: TestApp;
let editor: TestPerson;
let other: TestPerson;

beforeAll(async () => {
  server = await startTestApp({ config: { limits: { ...DEFAULT_LIMITS, api: 5, signIn: 3 } } });
  editor = await server.addPerson('editor');
  other = await server.addPerson('reader');
});
afterAll(() => server.close());

describe('too many requests', () => {
  it('HTTP-12 are refused with the time to wait, for this person alone', async () => {
    const statuses = [];
    for (let count = 0; count < 6; count++) statuses.push((await server.call(editor, 'GET', '/api/people')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await server.call(editor, 'GET', '/api/people');
    expect(refused.body.error.code).toBe('rate-limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await server.call(other, 'GET', '/api/people')).status).toBe(200);
  });

  it('HTTP-12 to guess a link are refused', async () => {
    const guess = () => server.call(null, 'GET', `/sign-in/${'a'.repeat(43)}`);
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  it('LIVE-5 over socket.io are refused until the bucket has refilled', () => {
    const allowance = new Allowance(2, 1_000);
    expect([allowance.take('a', 0), allowance.take('a', 0)]).toEqual([0, 0]);
    expect(allowance.take('a', 0)).toBe(500);
    expect(allowance.take('b', 0)).toBe(0);
    expect(allowance.take('a', 499)).toBeGreaterThan(0);
    expect(allowance.take('a', 1_000)).toBe(0);
  });
});
