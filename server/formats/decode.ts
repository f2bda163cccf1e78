// Bytes to characters. UTF-8 is taken at its word; what is not UTF-8 is recognised (UTF-16 with and without a byte order
// mark, Cyrillic one-byte encodings by their letters) and converted, and the conversion is noted. It knows no format.
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { Cleaning } from './cleaning.ts';
import { recogniseSingleByte } from './encodings.ts';
import { binaryKind, looksBinary } from './signatures.ts';

/** Of a UTF-8 text with broken bytes: one in so many sequences may be broken before we think that it is something else. */
const TOLERATED_DAMAGE = 0.05;

/** The text of a file. Throws `file-binary`. Lone surrogates of UTF-16 stay in it; cleaning counts them. */
export function decodeBytes(bytes: Uint8Array, cleaning: Cleaning): string {
  const utf16 = utf16Order(bytes);
  if (utf16) {
    cleaning.add('converted-encoding', 1, utf16 === 'le' ? 'UTF-16LE' : 'UTF-16BE');
    return decodeUtf16(bytes, utf16);
  }
  const kind = binaryKind(bytes) ?? (looksBinary(bytes) ? 'unknown' : null);
  if (kind !== null) throw new KopuroError('file-binary', { kind });
  return strictUtf8(bytes) ?? declared(bytes, cleaning) ?? damagedUtf8(bytes, cleaning) ?? singleByte(bytes, cleaning);
}

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null; // not UTF-8
    throw error;
  }
}

/** A page that is not UTF-8 and says what it is. */
function declared(bytes: Uint8Array, cleaning: Cleaning): string | null {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const label = /<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1]?.toLowerCase();
  if (!label || /^utf/.test(label)) return null;
  try {
    const decoder = new TextDecoder(label);
    cleaning.add('converted-encoding', 1, decoder.encoding);
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null; // no encoding that we know
    throw error;
  }
}

/** UTF-8 with a few broken bytes: a character here and there is lost, and the reader sees where. */
function damagedUtf8(bytes: Uint8Array, cleaning: Cleaning): string | null {
  const text = new TextDecoder('utf-8').decode(bytes);
  const broken = text.split('\uFFFD').length - 1;
  let whole = 0;
  for (const character of text) if (character > '\u007F' && character !== '\uFFFD') whole += 1;
  if (broken > TOLERATED_DAMAGE * whole) return null;
  cleaning.add('lone-surrogate', broken);
  return text;
}

function singleByte(bytes: Uint8Array, cleaning: Cleaning): string {
  const encoding = recogniseSingleByte(bytes);
  if (encoding === null) throw new KopuroError('file-binary', { kind: 'unknown' });
  cleaning.add('converted-encoding', 1, encoding);
  return new TextDecoder(encoding).decode(bytes);
}

function utf16Order(bytes: Uint8Array): 'le' | 'be' | null {
  if (bytes.length < 2) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes[2] === 0 && bytes[3] === 0 ? null : 'le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'be';
  if (bytes.length % 2 !== 0 || bytes.length < 8) return null;
  // Without a mark: nearly every second byte is the high byte of Latin, Cyrillic or general punctuation.
  const pairs = Math.min(bytes.length, 65_536) / 2;
  const high = [0, 0];
  const zeros = [0, 0];
  for (let index = 0; index < pairs * 2; index++) {
    const byte = bytes[index]!;
    if (byte === 0x00 || byte === 0x04 || byte === 0x05 || byte === 0x20) high[index & 1]! += 1;
    if (byte === 0) zeros[index & 1]! += 1;
  }
  if (zeros[1]! > 0 && zeros[0]! < zeros[1]! / 10 && high[1]! > 0.9 * pairs) return 'le';
  if (zeros[0]! > 0 && zeros[1]! < zeros[0]! / 10 && high[0]! > 0.9 * pairs) return 'be';
  return null;
}

function decodeUtf16(bytes: Uint8Array, order: 'le' | 'be'): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))); // a copy: swapping is in place
  const text = (order === 'be' ? even.swap16() : even).toString('utf16le');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
