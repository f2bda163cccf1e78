// The parameters that stand in addresses.
import { z } from 'zod';
import { idSchema, languageSchema } from '../../shared/protocol/fields.ts';
import { EXPORT_FORMATS } from '../../shared/protocol/rest.ts';

export const articleParams = z.object({ articleId: idSchema });
export const annotationParams = z.object({ articleId: idSchema, annotationId: idSchema });
export const messageParams = annotationParams.extend({ messageId: idSchema });
export const snapshotParams = z.object({ articleId: idSchema, snapshotId: idSchema });
export const textParams = z.object({ articleId: idSchema, language: languageSchema });
export const snapshotTextParams = snapshotParams.extend({ language: languageSchema });
export const personParams = z.object({ personId: idSchema });
export const tokenParams = z.object({ tokenId: idSchema });
export const invitationParams = z.object({ invitationId: idSchema });
export const secretParams = z.object({ token: z.string().min(1).max(200) });
export const formatQuery = z.object({ format: z.enum(EXPORT_FORMATS).default('json') });
