// The contracts of REST that are not commands. Routes (server/http) and the web client's calls are typed by these alone.
import { z } from 'zod';
import { BLOCK_KINDS } from '../article/schema.ts';
import { STATES } from '../desk/states.ts';
import { epochMs, idSchema, languageSchema, line, roleSchema, text } from './fields.ts';

export const MAX_IMPORT_BYTES = 10 * 1024 * 1024;
export const IMPORT_FORMATS = ['txt', 'md', 'html'] as const;
export const EXPORT_FORMATS = ['txt', 'md', 'html', 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const inlineSchema = z.object({
  text: z.string().max(200_000),
  bold: z.literal(true).optional(),
  italic: z.literal(true).optional(),
  link: z.string().max(2048).optional(),
});
export const blockSchema = z.object({
  id: z.string().max(64),
  kind: z.enum(BLOCK_KINDS),
  level: z.number().int(),
  indent: z.number().int(),
  ordered: z.boolean(),
  content: z.array(inlineSchema),
});

export const createArticleSchema = z.object({
  title: line(300, 0).optional(),
  sourceLanguage: languageSchema,
  targetLanguages: z
    .array(languageSchema)
    .max(20)
    .refine((tags) => new Set(tags).size === tags.length, { message: 'the same language twice' }),
  format: z.enum(IMPORT_FORMATS),
  content: z.string().min(1),
  /** Indexes of blocks (as in the preview) that are to be left out: what the person confirmed as leftovers. */
  omit: z.array(z.number().int().min(0)).max(10_000).optional(),
  deadline: epochMs.nullable().optional(),
  /** Idempotency: the same id again answers with the article that exists. */
  id: idSchema.optional(),
});

/** What cleaning did, e.g. {code: 'zero-width', count: 3}; the reader's words come from translations `cleaning.<code>`. */
export const cleaningNoteSchema = z.object({
  code: z.enum([
    'converted-encoding',
    'non-breaking-space',
    'zero-width',
    'bidi-override',
    'control',
    'lone-surrogate',
    'blank-run',
    'script',
    'navigation',
    'unsafe-link',
    'image',
    'table',
    'nesting',
    'normalized',
  ]),
  count: z.number().int(),
  /** e.g. the encoding found. */
  detail: z.string().optional(),
});
export type CleaningNote = z.infer<typeof cleaningNoteSchema>;

/** What an import would make. `suspects` are blocks that look like leftovers of a web page, offered for removal. */
export const importPreviewSchema = z.object({
  title: z.string(),
  format: z.enum(IMPORT_FORMATS),
  /** The text as it was read, in Unicode: what `POST /api/articles` takes as `content`. */
  content: z.string(),
  blocks: z.array(blockSchema),
  suspects: z.array(
    z.object({ index: z.number().int(), reason: z.enum(['navigation', 'image-link', 'short-fragment', 'date-alone']) }),
  ),
  cleaned: z.array(cleaningNoteSchema),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

const counts = z.object({ language: z.number().int(), claim: z.number().int(), comment: z.number().int() });
/** Words (by Intl.Segmenter) of the source whose translation stands so. */
export const progressSchema = z.object({
  language: languageSchema,
  total: z.number().int(),
  missing: z.number().int(),
  draft: z.number().int(),
  translated: z.number().int(),
  reviewed: z.number().int(),
  final: z.number().int(),
  stale: z.number().int(),
});
export type Progress = z.infer<typeof progressSchema>;

export const articleSummarySchema = z.object({
  id: idSchema,
  title: z.string(),
  sourceLanguage: languageSchema,
  targetLanguages: z.array(languageSchema),
  deadline: epochMs.nullable(),
  createdAt: epochMs,
  changedAt: epochMs,
  createdBy: z.object({ id: z.string(), name: z.string() }),
  progress: z.array(progressSchema),
  open: counts,
  /** Claims without a verdict. */
  unverifiedClaims: z.number().int(),
  words: z.number().int(),
});
export type ArticleSummary = z.infer<typeof articleSummarySchema>;

/** `GET /api/articles`: which of them, and how many of them at once. Words of the search begin words of the headline or the maker's name. */
export const articleListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
  cursor: z.string().max(200).optional(),
  search: line(400, 0).default(''),
  language: languageSchema.optional(),
  state: z.enum(STATES).default('all'),
  /** Those that the asker made, and those with a text in one of their languages. */
  mine: z.literal('yes').optional(),
});
export const articleListSchema = z.object({
  articles: z.array(articleSummarySchema),
  /** The cursor of the next page; null on the last one. */
  next: z.string().nullable(),
  /** How many there are on all pages; null if they are too many to be counted at each asking. */
  total: z.number().int().nullable(),
});
export type ArticleList = z.infer<typeof articleListSchema>;

export const articleDetailSchema = articleSummarySchema.extend({
  epoch: z.number().int(),
  standing: z.object({ role: roleSchema, languages: z.array(languageSchema) }),
});
export type ArticleDetail = z.infer<typeof articleDetailSchema>;

export const personSchema = z.object({
  id: idSchema,
  name: z.string(),
  role: roleSchema,
  languages: z.array(languageSchema),
  color: z.string(),
  createdAt: epochMs,
  lastSeenAt: epochMs.nullable(),
  removedAt: epochMs.nullable(),
});
export type Person = z.infer<typeof personSchema>;

export const changePersonSchema = z.object({
  name: line(100).optional(),
  role: roleSchema.optional(),
  languages: z.array(languageSchema).max(20).optional(),
});
export const inviteSchema = z.object({
  role: roleSchema,
  languages: z.array(languageSchema).max(20).default([]),
  note: line(200, 0).default(''),
});
export const invitationSchema = z.object({
  id: idSchema,
  role: roleSchema,
  languages: z.array(languageSchema),
  note: z.string(),
  createdAt: epochMs,
  expiresAt: epochMs,
  usedAt: epochMs.nullable(),
});
export type Invitation = z.infer<typeof invitationSchema>;
export const acceptInvitationSchema = z.object({ token: z.string().min(20).max(100), name: line(100) });

export const createTokenSchema = z.object({ name: line(100) });
export const tokenSchema = z.object({
  id: idSchema,
  name: z.string(),
  createdAt: epochMs,
  lastUsedAt: epochMs.nullable(),
});
export type TokenInfo = z.infer<typeof tokenSchema>;

/** `GET /api/session`. `person` is null while nobody is signed in; `setUp` false while there is no editor at all. */
export const sessionSchema = z.object({ person: personSchema.nullable(), setUp: z.boolean(), version: z.string() });
export type Session = z.infer<typeof sessionSchema>;

export const snapshotSchema = z.object({
  id: idSchema,
  articleId: idSchema,
  kind: z.enum(['automatic', 'named', 'before-restore', 'mass-deletion']),
  name: z.string(),
  createdAt: epochMs,
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  words: z.number().int(),
});
export type SnapshotInfo = z.infer<typeof snapshotSchema>;

/** Rows `seq` to `lastSeq` of the log, merged into one: of one person, within one minute. */
export const historyEntrySchema = z.object({
  seq: z.number().int(),
  lastSeq: z.number().int(),
  at: epochMs,
  until: epochMs,
  person: z.object({ id: z.string(), name: z.string() }).nullable(),
  bytes: z.number().int(),
});

export const notificationSchema = z.object({
  id: idSchema,
  kind: z.enum(['mention', 'reply', 'suggestion-decided', 'verdict', 'mass-deletion']),
  articleId: idSchema,
  articleTitle: z.string(),
  /** Null where no annotation is concerned: a mass deletion. */
  annotationId: idSchema.nullable(),
  by: z.object({ id: z.string(), name: z.string() }),
  excerpt: text(300),
  at: epochMs,
  readAt: epochMs.nullable(),
});
export type Notification = z.infer<typeof notificationSchema>;
