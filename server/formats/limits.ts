// How much one text may hold. One text is imported at a time, so an absurd one is refused before it costs others their
// time. The longest articles have some 60,000 words in 2,000 blocks.
import { KopuroError } from '../../shared/protocol/errors.ts';

export const MAX_BLOCKS = 20_000;
/** UTF-16 code units of words; markup of a page is not counted. */
export const MAX_TEXT_LENGTH = 2_000_000;

export function refuseTooManyBlocks(count: number): void {
  if (count > MAX_BLOCKS) throw new KopuroError('body-too-large', { blocks: MAX_BLOCKS });
}

export function refuseTooMuchText(length: number): void {
  if (length > MAX_TEXT_LENGTH) throw new KopuroError('body-too-large', { characters: MAX_TEXT_LENGTH });
}
