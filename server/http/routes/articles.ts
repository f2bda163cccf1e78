// Articles: the list, making one from a file or a text, reading one in any language and format, who may do what in it.
import { z } from 'zod';
import { readBlocks } from '../../../shared/article/blocks.ts';
import { randomId } from '../../../shared/article/ids.ts';
import { articleLanguages, readMeta } from '../../../shared/article/meta.ts';
import { conditionsOf } from '../../../shared/desk/finding.ts';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import { epochMs, idSchema, languageSchema, line, roleSchema } from '../../../shared/protocol/fields.ts';
import {
  articleDetailSchema,
  articleListQuery,
  articleListSchema,
  createArticleSchema,
  EXPORT_FORMATS,
  historyEntrySchema,
  IMPORT_FORMATS,
  type ImportFormat,
  importPreviewSchema,
} from '../../../shared/protocol/rest.ts';
import { exportMediaType } from '../../formats/export.ts';
import { Upload } from '../body.ts';
import { articleParams, formatQuery, textParams } from '../params.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { textContent } from '../text-content.ts';

/** JSON that carries a text of the greatest size, with its escapes. */
const IMPORT_BODY_LIMIT = 12 * 1024 * 1024;

const previewBodySchema = z.object({
  content: z.string(),
  format: z.enum(IMPORT_FORMATS).optional(),
  title: line(300, 0).optional(),
});
const standingsSchema = z.object({
  standings: z.array(z.object({ personId: idSchema, role: roleSchema, languages: z.array(languageSchema) })),
});
const setStandingSchema = z.object({
  personId: idSchema,
  standing: z.object({ role: roleSchema, languages: z.array(languageSchema).max(20) }).nullable(),
});
const historyQuery = z.object({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
});
const changeSchema = z.object({
  title: line(300).optional(),
  deadline: epochMs.nullable().optional(),
});

