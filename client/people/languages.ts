// The languages that a person may be given here.

export const LANGUAGES: readonly string[] = ['en', 'ru', 'ky', 'kk', 'uz', 'tg', 'tr', 'de', 'fr', 'es', 'zh', 'ar'];
