// What a failure says to its reader: what happened, what was kept, what to do now.
import type { TFunction } from 'i18next';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { ConnectionError } from '../api/client.ts';

/** A sentence or two in the reader's language. Anything that is not meant for people reads as an internal error. */
export function errorText(error: unknown, t: TFunction): string {
  if (error instanceof KopuroError) return t(`errors.${error.code}`);
  if (error instanceof ConnectionError) return t('app.noConnection');
  return t('errors.internal');
}
