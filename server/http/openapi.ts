// The OpenAPI 3.1 document, made from the same table of routes as the handlers.
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ERROR_STATUS, type ErrorCode } from '../../shared/protocol/errors.ts';
import {
  articleDetailSchema,
  articleSummarySchema,
  blockSchema,
  importPreviewSchema,
  invitationSchema,
  notificationSchema,
  personSchema,
  snapshotSchema,
  tokenSchema,
} from '../../shared/protocol/rest.ts';
import type { Route } from './route.ts';

const errorSchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().meta({ description: 'In the language of the reader' }),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

const uploadSchema = z.object({
  file: z.string().meta({ format: 'binary', description: 'A .txt, .md or .html file' }),
});

/** The document. Local routes are left out: they are nobody's but the command line's. */
export function createOpenApi(routes: readonly Route[], version: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    if (route.access.kind === 'local') continue;
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Köpürö',
        version,
        description: 'A real-time desk on which an article crosses languages.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }, { session: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'kopuro_session' },
        },
        schemas: {
          ArticleDetail: articleDetailSchema,
          ArticleSummary: articleSummarySchema,
          Block: blockSchema,
          Error: errorSchema,
          ImportPreview: importPreviewSchema,
          Invitation: invitationSchema,
          Notification: notificationSchema,
          Person: personSchema,
          Snapshot: snapshotSchema,
          Token: tokenSchema,
        },
      },
      paths,
    },
    {
      // Strings that are normalised on the way in (`text`, `line`) are strings on the way out.
      override: ({ jsonSchema, zodSchema, io }) => {
        const definition = zodSchema._zod.def;
        if (io === 'output' && (definition.type === 'pipe' || definition.type === 'transform'))
          jsonSchema.type = 'string';
      },
    },
  );
}

function operation(route: Route): ZodOpenApiOperationObject {
  const content = route.body ? { 'application/json': { schema: route.body } } : undefined;
  const parameters = {
    ...(route.params ? { path: route.params as z.ZodObject } : {}),
    ...(route.query ? { query: route.query as z.ZodObject } : {}),
  };
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.access.kind === 'public' ? { security: [] } : {}),
    requestParams: parameters,
    ...(content
      ? {
          requestBody: {
            required: true,
            content: { ...content, ...(route.upload ? { 'multipart/form-data': { schema: uploadSchema } } : {}) },
          },
        }
      : {}),
    responses: {
      [String(route.status)]: success(route),
      default: { description: 'An error', content: { 'application/json': { schema: errorSchema } } },
    } as ZodOpenApiOperationObject['responses'],
  };
}

function success(route: Route) {
  const description = route.status === 204 ? 'Done' : route.status === 303 ? 'Leads on' : 'Success';
  if (route.output === null) return { description };
  if (typeof route.output === 'object' && !Array.isArray(route.output)) {
    return { description, content: { 'application/json': { schema: route.output as z.ZodType } } };
  }
  const types = Array.isArray(route.output) ? (route.output as readonly string[]) : [route.output as string];
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema: z.string() }])) };
}

/** `POST /api/articles/:articleId/annotations` → `postArticlesAnnotations`, with `By…` for what would clash. */
function operationId(route: Route): string {
  const words = route.path
    .split('/')
    .filter((part) => part !== '' && part !== 'api')
    .map((part) => (part.startsWith(':') ? `by-${part.slice(1)}` : part))
    .flatMap((part) => part.split(/[^A-Za-z0-9]+/));
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
