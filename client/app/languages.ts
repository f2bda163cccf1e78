// The languages that this newsroom offers for texts and people. Others that a text has already are shown too.

/** Offered without asking for more. */
export const USUAL_LANGUAGES = ['en', 'ru', 'ky'] as const;
export const MORE_LANGUAGES = ['kk', 'uz', 'tg', 'tr', 'de', 'fr', 'es', 'zh', 'ar', 'fa', 'uk'] as const;
export const OFFERED_LANGUAGES: readonly string[] = [...USUAL_LANGUAGES, ...MORE_LANGUAGES];
