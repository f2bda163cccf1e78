// What only the command line asks, through the local socket of the data folder: whoever may read that folder may do this.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { idSchema, line } from '../../../shared/protocol/fields.ts';
import { tokenSchema } from '../../../shared/protocol/rest.ts';
import { mendArticle } from '../../mend-article.ts';
import { restoreArticle } from '../../restore-article.ts';
import { articleParams, personParams } from '../params.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, route } from '../route.ts';

const mendSchema = z.object({ snapshotId: idSchema.optional() });
const restoreSchema = z.union([
  z.object({ snapshotId: idSchema, dryRun: z.boolean().default(false) }),
  z.object({ at: z.number().int().nonnegative(), dryRun: z.boolean().default(false) }),
]);
const tokenBodySchema = z.object({ name: line(100) });
const tokenOfParams = z.object({ personId: personParams.shape.personId, tokenId: personParams.shape.personId });

export function localRoutes(parts: HttpParts): Route[] {
  const { identity, people, storage } = parts;
  const access = { kind: 'local' } as const;
  return [
    route({
      method: 'post',
      path: '/api/local/backup',
      tag: 'local',
      summary: 'Makes a consistent copy of everything, a new file of the data folder; whoever asked takes it away',
      access,
      output: z.object({ name: z.string() }),
      async handle() {
        const name = `kopuro.backup-${randomUUID()}`;
        const file = path.join(parts.config.dataFolder, name);
        try {
          await storage.backup(file);
        } catch (error) {
          await rm(file, { force: true });
          throw error;
        }
        return { name };
      },
    }),
    route({
      method: 'get',
      path: '/api/local/articles',
      tag: 'local',
      summary: 'The ids of all articles',
      access,
      output: z.object({ ids: z.array(z.string()) }),
      handle: async () => ({ ids: await storage.articles.ids() }),
    }),
    route({
      method: 'post',
      path: '/api/local/articles/:articleId/verify',
      tag: 'local',
      summary: 'Reads the whole log and every snapshot of an article and says what is damaged',
      access,
      params: articleParams,
      output: z.looseObject({}),
      handle: (_call, { params }) => storage.archive.verify(params.articleId),
    }),
    route({
      method: 'post',
      path: '/api/local/articles/:articleId/mend',
      tag: 'local',
      summary: 'Makes an article that cannot be read readable again, with the least loss',
      access,
      params: articleParams,
      body: mendSchema,
      output: z.looseObject({}),
      handle: (_call, { params, body }) => mendArticle(parts, params.articleId, body.snapshotId),
    }),
    route({
      method: 'post',
      path: '/api/local/articles/:articleId/restore',
      tag: 'local',
      summary:
        'Makes the texts of an article what they were at a moment or in a snapshot, or says what that would change',
      access,
      params: articleParams,
      body: restoreSchema,
      output: z.looseObject({}),
      handle: ({ principal }, { params, body }) =>
        restoreArticle(parts, params.articleId, body, principal.person, body.dryRun),
    }),
    route({
      method: 'get',
      path: '/api/local/people/:personId/tokens',
      tag: 'local',
      summary: 'A person’s tokens',
      access,
      params: personParams,
      output: z.object({ tokens: z.array(tokenSchema) }),
      async handle(_call, { params }) {
        await people.get(params.personId);
        return { tokens: await identity.tokens(params.personId) };
      },
    }),
    route({
      method: 'post',
      path: '/api/local/people/:personId/tokens',
      tag: 'local',
      summary: 'Makes a token for a person',
      access,
      params: personParams,
      body: tokenBodySchema,
      status: 201,
      output: z.object({ token: z.string(), info: tokenSchema }),
      async handle(_call, { params, body }) {
        await people.get(params.personId);
        return identity.createToken(params.personId, body.name);
      },
    }),
    route({
      method: 'delete',
      path: '/api/local/people/:personId/tokens/:tokenId',
      tag: 'local',
      summary: 'Revokes a person’s token',
      access,
      params: tokenOfParams,
      output: z.object({ revoked: z.boolean() }),
      handle: async (_call, { params }) => ({ revoked: await identity.revokeToken(params.personId, params.tokenId) }),
    }),
  ];
}
