// Input checked against a zod schema; what is wrong becomes an error that names the field.
import type { z } from 'zod';
import { KopuroError } from '../../shared/protocol/errors.ts';

/** The parsed value; throws `invalid-input` with the first offending field and the reason in English. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new KopuroError('invalid-input', {
    field: issue?.path.map(String).join('.') ?? '',
    reason: issue?.message ?? 'not valid',
  });
}
