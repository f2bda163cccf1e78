// How the work at an article stands, as the desk tells articles apart.
export const STATES = ['all', 'translating', 'reviewing', 'stale', 'claims', 'done'] as const;
/**
 * `translating`: words are missing or unconfirmed; `reviewing`: confirmed translations wait for a reviewer; `stale`: the
 * source changed since; `claims`: claims without a verdict; `done`: every word is final.
 */
export type ArticleState = (typeof STATES)[number];
