// Annotations, snapshots, standings and history over REST: the whole way of each, and what is refused on it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Annotation } from '../../shared/annotation/types.ts';
import type { Block } from '../../shared/article/blocks.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

let server: TestApp;
let editor: TestPerson;
let russian: TestPerson;
let checker: TestPerson;
let reader: TestPerson;
let id: string;
let blocks: Block[];

beforeAll(async () => {
  server = await startTestApp();
  editor = await server.addPerson('editor');
  russian = await server.addPerson('translator', ['en', 'ru'], 'Нина');
  checker = await server.addPerson('fact-checker');
  reader = await server.addPerson('reader');
});
beforeEach(async () => {
  id = await server.addArticle(editor, ['The parlament has ratified it.', 'It costs ten million.']);
  blocks = await readText();
});
afterAll(() => server.close());

const path = (rest = '') => `/api/articles/${id}${rest}`;
async function readText(): Promise<Block[]> {
  const { body } = await server.call<{ blocks: Block[] }>(reader, 'GET', path('/texts/en?format=json'));
  return body.blocks;
}
const english = (change: object = {}) => ({
  kind: 'language',
  language: 'en',
  blockId: blocks[0]?.id,
  exact: 'parlament',
  body: 'A typing error.',
  category: 'spelling',
  severity: 'minor',
  suggestion: 'parliament',
  ...change,
});
async function annotate(who: TestPerson, body: object): Promise<string> {
  const answer = await server.call<{ id: string }>(who, 'POST', path('/annotations'), body);
  expect(answer.status).toBe(201);
  return answer.body.id;
}
const read = async (annotationId: string) =>
  (await server.call<Annotation>(reader, 'GET', path(`/annotations/${annotationId}`))).body;
const post = (who: TestPerson, rest: string, body?: unknown) => server.call(who, 'POST', path(rest), body);

describe('an annotation', () => {
  it('HTTP-17 is made, read, answered, resolved, opened again and deleted', async () => {
    const annotation = await annotate(russian, english());
    const listed = await server.call<{ annotations: Annotation[] }>(reader, 'GET', path('/annotations?kind=language'));
    expect(listed.body.annotations.map((entry) => entry.id)).toEqual([annotation]);
    expect((await post(checker, `/annotations/${annotation}/replies`, { body: 'Indeed.' })).status).toBe(201);
    expect((await post(checker, `/annotations/${annotation}/resolve`)).status).toBe(200);
    expect(await read(annotation)).toMatchObject({ status: 'resolved', createdBy: { name: 'Нина' } });
    expect((await post(editor, `/annotations/${annotation}/reopen`)).status).toBe(200);
    expect((await read(annotation)).thread.map(({ body }) => body)).toEqual(['A typing error.', 'Indeed.']);
    expect((await server.call(editor, 'DELETE', path(`/annotations/${annotation}`))).status).toBe(204);
    expect((await server.call(editor, 'GET', path(`/annotations/${annotation}`))).status).toBe(404);
    const late = await post(checker, `/annotations/${annotation}/replies`, { body: 'Too late.' });
    expect([late.status, late.body.error.code]).toEqual([409, 'annotation-deleted']);
  });

  it('HTTP-17 has a suggestion that one of two accepts, and that can be reverted', async () => {
    const annotation = await annotate(checker, english());
    const accept = (who: TestPerson) => post(who, `/annotations/${annotation}/suggestion/accept`);
    expect((await accept(checker)).status).toBe(403);
    const both = await Promise.all([accept(editor), accept(russian)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await readText())[0]?.content[0]?.text).toBe('The parliament has ratified it.');
    expect((await post(editor, `/annotations/${annotation}/suggestion/revert`)).status).toBe(200);
    expect((await readText())[0]?.content[0]?.text).toBe('The parlament has ratified it.');
  });

  it('HTTP-17 is a claim with a verdict and evidence, by whoever may judge', async () => {
    const claim = await annotate(russian, {
      kind: 'claim',
      language: 'en',
      blockId: blocks[1]?.id,
      exact: 'ten million',
    });
    const verdict = { verdict: 'misleading', rationale: 'Euro, not dollars.' };
    expect((await post(russian, `/annotations/${claim}/verdict`, verdict)).status).toBe(403);
    expect((await post(checker, `/annotations/${claim}/verdict`, verdict)).status).toBe(200);
    const evidence = { url: 'https://example.org/budget', title: 'Budget', stance: 'contradicts' };
    expect((await post(checker, `/annotations/${claim}/evidence`, evidence)).status).toBe(201);
    expect((await post(checker, `/annotations/${claim}/evidence`, { ...evidence, url: 'javascript:x' })).status).toBe(
      400,
    );
    expect((await read(claim)).claim).toMatchObject({ verdict: 'misleading', evidence: [{ title: 'Budget' }] });
  });

  it('HTTP-17 is refused if its words or its block are not there, and from a reader', async () => {
    const refused: [object, number, string][] = [
      [english({ exact: 'congress' }), 409, 'quote-not-found'],
      [english({ blockId: 'gone' }), 409, 'block-not-found'],
      [english({ language: 'de' }), 400, 'language-not-in-article'],
      [english({ exact: '' }), 400, 'invalid-input'],
      [english({ body: 'a\u0000b' }), 400, 'invalid-input'],
      [english({ body: '\u202Egnorw' }), 400, 'invalid-input'],
      [english({ suggestion: 'two\nlines' }), 400, 'invalid-input'],
    ];
    for (const [body, status, code] of refused) {
      const answer = await post(editor, '/annotations', body);
      expect([code, answer.status, answer.body.error.code]).toEqual([code, status, code]);
    }
    expect((await post(reader, '/annotations', english())).status).toBe(403);
    const { body } = await server.call<{ annotations: Annotation[] }>(reader, 'GET', path('/annotations'));
    expect(body.annotations).toEqual([]);
  });

  it('HTTP-17 is carried out by any command, once for one id', async () => {
    const command = { id: 'once-only', type: 'annotation.create', payload: english() };
    const answers = [];
    for (let count = 0; count < 2; count++) answers.push((await post(editor, '/commands', command)).body);
    expect(answers[0]).toEqual(answers[1]);
    const { body } = await server.call<{ annotations: Annotation[] }>(reader, 'GET', path('/annotations'));
    expect(body.annotations).toHaveLength(1);
    expect((await post(editor, '/commands', { ...command, type: 'no.such' })).body.error.code).toBe('invalid-input');
  });
});

