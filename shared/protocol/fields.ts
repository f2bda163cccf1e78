// Building blocks of the contracts: every string that comes from outside passes one of these.
import { z } from 'zod';
import { ROLES } from '../access/roles.ts';
import { ID_PATTERN } from '../article/ids.ts';
import { LANGUAGE_TAG } from '../article/roots.ts';

// Bidirectional overrides and isolates can make text read otherwise than it is stored ("Trojan Source"); C0 controls and
// lone surrogates break databases, logs and JSON readers.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be kept out
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]/;

/** Text that a person typed: NFC, trimmed at neither end, without NUL, controls, lone surrogates or bidi overrides. */
export function text(max: number, min = 0) {
  return z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed(), { message: 'lone surrogate' })
    .refine((value) => !FORBIDDEN_CHARACTERS.test(value), { message: 'control or bidirectional override character' })
    .transform((value) => value.normalize('NFC'))
    .refine((value) => value.trim().length >= min, { message: 'too short' });
}

/** One line of text, trimmed. */
export function line(max: number, min = 1) {
  return text(max, min).transform((value) => value.replace(/\s+/g, ' ').trim());
}

export const idSchema = z.string().regex(ID_PATTERN).meta({ description: 'An id' });
export const languageSchema = z
  .string()
  .max(35)
  .regex(LANGUAGE_TAG)
  .meta({ description: 'A BCP 47 language tag', example: 'ky' });
export const roleSchema = z.enum(ROLES);
export const epochMs = z.number().int().min(0).max(8.64e15).meta({ description: 'Milliseconds since 1970-01-01 UTC' });
export const webAddress = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/[^\s]+$/i, 'an http or https address');
