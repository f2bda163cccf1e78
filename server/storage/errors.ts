// Why storage could not do something, in words that every engine shares. Who asks decides whether to try again.

export type StorageErrorCode =
  /** A row with this key is there already. */
  | 'exists'
  /** What the row refers to does not exist (an article removed meanwhile). */
  | 'reference'
  /** Storage was closed or its thread ended. */
  | 'closed'
  /** The disk is full, failed, something else holds the file, or the database server cannot be reached: it may pass. */
  | 'unavailable'
  /** Another process holds this one article: it will pass. */
  | 'busy'
  /** Another process has written to the article what this one has not seen. */
  | 'conflict'
  /** What is stored is not what was stored: see LogDamage. */
  | 'damaged'
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
  return !(error instanceof StorageError) || ['unavailable', 'busy', 'failed'].includes(error.code);
}

/** A place where what is stored cannot be trusted. */
export interface Damage {
  articleId: string;
  /** `document`: the state with the rows after it is not what the rows make from the beginning. */
  part: 'row' | 'history' | 'state' | 'snapshot' | 'document';
  /** The rows concerned, if any. */
  from?: number;
  to?: number;
  snapshotId?: string;
  /** `checksum`: other bytes than were written; `missing`: gone; `unreadable`: no document; `differs`: another document. */
  reason: 'checksum' | 'missing' | 'unreadable' | 'differs';
}

/** An article or a snapshot cannot be read whole. It will not pass by itself. */
export class LogDamage extends StorageError {
  readonly damage: Damage;
  constructor(damage: Damage) {
    super('damaged', describe(damage));
    this.name = 'LogDamage';
    this.damage = damage;
  }
}

function describe({ articleId, part, from, to, snapshotId, reason }: Damage): string {
  const rows = from === undefined ? '' : ` ${from}${to === undefined || to === from ? '' : `-${to}`}`;
  return `article ${articleId}, ${part}${rows}${snapshotId === undefined ? '' : ` ${snapshotId}`}: ${reason}`;
}
