// Every error that a person can meet: a code, the HTTP status that fits it, and a key `errors.<code>` in translations/.
// Anything else is a bug and fails loudly.

export const ERROR_STATUS = {
  'invalid-input': 400,
  'not-signed-in': 401,
  'sign-in-link-invalid': 401,
  'not-allowed': 403,
  'cross-site': 403,
  'not-found': 404,
  'article-not-found': 404,
  'annotation-not-found': 404,
  'annotation-deleted': 409,
  'message-not-found': 404,
  'snapshot-not-found': 404,
  'person-not-found': 404,
  'block-not-found': 409,
  'epoch-changed': 409,
  'language-not-in-article': 400,
  'quote-not-found': 409,
  'quote-ambiguous': 409,
  'anchor-lost': 409,
  'suggestion-missing': 409,
  'suggestion-decided': 409,
  'suggestion-conflict': 409,
  'suggestion-not-revertible': 409,
  'not-a-claim': 409,
  'reason-required': 409,
  'name-taken': 409,
  'last-editor': 409,
  'already-set-up': 409,
  'file-empty': 400,
  'file-binary': 415,
  'file-format-unknown': 415,
  'file-too-large': 413,
  'file-too-deep': 400,
  'body-too-large': 413,
  'rate-limited': 429,
  'too-many-connections': 429,
  'behind-client': 503,
  'article-unreadable': 503,
  'snapshot-unreadable': 503,
  'shutting-down': 503,
  'not-saved': 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** Values that may fill the placeholders of a message, and that programs may read. Never secrets, never whole texts. */
export type ErrorDetails = Record<string, string | number | boolean | readonly string[]>;

/** An error that a person can meet. `message` is English for logs; what people read comes from translations/. */
export class KopuroError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, details?: ErrorDetails) {
    super(details ? `${code} ${JSON.stringify(details)}` : code);
    this.name = 'KopuroError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** The form in which errors travel, over REST and socket.io alike. `message` is in the asker's language. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; details?: ErrorDetails };
}
