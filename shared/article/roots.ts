// The names of the top-level types of an article's Y.Doc. The sync guard, the commands and the editors all agree here.

/** A BCP 47 language tag as we accept it: letters, digits and hyphens, at most 35 characters. */
export const LANGUAGE_TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/;

export const ANNOTATIONS_ROOT = 'annotations';
export const REVIEW_ROOT = 'review';
export const META_ROOT = 'meta';

const TEXT_PREFIX = 'text/';

/** The root that holds the text in `language`: `text/ru`. */
export function textRoot(language: string): string {
  return TEXT_PREFIX + language;
}

/** The language of a text root, or null if `root` is not one. */
export function languageOfRoot(root: string): string | null {
  if (!root.startsWith(TEXT_PREFIX)) return null;
  const language = root.slice(TEXT_PREFIX.length);
  return LANGUAGE_TAG.test(language) ? language : null;
}
