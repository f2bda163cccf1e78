// The contracts of commands: everything that changes an article other than typing. One zod schema each, used by socket.io,
// REST and OpenAPI alike. `COMMAND_SCHEMAS` is the registry; a command's handler lives in server/commands/.
import { z } from 'zod';
import { ANNOTATION_KINDS, EVIDENCE_STANCES, MQM_CATEGORIES, SEVERITIES, VERDICTS } from '../annotation/types.ts';
import { epochMs, idSchema, languageSchema, line, roleSchema, text, webAddress } from './fields.ts';

export const MAX_BODY = 10_000;
const body = text(MAX_BODY, 1);
/** A suggestion stays inside one block, so it never holds a line break. */
const replacement = text(5_000).refine((value) => !/[\r\n\u2028\u2029]/.test(value), { message: 'line break' });

/** What is to be annotated: words of one block (`exact`), told apart from equal ones by context or by position. */
export const targetSchema = {
  language: languageSchema,
  blockId: idSchema,
  /** The last block, for a range that spans several. */
  endBlockId: idSchema.optional(),
  exact: text(10_000, 1),
  prefix: text(200).optional(),
  suffix: text(200).optional(),
  /** UTF-16 offsets within the block(s): a hint that decides between equal quotes. */
  position: z.object({ start: z.number().int().min(0), end: z.number().int().min(0) }).optional(),
};

const verdictFields = { verdict: z.enum(VERDICTS).nullable(), rationale: text(MAX_BODY).default('') };
export const evidenceSchema = z.object({
  url: webAddress,
  title: line(500, 0).default(''),
  publisher: line(200, 0).default(''),
  quote: text(5_000).default(''),
  stance: z.enum(EVIDENCE_STANCES),
  accessedAt: epochMs.optional(),
});

const annotationId = idSchema;
const onAnnotation = z.object({ annotationId });

export const COMMAND_SCHEMAS = {
  'annotation.create': z.object({
    ...targetSchema,
    kind: z.enum(ANNOTATION_KINDS),
    /** May be empty for a language issue with a suggestion, and for a claim. */
    body: text(MAX_BODY).default(''),
    suggestion: replacement.optional(),
    category: z.enum(MQM_CATEGORIES).optional(),
    severity: z.enum(SEVERITIES).optional(),
    /** Of a claim: what is claimed, in the checker's words; the quoted words if left out. */
    statement: text(2_000, 1).optional(),
  }),
  'annotation.reply': onAnnotation.extend({ body }),
  'annotation.editMessage': onAnnotation.extend({ messageId: idSchema, body }),
  'annotation.deleteMessage': onAnnotation.extend({ messageId: idSchema }),
  'annotation.resolve': onAnnotation,
  'annotation.reopen': onAnnotation,
  'annotation.delete': onAnnotation,
  'annotation.change': onAnnotation.extend({
    category: z.enum(MQM_CATEGORIES).optional(),
    severity: z.enum(SEVERITIES).optional(),
  }),
  /** Puts a `moved` or `orphan` annotation onto words that a person chose, or confirms where it is (no target given). */
  'annotation.reattach': onAnnotation.extend({ target: z.object(targetSchema).optional() }),
  /** New positions after a structural edit, proposed by the client that made it; checked against the quotes. */
  'anchors.propose': z.object({
    anchors: z
      .array(
        z.object({
          annotationId,
          startBlock: idSchema,
          startOffset: z.number().int().min(0),
          endBlock: idSchema,
          endOffset: z.number().int().min(0),
        }),
      )
      .min(1)
      .max(500),
  }),
  'suggestion.propose': onAnnotation.extend({ text: replacement }),
  'suggestion.accept': onAnnotation,
  'suggestion.reject': onAnnotation,
  'suggestion.revert': onAnnotation,
  'claim.verdict': onAnnotation.extend(verdictFields),
  'claim.statement': onAnnotation.extend({ statement: text(2_000, 1) }),
  'claim.addEvidence': onAnnotation.extend({ evidence: evidenceSchema }),
  'claim.removeEvidence': onAnnotation.extend({ evidenceId: idSchema }),
  'review.confirm': z.object({
    language: languageSchema,
    blockId: idSchema,
    state: z.enum(['translated', 'reviewed', 'final']),
    reason: text(500).default(''),
  }),
  'review.withdraw': z.object({ language: languageSchema, blockId: idSchema }),
  'snapshot.create': z.object({ name: line(200) }),
  'snapshot.restore': z.object({ snapshotId: idSchema }),
  'article.change': z.object({ title: line(300).optional(), deadline: epochMs.nullable().optional() }),
  'article.addLanguage': z.object({ language: languageSchema }),
  'article.removeBlocks': z.object({ blockIds: z.array(idSchema).min(1).max(500) }),
  'article.setStanding': z.object({
    personId: idSchema,
    /** null: the newsroom role counts again. */
    standing: z.object({ role: roleSchema, languages: z.array(languageSchema).max(20) }).nullable(),
  }),
} as const;

export type CommandType = keyof typeof COMMAND_SCHEMAS;
export const COMMAND_TYPES = Object.keys(COMMAND_SCHEMAS) as CommandType[];
/** A command as a caller writes it. */
export type CommandInput<T extends CommandType> = z.input<(typeof COMMAND_SCHEMAS)[T]>;
/** A command after validation. */
export type CommandPayload<T extends CommandType> = z.output<(typeof COMMAND_SCHEMAS)[T]>;

/** How a command travels over socket.io. The same `id` sent again gets the first answer and has no second effect. */
export const commandEnvelopeSchema = z.object({
  id: idSchema,
  articleId: idSchema,
  type: z.enum(COMMAND_TYPES as [CommandType, ...CommandType[]]),
  payload: z.unknown(),
  /** Base64 of the sender's Y state vector: the server waits (at most 5 s) until it has seen that much. */
  stateVector: z.base64().max(100_000).optional(),
});
export type CommandEnvelope = z.input<typeof commandEnvelopeSchema>;

/** What a command answers with: the id of what it made or changed, and whatever else its type says. */
export interface CommandResults {
  'annotation.create': { annotationId: string };
  'annotation.reply': { annotationId: string; messageId: string };
  'snapshot.create': { snapshotId: string };
  'anchors.propose': { accepted: string[] };
}
export type CommandResult<T extends CommandType> = T extends keyof CommandResults ? CommandResults[T] : { ok: true };
