// What a person may write in an article, root by root, as the guard and the greeting ask it. Pure.
import { may, type Standing } from '../../shared/access/roles.ts';
import { ANNOTATIONS_ROOT, languageOfRoot, META_ROOT, REVIEW_ROOT } from '../../shared/article/roots.ts';
import type { RootAccess } from './guard/verdict.ts';

const SERVER_ROOTS: readonly string[] = [ANNOTATIONS_ROOT, REVIEW_ROOT, META_ROOT];

export function accessTo(root: string, standing: Standing, languages: ReadonlySet<string>): RootAccess {
  if (SERVER_ROOTS.includes(root)) return 'forbidden';
  const language = languageOfRoot(root);
  if (language === null || !languages.has(language)) return 'unknown';
  return may(standing, 'editText', language) ? 'yes' : 'forbidden';
}

/** Languages of the article whose text may be edited. */
export function editableLanguages(standing: Standing, languages: ReadonlySet<string>): string[] {
  return [...languages].filter((language) => may(standing, 'editText', language));
}

export function mayWriteSomething(standing: Standing, languages: ReadonlySet<string>): boolean {
  for (const language of languages) if (may(standing, 'editText', language)) return true;
  return false;
}
