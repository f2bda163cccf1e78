// What the guard lets through of an update that it does not let through as it came, as an update (V1).
import * as encoding from 'lib0/encoding';
import type { DeleteRange } from '../../updates/decode.ts';
import type { FreshStructs } from './fresh.ts';

/** The new structs, byte for byte as they were sent in `bytes`, with the deletions that count. */
export function encodeUpdate(
  bytes: Uint8Array,
  fresh: readonly FreshStructs[],
  deletions: readonly DeleteRange[],
): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, fresh.length);
  for (const { client, structs, end } of fresh) {
    encoding.writeVarUint(encoder, structs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, structs[0]!.id.clock);
    encoding.writeUint8Array(encoder, bytes.subarray(structs[0]!.start, end));
  }
  const byClient = new Map<number, DeleteRange[]>();
  for (const range of deletions) {
    const ranges = byClient.get(range.client);
    if (ranges) ranges.push(range);
    else byClient.set(range.client, [range]);
  }
  encoding.writeVarUint(encoder, byClient.size);
  for (const [client, ranges] of byClient) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges.length);
    for (const { clock, length } of ranges) {
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, length);
    }
  }
  return encoding.toUint8Array(encoder);
}
