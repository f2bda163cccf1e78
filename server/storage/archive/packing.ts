// Whole documents at rest: Yjs V1 updates, compressed with brotli. V1 because it is what clients are sent, so that the first
// sync of a cold article needs no document at all; docs/decisions.md has the measurements. It knows nothing of tables.
import { promisify } from 'node:util';
import { brotliCompressSync, brotliDecompress, brotliDecompressSync, constants } from 'node:zlib';

/** How stored bytes are to be read. `v1`: as they are (before the second version of the tables). `v1-br`: brotli. */
export type Form = 'v1' | 'v1-br';

export interface Packed {
  form: Form;
  data: Uint8Array;
}

/** Smaller by a quarter than 5 at half the time; 9 would take ten times as long for another quarter. */
const QUALITY = 4;
/** No document is so long; a damaged length must not fill the memory. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

const decompress = promisify(brotliDecompress);

/** Takes milliseconds a megabyte: for threads that serve nobody. */
export function pack(update: Uint8Array): Packed {
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: update.length };
  return { form: 'v1-br', data: ownBytes(brotliCompressSync(update, { params })) };
}

/** The V1 update again, unpacked in Node's thread pool. Rejects if the bytes are damaged. */
export async function unpack({ form, data }: Packed): Promise<Uint8Array> {
  if (form === 'v1') return data;
  return ownBytes(await decompress(data, { maxOutputLength: MAX_UNPACKED_BYTES }));
}

/** As `unpack`, here and now. */
export function unpackHere({ form, data }: Packed): Uint8Array {
  if (form === 'v1') return data;
  return ownBytes(brotliDecompressSync(data, { maxOutputLength: MAX_UNPACKED_BYTES }));
}

/** A plain view of the same bytes: Buffers do not survive their way between threads as such. */
function ownBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
