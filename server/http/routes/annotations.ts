// Annotations over REST: each address is a command in other words. What a command refuses, these refuse.
import { z } from 'zod';
import { readAnnotation, readAnnotations } from '../../../shared/annotation/read.ts';
import { ANNOTATION_KINDS } from '../../../shared/annotation/types.ts';
import { randomId } from '../../../shared/article/ids.ts';
import {
  COMMAND_SCHEMAS,
  type CommandEnvelope,
  type CommandType,
  commandEnvelopeSchema,
} from '../../../shared/protocol/commands.ts';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import { languageSchema } from '../../../shared/protocol/fields.ts';
import type { Principal } from '../../identity/identity.ts';
import { annotationParams, articleParams, messageParams } from '../params.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, route } from '../route.ts';

const filterQuery = z.object({
  kind: z.enum(ANNOTATION_KINDS).optional(),
  language: languageSchema.optional(),
  status: z.enum(['open', 'resolved']).optional(),
});
// An annotation's full shape is shared/annotation/types.ts; here it is told to programs that have no types.
const annotationSchema = z.looseObject({
  id: z.string(),
  kind: z.enum(ANNOTATION_KINDS),
  language: z.string(),
  anchorState: z.enum(['attached', 'moved', 'orphan']),
  status: z.enum(['open', 'resolved']),
});
const resultSchema = z.looseObject({});
const envelopeSchema = commandEnvelopeSchema.omit({ articleId: true }).partial({ id: true });

type OnAnnotation = Exclude<
  Extract<CommandType, `annotation.${string}` | `suggestion.${string}` | `claim.${string}`>,
  'annotation.create'
>;

export function annotationRoutes(parts: HttpParts): Route[] {
  const run = (principal: Principal, articleId: string, type: CommandType, payload: unknown) =>
    parts.commands.run({ id: randomId(), articleId, type, payload }, principal.person);

  /** An address below one annotation that carries out one command with the body as its payload. */
  const below = (path: string, type: OnAnnotation, summary: string, body: z.ZodType | null = null): Route =>
    route({
      method: 'post',
      path: `/api/articles/:articleId/annotations/:annotationId/${path}`,
      tag: 'annotations',
      summary,
      access: { kind: 'command' },
      params: annotationParams,
      ...(body ? { body } : {}),
      status: type === 'annotation.reply' || type === 'claim.addEvidence' ? 201 : 200,
      output: resultSchema,
      handle: ({ principal }, { params, body: fields }) =>
        run(principal, params.articleId, type, {
          ...(type === 'claim.addEvidence' ? { evidence: fields } : (fields as object | undefined)),
          annotationId: params.annotationId,
        }),
    });
  return [
    route({
      method: 'get',
      path: '/api/articles/:articleId/annotations',
      tag: 'annotations',
      summary: 'Annotations of an article, oldest first',
      access: { kind: 'article', action: 'read' },
      params: articleParams,
      query: filterQuery,
      output: z.object({ annotations: z.array(annotationSchema) }),
      handle: (_call, { params, query }) =>
        parts.rooms.use(params.articleId, async (room) => {
          const annotations = readAnnotations(room.doc).filter(
            (annotation) =>
              (query.kind === undefined || annotation.kind === query.kind) &&
              (query.language === undefined || annotation.language === query.language) &&
              (query.status === undefined || annotation.status === query.status),
          );
          await room.committed();
          return { annotations };
        }),
    }),
    route({
      method: 'post',
      path: '/api/articles/:articleId/annotations',
      tag: 'annotations',
      summary: 'Annotates words of a block',
      access: { kind: 'command' },
      params: articleParams,
      body: COMMAND_SCHEMAS['annotation.create'],
      status: 201,
      output: z.looseObject({ id: z.string(), annotationId: z.string() }),
      async handle({ principal }, { params, body }) {
        const result = (await run(principal, params.articleId, 'annotation.create', body)) as { annotationId: string };
        return { id: result.annotationId, ...result };
      },
    }),
    route({
      method: 'get',
      path: '/api/articles/:articleId/annotations/:annotationId',
      tag: 'annotations',
      summary: 'One annotation with its thread',
      access: { kind: 'article', action: 'read' },
      params: annotationParams,
      output: annotationSchema,
      handle: (_call, { params }) =>
        parts.rooms.use(params.articleId, async (room) => {
          const annotation = readAnnotation(room.doc, params.annotationId);
          await room.committed();
          if (!annotation) throw new KopuroError('annotation-not-found');
          return annotation;
        }),
    }),
    route({
      method: 'delete',
      path: '/api/articles/:articleId/annotations/:annotationId',
      tag: 'annotations',
      summary: 'Deletes an annotation',
      access: { kind: 'command' },
      params: annotationParams,
      output: null,
      async handle({ principal }, { params }) {
        await run(principal, params.articleId, 'annotation.delete', { annotationId: params.annotationId });
      },
    }),
    below(
      'replies',
      'annotation.reply',
      'Replies in the thread',
      COMMAND_SCHEMAS['annotation.reply'].omit({ annotationId: true }),
    ),
    route({
      method: 'patch',
      path: '/api/articles/:articleId/annotations/:annotationId/replies/:messageId',
      tag: 'annotations',
      summary: 'Edits one’s own message',
      access: { kind: 'command' },
      params: messageParams,
      body: z.object({ body: COMMAND_SCHEMAS['annotation.editMessage'].shape.body }),
      output: resultSchema,
      handle: ({ principal }, { params, body }) =>
        run(principal, params.articleId, 'annotation.editMessage', {
          annotationId: params.annotationId,
          messageId: params.messageId,
          body: body.body,
        }),
    }),
    route({
      method: 'delete',
      path: '/api/articles/:articleId/annotations/:annotationId/replies/:messageId',
      tag: 'annotations',
      summary: 'Deletes one’s own message',
      access: { kind: 'command' },
      params: messageParams,
      output: null,
      async handle({ principal }, { params }) {
        const { annotationId, messageId } = params;
        await run(principal, params.articleId, 'annotation.deleteMessage', { annotationId, messageId });
      },
    }),
    below('resolve', 'annotation.resolve', 'Resolves the thread'),
    below('reopen', 'annotation.reopen', 'Opens a resolved thread again'),
    below(
      'suggestion',
      'suggestion.propose',
      'Offers other words',
      COMMAND_SCHEMAS['suggestion.propose'].omit({ annotationId: true }),
    ),
    below('suggestion/accept', 'suggestion.accept', 'Puts the suggested words into the text'),
    below('suggestion/reject', 'suggestion.reject', 'Rejects the suggestion'),
    below('suggestion/revert', 'suggestion.revert', 'Takes an accepted suggestion back'),
    below(
      'verdict',
      'claim.verdict',
      'Gives a verdict on a claim',
      COMMAND_SCHEMAS['claim.verdict'].omit({ annotationId: true }),
    ),
    below(
      'evidence',
      'claim.addEvidence',
      'Adds evidence to a claim',
      COMMAND_SCHEMAS['claim.addEvidence'].shape.evidence,
    ),
    route({
      method: 'post',
      path: '/api/articles/:articleId/commands',
      tag: 'commands',
      summary: 'Carries out any command; the same id again has no second effect',
      access: { kind: 'command' },
      params: articleParams,
      body: envelopeSchema,
      output: z.object({ result: resultSchema }),
      handle: async ({ principal }, { params, body }) => ({
        result: await parts.commands.run(
          { ...body, id: body.id ?? randomId(), articleId: params.articleId } as CommandEnvelope,
          principal.person,
        ),
      }),
    }),
  ];
}
