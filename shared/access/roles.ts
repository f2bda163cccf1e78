// Who may do what: one table, one function. Interface, commands and the sync guard all ask `may`.

export const ROLES = ['editor', 'translator', 'fact-checker', 'reader'] as const;
export type Role = (typeof ROLES)[number];

/** What a person may do in one article: the newsroom role, or the one that the article gives instead. */
export interface Standing {
  role: Role;
  /** Own languages (BCP 47); counts for translators. May include the source: that is a copy-editor. */
  languages: readonly string[];
}

export const ACTIONS = [
  'read',
  'editText',
  'annotate',
  'decideSuggestion',
  'raiseClaim',
  'judgeClaim',
  'confirmTranslated',
  'confirmReviewed',
  'confirmFinal',
  'takeSnapshot',
  'createArticle',
  'restoreSnapshot',
  'manageArticle',
  'managePeople',
] as const;
export type Action = (typeof ACTIONS)[number];

type Grant = 'yes' | 'own languages' | 'no';

const TABLE: Record<Action, Record<Role, Grant>> = {
  read: { editor: 'yes', translator: 'yes', 'fact-checker': 'yes', reader: 'yes' },
  editText: { editor: 'yes', translator: 'own languages', 'fact-checker': 'no', reader: 'no' },
  annotate: { editor: 'yes', translator: 'yes', 'fact-checker': 'yes', reader: 'no' },
  decideSuggestion: { editor: 'yes', translator: 'own languages', 'fact-checker': 'no', reader: 'no' },
  raiseClaim: { editor: 'yes', translator: 'yes', 'fact-checker': 'yes', reader: 'no' },
  judgeClaim: { editor: 'yes', translator: 'no', 'fact-checker': 'yes', reader: 'no' },
  confirmTranslated: { editor: 'yes', translator: 'own languages', 'fact-checker': 'no', reader: 'no' },
  confirmReviewed: { editor: 'yes', translator: 'own languages', 'fact-checker': 'no', reader: 'no' },
  confirmFinal: { editor: 'yes', translator: 'no', 'fact-checker': 'no', reader: 'no' },
  takeSnapshot: { editor: 'yes', translator: 'yes', 'fact-checker': 'yes', reader: 'no' },
  createArticle: { editor: 'yes', translator: 'yes', 'fact-checker': 'no', reader: 'no' },
  restoreSnapshot: { editor: 'yes', translator: 'no', 'fact-checker': 'no', reader: 'no' },
  manageArticle: { editor: 'yes', translator: 'no', 'fact-checker': 'no', reader: 'no' },
  managePeople: { editor: 'yes', translator: 'no', 'fact-checker': 'no', reader: 'no' },
};

/**
 * Whether a person of this standing may do `action`. Actions that concern one text take its language; a grant for own
 * languages without a language given is a no.
 */
export function may(standing: Standing, action: Action, language?: string): boolean {
  const grant = TABLE[action][standing.role];
  if (grant === 'own languages') return language !== undefined && standing.languages.includes(language);
  return grant === 'yes';
}