describe('a snapshot', () => {
  it('HTTP-18 is taken, listed, read and restored', async () => {
    const taken = await server.call<{ id: string }>(russian, 'POST', path('/snapshots'), { name: 'First' });
    expect(taken.status).toBe(201);
    const annotation = await annotate(editor, english());
    await post(editor, `/annotations/${annotation}/suggestion/accept`);
    const list = await server.call<{ snapshots: SnapshotInfo[] }>(reader, 'GET', path('/snapshots'));
    expect(list.body.snapshots.map(({ name }) => name)).toContain('First');
    const then = await server.call<string>(reader, 'GET', path(`/snapshots/${taken.body.id}/texts/en?format=txt`));
    expect(then.body).toContain('parlament');
    expect((await post(russian, `/snapshots/${taken.body.id}/restore`)).status).toBe(403);
    expect((await post(editor, `/snapshots/${taken.body.id}/restore`)).status).toBe(200);
    expect((await readText())[0]?.content[0]?.text).toBe('The parlament has ratified it.');
    expect((await post(editor, '/snapshots/nothing/restore')).body.error.code).toBe('snapshot-not-found');
    expect((await server.call(reader, 'GET', path('/snapshots/nothing/texts/en'))).status).toBe(404);
  });
});

describe('an article', () => {
  it('HTTP-19 may give a person another role, at once', async () => {
    const change = () => server.call(reader, 'PATCH', path(), { title: 'By a reader' });
    expect((await change()).status).toBe(403);
    const standing = { personId: reader.id, standing: { role: 'editor', languages: [] } };
    expect((await server.call(russian, 'PUT', path('/standings'), standing)).status).toBe(403);
    expect((await server.call(editor, 'PUT', path('/standings'), standing)).status).toBe(200);
    expect((await change()).status).toBe(200);
    const listed = await server.call<{ standings: object[] }>(reader, 'GET', path('/standings'));
    expect(listed.body.standings).toEqual([{ personId: reader.id, role: 'editor', languages: [] }]);
    await server.call(editor, 'PUT', path('/standings'), { ...standing, standing: null });
    expect((await change()).status).toBe(403);
  });

  it('HTTP-19 tells who changed it, and when', async () => {
    await annotate(russian, english());
    const { body } = await server.call<{ entries: { seq: number; person: { name: string } | null }[] }>(
      reader,
      'GET',
      path('/history'),
    );
    expect(body.entries.map(({ person }) => person?.name)).toEqual(expect.arrayContaining(['editor', 'Нина']));
    expect(body.entries.map(({ seq }) => seq)).toEqual(body.entries.map((_entry, index) => index + 1));
  });
});
