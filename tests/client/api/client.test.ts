// How answers of the server become values and errors.
import { afterEach, expect, it, vi } from 'vitest';
import { ConnectionError, request } from '../../../client/api/client.ts';
import { KopuroError } from '../../../shared/protocol/errors.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const answer = (status: number, body?: unknown) =>
  vi.stubGlobal('fetch', async () =>
    body === undefined ? new Response(null, { status }) : new Response(JSON.stringify(body), { status }),
  );

it('DESK-8 makes every failure one of the known errors', async () => {
  answer(409, { error: { code: 'last-editor', message: 'in the reader’s language' } });
  await expect(request('PATCH', '/api/people/x', { body: {} })).rejects.toMatchObject({ code: 'last-editor' });
  answer(404, { error: { code: 'never-heard-of', message: '' } });
  await expect(request('GET', '/api/x')).rejects.toMatchObject({ code: 'not-found' });
  answer(413);
  await expect(request('GET', '/api/x')).rejects.toBeInstanceOf(KopuroError);
  answer(502);
  await expect(request('GET', '/api/x')).rejects.toBeInstanceOf(ConnectionError);
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await expect(request('GET', '/api/x')).rejects.toBeInstanceOf(ConnectionError);
  vi.stubGlobal('fetch', async () => new Response('{"half', { status: 200 }));
  await expect(request('GET', '/api/x')).rejects.toBeInstanceOf(ConnectionError);
});

it('answers with the JSON, or with nothing', async () => {
  answer(200, { id: 'a' });
  await expect(request('GET', '/api/x')).resolves.toEqual({ id: 'a' });
  answer(204);
  await expect(request('DELETE', '/api/x')).resolves.toBeUndefined();
});
