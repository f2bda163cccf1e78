// What is chosen for a new article before anybody chose: pure.
import type { ImportPreview } from '../../shared/protocol/rest.ts';
import { USUAL_LANGUAGES } from '../app/languages.ts';

/** Leftovers of a web page beyond reasonable doubt are ticked for removal; the doubtful are offered unticked. */
export function firstOmitted(suspects: ImportPreview['suspects']): ReadonlySet<number> {
  return new Set(
    suspects.filter(({ reason }) => reason === 'navigation' || reason === 'image-link').map(({ index }) => index),
  );
}

/** The usual languages without the source. */
export function firstTargets(source: string): string[] {
  return USUAL_LANGUAGES.filter((language) => language !== source);
}

/** A guess at the language of a text by its letters: the three of this newsroom only. */
export function guessLanguage(text: string): (typeof USUAL_LANGUAGES)[number] {
  const sample = text.slice(0, 20_000);
  const cyrillic = sample.match(/[а-яё]/gi)?.length ?? 0;
  const latin = sample.match(/[a-z]/gi)?.length ?? 0;
  if (latin >= cyrillic) return 'en';
  const kyrgyz = sample.match(/[ңөү]/gi)?.length ?? 0;
  return kyrgyz > cyrillic / 100 ? 'ky' : 'ru';
}
