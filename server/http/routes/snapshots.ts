// Snapshots: taking, listing, reading and restoring them.
import { z } from 'zod';
import { readBlocks } from '../../../shared/article/blocks.ts';
import { randomId } from '../../../shared/article/ids.ts';
import { articleLanguages, readMeta } from '../../../shared/article/meta.ts';
import { COMMAND_SCHEMAS } from '../../../shared/protocol/commands.ts';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import { EXPORT_FORMATS, snapshotSchema } from '../../../shared/protocol/rest.ts';
import { openSnapshot } from '../../commands/snapshots.ts';
import { exportMediaType } from '../../formats/export.ts';
import { articleParams, formatQuery, snapshotParams, snapshotTextParams } from '../params.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { textContent } from '../text-content.ts';

export function snapshotRoutes(parts: HttpParts): Route[] {
  const { storage, commands } = parts;
  return [
    route({
      method: 'get',
      path: '/api/articles/:articleId/snapshots',
      tag: 'snapshots',
      summary: 'Snapshots of an article, newest first',
      access: { kind: 'article', action: 'read' },
      params: articleParams,
      output: z.object({ snapshots: z.array(snapshotSchema) }),
      handle: async (_call, { params }) => ({ snapshots: await storage.snapshots.list(params.articleId) }),
    }),
    route({
      method: 'post',
      path: '/api/articles/:articleId/snapshots',
      tag: 'snapshots',
      summary: 'Takes a named snapshot',
      access: { kind: 'command' },
      params: articleParams,
      body: COMMAND_SCHEMAS['snapshot.create'],
      status: 201,
      output: z.looseObject({ id: z.string(), snapshotId: z.string() }),
      async handle({ principal }, { params, body }) {
        const result = (await commands.run(
          { id: randomId(), articleId: params.articleId, type: 'snapshot.create', payload: body },
          principal.person,
        )) as { snapshotId: string };
        return { id: result.snapshotId, ...result };
      },
    }),
    route({
      method: 'get',
      path: '/api/articles/:articleId/snapshots/:snapshotId/texts/:language',
      tag: 'snapshots',
      summary: 'The text in one language, as it was then',
      access: { kind: 'article', action: 'read' },
      params: snapshotTextParams,
      query: formatQuery,
      output: EXPORT_FORMATS.map((format) => exportMediaType(format).split(';')[0] ?? ''),
      async handle(_call, { params, query }) {
        const { doc } = await openSnapshot(storage, params.articleId, params.snapshotId);
        try {
          const meta = readMeta(doc);
          if (!articleLanguages(meta).includes(params.language)) throw new KopuroError('language-not-in-article');
          const blocks = readBlocks(doc, params.language);
          return textContent(blocks, query.format, { language: params.language, title: meta.title });
        } finally {
          doc.destroy();
        }
      },
    }),
    route({
      method: 'post',
      path: '/api/articles/:articleId/snapshots/:snapshotId/restore',
      tag: 'snapshots',
      summary: 'Brings the texts of a snapshot back, as a change that everybody sees',
      access: { kind: 'command' },
      params: snapshotParams,
      output: z.looseObject({}),
      handle: ({ principal }, { params }) =>
        commands.run(
          {
            id: randomId(),
            articleId: params.articleId,
            type: 'snapshot.restore',
            payload: { snapshotId: params.snapshotId },
          },
          principal.person,
        ),
    }),
  ];
}
