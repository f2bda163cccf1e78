// The places where a stored state may be cut (server/updates/places.ts), as they lie beside it: four bytes of checksum, then they.
// The checksum is of the state's too. They make opening quick and say nothing that the state does not: those that do not belong
// to it (a program that knew none of them has stored a newer state) are passed over, and found out anew.
import { crc32 } from 'node:zlib';
import type { StoredDocument } from '../tables/history.ts';

const CHECKSUM_BYTES = 4;

/** `stateChecksum`: of the state that they are of. */
export function stampPlaces(places: Uint8Array, stateChecksum: number): Uint8Array {
  const stamped = new Uint8Array(CHECKSUM_BYTES + places.length);
  new DataView(stamped.buffer).setUint32(0, checksumOf(places, stateChecksum));
  stamped.set(places, CHECKSUM_BYTES);
  return stamped;
}

/** Null if there are none, or they are not this state's. */
export function readPlaces({ places: stamped, checksum }: StoredDocument): Uint8Array | null {
  if (stamped === null || checksum === null || stamped.length <= CHECKSUM_BYTES) return null;
  const places = stamped.subarray(CHECKSUM_BYTES);
  const stamp = new DataView(stamped.buffer, stamped.byteOffset).getUint32(0);
  return stamp === checksumOf(places, checksum) ? places : null;
}

function checksumOf(places: Uint8Array, stateChecksum: number): number {
  return crc32(places, crc32(`places ${stateChecksum}`));
}
