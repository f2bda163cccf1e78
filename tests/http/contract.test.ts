// The table of routes as a contract: each one is authorised, each one is in a valid OpenAPI document.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../server/http/route.ts';
import { may, ROLES } from '../../shared/access/roles.ts';
import { startTestApp, type TestApp, type TestPerson } from '../support/app.ts';

interface Operation {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

let server: TestApp;
let people: Record<string, TestPerson>;
let articleId: string;
let document: Document;

beforeAll(async () => {
  server = await startTestApp();
  people = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await server.addPerson(role, ['ru'])] as const)),
  );
  articleId = await server.addArticle(people.editor!);
  document = (await server.call<Document>(null, 'GET', '/api/openapi.json')).body;
});
afterAll(() => server.close());

const addressOf = (route: Route) => route.path.replace(':articleId', articleId).replace(/:(\w+)/g, 'nothing');
const notLocal = (route: Route) => route.access.kind !== 'local';

describe('every route', () => {
  it('HTTP-6 asks who is there, unless it is for everybody', async () => {
    const open: string[] = [];
    for (const route of server.app.routes.filter(notLocal)) {
      const answer = await server.call(null, route.method.toUpperCase(), addressOf(route));
      if (route.access.kind === 'public') open.push(`${route.method} ${route.path}`);
      else expect([route.path, answer.status, answer.body.error.code]).toEqual([route.path, 401, 'not-signed-in']);
    }
    expect(open.sort()).toEqual([
      'delete /api/session',
      'get /api/invitations/by-token/:token',
      'get /api/openapi.json',
      'get /api/session',
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'get /sign-in/:token',
      'post /api/invitations/accept',
    ]);
  });

  it('HTTP-6 refuses whom the table of rights refuses, before it reads anything', async () => {
    let checked = 0;
    for (const route of server.app.routes) {
      if (route.access.kind !== 'newsroom' && route.access.kind !== 'article') continue;
      for (const role of ROLES) {
        if (may({ role, languages: ['ru'] }, route.access.action, 'ru')) continue;
        const answer = await server.call(people[role]!, route.method.toUpperCase(), addressOf(route));
        expect([route.path, role, answer.status]).toEqual([route.path, role, 403]);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(10);
  });

  it('HTTP-6 of the local socket does not exist for the network', async () => {
    const local = server.app.routes.filter((route) => route.access.kind === 'local');
    expect(local.length).toBeGreaterThan(3);
    for (const route of local) {
      const answer = await server.call(people.editor!, route.method.toUpperCase(), addressOf(route));
      expect([route.path, answer.status, answer.body.error.code]).toEqual([route.path, 404, 'not-found']);
    }
  });
});

describe('the OpenAPI document', () => {
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('HTTP-7 describes every route of the table and nothing else', () => {
    const described = operations().map(({ path, method }) => `${method} ${path}`);
    const routes = server.app.routes
      .filter(notLocal)
      .map((route) => `${route.method} ${route.path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual(routes.sort());
  });

  it('HTTP-7 is valid: parameters declared, ids unique, references resolved, responses described', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name).sort()).toEqual(inPath.sort());
      expect(declared.every(({ required, schema }) => required === true && schema !== undefined)).toBe(true);
      expect(operation.summary).not.toBe('');
      expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
      for (const response of Object.values(operation.responses)) expect(response.description).not.toBe('');
    }
    for (const reference of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const target = reference[1]!
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
      expect([reference[1], typeof target]).toEqual([reference[1], 'object']);
    }
  });

  it('HTTP-7 says what the contracts say: fields, formats, statuses', () => {
    const create = document.paths['/api/articles']?.post;
    const body = create?.requestBody?.content['application/json']?.schema as { required: string[] };
    expect(body.required.sort()).toEqual(['content', 'format', 'sourceLanguage', 'targetLanguages']);
    expect(create?.responses['201']).toBeDefined();
    expect(document.paths['/api/import/preview']?.post?.requestBody?.content['multipart/form-data']).toBeDefined();
    expect(Object.keys(document.components.schemas)).toContain('Person');
    expect(create?.security).toBeUndefined();
    expect(document.paths['/api/session']?.get?.security).toEqual([]);
  });
});
