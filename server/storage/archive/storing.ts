// A document that was built, as it is stored: with checksums, and where it may be cut.
import type { StoredDocument } from '../tables/history.ts';
import { stateChecksum } from './checksum.ts';
import type { Encoded } from './messages.ts';
import { stampPlaces } from './places.ts';

export function storedDocument(articleId: string, seq: number, encoded: Encoded): StoredDocument {
  const { packed, stateVector, places } = encoded;
  const checksum = stateChecksum(articleId, seq, packed.data, stateVector);
  return { seq, packed, stateVector, checksum, places: places && stampPlaces(places, checksum) };
}
