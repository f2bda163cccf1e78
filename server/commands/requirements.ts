// What handlers demand before they act: rights, and things that must exist. Each throws the error that a person meets.
import type * as Y from 'yjs';
import { type Action, may } from '../../shared/access/roles.ts';
import { annotationsMap, readAnnotation } from '../../shared/annotation/read.ts';
import type { Annotation } from '../../shared/annotation/types.ts';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { CommandContext } from './types.ts';

/** Throws `not-allowed` unless the person may do this (in this language). */
export function requireRight(context: CommandContext, action: Action, language?: string): void {
  if (!may(context.standing, action, language)) {
    throw new KopuroError('not-allowed', { action, ...(language === undefined ? {} : { language }) });
  }
}

/**
 * The annotation, or `annotation-deleted` if it was there once. Yjs itself remembers every key of a map that ever was, deleted
 * or not, so no list of the dead is kept.
 */
export function requireAnnotation(doc: Y.Doc, id: string): Annotation {
  const annotation = readAnnotation(doc, id);
  if (annotation) return annotation;
  const once = annotationsMap(doc)._map.has(id);
  throw new KopuroError(once ? 'annotation-deleted' : 'annotation-not-found', { annotationId: id });
}

/** Throws `language-not-in-article` unless the article has a text in this language. */
export function requireLanguage(doc: Y.Doc, language: string): void {
  if (!articleLanguages(readMeta(doc)).includes(language))
    throw new KopuroError('language-not-in-article', { language });
}

export function invalid(field: string, reason: string): KopuroError {
  return new KopuroError('invalid-input', { field, reason });
}
