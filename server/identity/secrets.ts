// The secrets that prove who somebody is: 256 random bits, known to their holder alone. We keep their sha256; that needs no
// slow hash because nobody can guess 256 bits.
import { createHash, randomBytes } from 'node:crypto';

/** A new secret, safe in URLs, headers and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What storage keeps of a secret. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether this can be one of our secrets at all: spares storage the question. */
export function looksLikeSecret(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}
