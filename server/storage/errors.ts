// Why storage could not do something, in words that every engine shares. Who asks decides whether to try again.

export type StorageErrorCode =
  /** A row with this key is there already. */
  | 'exists'
  /** What the row refers to does not exist (an article removed meanwhile). */
  | 'reference'
  /** Storage was closed or its thread ended. */
  | 'closed'
  /** The disk is full, failed, or something else holds the file: it may pass. */
  | 'unavailable'
  /** Anything else: a bug. */
  | 'failed';

export class StorageError extends Error {
  readonly code: StorageErrorCode;
  constructor(code: StorageErrorCode, message: string) {
    super(message);
    this.name = 'StorageError';
    this.code = code;
  }
}

/** Whether the same request may succeed a moment later. Errors that we do not know may. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof StorageError) || error.code === 'unavailable' || error.code === 'failed';
}