export function articleRoutes(parts: HttpParts): Route[] {
  const { storage, rooms, commands, reading } = parts;
  const exportTypes = EXPORT_FORMATS.map((format) => exportMediaType(format).split(';')[0] ?? '');

  return [
    route({
      method: 'get',
      path: '/api/articles',
      tag: 'articles',
      summary: 'The articles that were asked for, the last changed first, page by page',
      access: { kind: 'newsroom', action: 'read' },
      query: articleListQuery,
      output: articleListSchema,
      handle({ principal }, { query }) {
        const { limit, cursor, search, language = '', state, mine } = query;
        const filter = { search, language, state, mine: mine === 'yes' };
        return storage.articles.page(limit, cursor, conditionsOf(filter, principal.person));
      },
    }),
    route({
      method: 'get',
      path: '/api/languages',
      tag: 'articles',
      summary: 'The languages that articles are written in or translated into',
      access: { kind: 'newsroom', action: 'read' },
      output: z.object({ languages: z.array(languageSchema) }),
      handle: async () => ({ languages: await storage.articles.languages() }),
    }),
    route({
      method: 'post',
      path: '/api/articles',
      tag: 'articles',
      summary: 'Makes an article from a text',
      access: { kind: 'newsroom', action: 'createArticle' },
      body: createArticleSchema,
      bodyLimit: IMPORT_BODY_LIMIT,
      rate: 'imports',
      status: 201,
      output: z.object({ id: z.string() }),
      async handle({ principal, response }, { body }) {
        if (body.targetLanguages.includes(body.sourceLanguage)) {
          throw new KopuroError('invalid-input', { field: 'targetLanguages', reason: 'contains the source language' });
        }
        const imported = await reading.blocks(body.content, body.format);
        const omitted = new Set(body.omit);
        const blocks = imported.blocks.filter((_block, index) => !omitted.has(index));
        if (blocks.length === 0) throw new KopuroError('file-empty');
        const { id, created } = await commands.createArticle(
          {
            ...(body.id === undefined ? {} : { id: body.id }),
            title: body.title || imported.title,
            sourceLanguage: body.sourceLanguage,
            targetLanguages: body.targetLanguages,
            deadline: body.deadline ?? null,
            blocks,
          },
          principal.person,
          () => !response.destroyed, // its connection is closed: cancelled, or cut off
        );
        if (created) parts.articleChanged(id);
        response.setHeader('Location', `/api/articles/${id}`);
        return { id };
      },
    }),
    route({
      method: 'post',
      path: '/api/import/preview',
      tag: 'articles',
      summary: 'What a file or a text would become, what was cleaned, and what looks like a leftover',
      access: { kind: 'newsroom', action: 'createArticle' },
      body: previewBodySchema,
      upload: true,
      bodyLimit: IMPORT_BODY_LIMIT,
      rate: 'imports',
      output: importPreviewSchema,
      async handle(_call, { body }: { body: unknown }) {
        if (body instanceof Upload) {
          const format = uploadFormat(body.fields.format);
          return reading.file({ bytes: body.bytes, fileName: body.fileName, ...(format ? { format } : {}) });
        }
        const { content, format, title } = body as z.output<typeof previewBodySchema>;
        const preview = await reading.text(content, format);
        return title ? { ...preview, title } : preview;
      },
    }),
    route({
      method: 'get',
      path: '/api/articles/:articleId',
      tag: 'articles',
      summary: 'One article, and what the asker may do in it',
      access: { kind: 'article', action: 'read' },
      params: articleParams,
      output: articleDetailSchema,
      async handle({ principal }, { params }) {
        const [summary, epoch, standing] = await Promise.all([
          storage.articles.summary(params.articleId),
          storage.articles.epoch(params.articleId),
          commands.standingIn(params.articleId, principal.person),
        ]);
        if (!summary) throw new KopuroError('article-not-found');
        return { ...summary, epoch, standing };
      },
    }),
    route({
      method: 'patch',
      path: '/api/articles/:articleId',
      tag: 'articles',
      summary: 'Changes the title or the deadline',
      access: { kind: 'command' },
      params: articleParams,
      body: changeSchema,
      output: z.looseObject({}),
      handle: ({ principal }, { params, body }) =>
        commands.run(
          { id: randomId(), articleId: params.articleId, type: 'article.change', payload: body },
          principal.person,
        ),
    }),
    route({
      method: 'delete',
      path: '/api/articles/:articleId',
      tag: 'articles',
      summary: 'Deletes an article with everything in it',
      access: { kind: 'article', action: 'manageArticle' },
      params: articleParams,
      output: null,
      handle: ({ principal }, { params }) => commands.removeArticle(params.articleId, principal.person),
    }),
    route({
      method: 'get',
      path: '/api/articles/:articleId/texts/:language',
      tag: 'articles',
      summary: 'The text in one language, as it is now',
      access: { kind: 'article', action: 'read' },
      params: textParams,
      query: formatQuery,
      output: exportTypes,
      handle: (_call, { params, query }) =>
        rooms.use(params.articleId, async (room) => {
          const meta = readMeta(room.doc);
          if (!articleLanguages(meta).includes(params.language)) throw new KopuroError('language-not-in-article');
          const blocks = readBlocks(room.doc, params.language);
          await room.committed();
          return textContent(blocks, query.format, { language: params.language, title: meta.title });
        }),
    }),
    route({
      method: 'get',
      path: '/api/articles/:articleId/history',
      tag: 'articles',
      summary: 'Who changed the article, and when',
      access: { kind: 'article', action: 'read' },
      params: articleParams,
      query: historyQuery,
      output: z.object({ entries: z.array(historyEntrySchema) }),
      async handle(_call, { params, query }) {
        const rows = await storage.archive.history(params.articleId, {
          ...(query.from === undefined ? {} : { from: query.from }),
          ...(query.to === undefined ? {} : { to: query.to }),
        });
        const authors = new Set(rows.flatMap(({ personId }) => personId ?? []));
        const names = await storage.people.names([...authors]);
        return {
          entries: rows.map(({ from, to, at, until, bytes, personId }) => ({
            seq: from,
            lastSeq: to,
            at,
            until,
            bytes,
            person: personId === null ? null : { id: personId, name: names.get(personId) ?? 'Köpürö' },
          })),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/articles/:articleId/standings',
      tag: 'articles',
      summary: 'Roles that this article gives instead of the newsroom’s',
      access: { kind: 'article', action: 'read' },
      params: articleParams,
      output: standingsSchema,
      async handle(_call, { params }) {
        const standings = await storage.articles.standings(params.articleId);
        return { standings: [...standings].map(([personId, standing]) => ({ personId, ...standing })) };
      },
    }),
    route({
      method: 'put',
      path: '/api/articles/:articleId/standings',
      tag: 'articles',
      summary: 'Gives a person another role in this article, or (null) the newsroom’s again',
      access: { kind: 'command' },
      params: articleParams,
      body: setStandingSchema,
      output: z.looseObject({}),
      handle: ({ principal }, { params, body }) =>
        commands.run(
          { id: randomId(), articleId: params.articleId, type: 'article.setStanding', payload: body },
          principal.person,
        ),
    }),
  ];
}

function uploadFormat(value: string | undefined): ImportFormat | undefined {
  if (value === undefined || value === '') return undefined;
  const format = IMPORT_FORMATS.find((known) => known === value);
  if (!format) throw new KopuroError('file-format-unknown');
  return format;
}
