// Checksums of what is stored (CRC-32). Each covers the place of the bytes too: a row that stands under another number or
// another person's name is as wrong as one whose bits have flipped.
import { crc32 } from 'node:zlib';

export interface StampedRow {
  articleId: string;
  seq: number;
  personId: string | null;
  at: number;
  data: Uint8Array;
}

export function rowChecksum({ articleId, seq, personId, at, data }: StampedRow): number {
  return crc32(data, crc32(`row ${articleId} ${seq} ${personId ?? ''} ${at}`));
}

export function stateChecksum(articleId: string, seq: number, data: Uint8Array, stateVector: Uint8Array): number {
  return crc32(data, crc32(stateVector, crc32(`state ${articleId} ${seq}`)));
}

export function segmentChecksum(articleId: string, from: number, to: number, data: Uint8Array): number {
  return crc32(data, crc32(`segment ${articleId} ${from} ${to}`));
}

export function snapshotChecksum(articleId: string, snapshotId: string, data: Uint8Array): number {
  return crc32(data, crc32(`snapshot ${articleId} ${snapshotId}`));
}
