// Reads the primitives of Yjs's encoding out of bytes that somebody sent us. Every read checks its bounds and every oddity is
// a `Malformed`: unlike lib0's decoder it never answers with `undefined`, never allocates by a length it was told, and counts
// strings without building them. It knows nothing of documents.

/** The bytes are not what they claim to be. Caught at the door of the guard, never seen outside of it. */
export class Malformed extends Error {}

/** Nested arrays and objects, in values as in JSON. */
const MAX_VALUE_DEPTH = 32;
const SHORT = 24;
const decodeText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class BoundedReader {
  readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw new Malformed('cut off');
    this.position += 1;
    return value;
  }

  /** An unsigned integer of at most `max`. */
  uint(max: number): number {
    let byte = this.byte();
    let value = byte & 0x7f;
    for (let factor = 128; byte >= 0x80; factor *= 128) {
      if (factor > Number.MAX_SAFE_INTEGER) throw new Malformed('number too long');
      byte = this.byte();
      value += (byte & 0x7f) * factor;
    }
    if (value > max) throw new Malformed('number too large');
    return value;
  }

  /** How many things follow, each of at least one byte: so never more than there are bytes. */
  count(): number {
    return this.uint(this.left);
  }

  skip(length: number): void {
    if (length > this.left) throw new Malformed('cut off');
    this.position += length;
  }

  /** A string that matters to us. */
  text(maxBytes: number): string {
    const length = this.count();
    if (length > maxBytes) throw new Malformed('name too long');
    if (length > this.left) throw new Malformed('cut off');
    const start = this.position;
    this.position += length;
    return shortAscii(this.bytes, start, this.position) ?? decode(this.bytes.subarray(start, this.position));
  }

  /** Passes over a string; answers its length in UTF-16 code units, which is how Yjs counts. */
  textLength(): number {
    const length = this.count();
    if (length > this.left) throw new Malformed('cut off');
    const end = this.position + length;
    const units = utf16Length(this.bytes, this.position, end);
    this.position = end;
    return units;
  }

  /** Passes over a string that must be JSON, nested within reason. */
  json(): void {
    const source = this.text(this.bytes.length);
    if (jsonDepth(source) > MAX_VALUE_DEPTH) throw new Malformed('JSON nested too deeply');
    try {
      JSON.parse(source);
    } catch {
      throw new Malformed('not JSON');
    }
  }

  /** Like `json`, but Yjs writes the bare word `undefined` for undefined. */
  jsonOrUndefined(): void {
    const start = this.position;
    if (this.text(this.bytes.length) === 'undefined') return;
    this.position = start;
    this.json();
  }

  /** Passes over a value in lib0's `any` encoding. */
  any(depth = 0): void {
    if (depth > MAX_VALUE_DEPTH) throw new Malformed('value nested too deeply');
    const tag = this.byte();
    switch (tag) {
      case 127: // undefined
      case 126: // null
      case 121: // false
      case 120: // true
        return;
      case 125:
        this.#signed();
        return;
      case 124:
        this.skip(4);
        return;
      case 123:
        this.skip(8);
        return;
      case 119:
        this.textLength();
        return;
      case 118: {
        for (let rest = this.count(); rest > 0; rest -= 1) {
          if (this.text(this.bytes.length) === '__proto__') throw new Malformed('forbidden key');
          this.any(depth + 1);
        }
        return;
      }
      case 117: {
        for (let rest = this.count(); rest > 0; rest -= 1) this.any(depth + 1);
        return;
      }
      case 116:
        this.skip(this.count());
        return;
      default: // 122, big integers, included: JSON cannot hold them
        throw new Malformed('unknown kind of value');
    }
  }

  /** Passes over a signed integer: six bits and the sign in the first byte, seven in each other. */
  #signed(): void {
    let byte = this.byte();
    let value = byte & 0x3f;
    for (let factor = 64; byte >= 0x80; factor *= 128) {
      byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER || factor > Number.MAX_SAFE_INTEGER) throw new Malformed('number too large');
    }
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeText.decode(bytes);
  } catch {
    throw new Malformed('not UTF-8');
  }
}

/** Names are short and ASCII nearly always, and a TextDecoder takes longer to start than these to read; null if it is not so. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | null {
  if (end - start > SHORT) return null;
  let text = '';
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Length in UTF-16 code units of the UTF-8 in `bytes[start, end)`. Throws Malformed if it is not strict UTF-8. */
function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    at += 1;
    units += 1;
    if (lead < 0x80) continue;
    let more: number;
    let low = 0x80; // of the second byte: excludes overlong forms, surrogates, and what lies past U+10FFFF
    let high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      more = 1;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead === 0xe0) low = 0xa0;
      else if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      units += 1;
      if (lead === 0xf0) low = 0x90;
      else if (lead === 0xf4) high = 0x8f;
    } else {
      throw new Malformed('not UTF-8');
    }
    if (at + more > end) throw new Malformed('not UTF-8');
    for (; more > 0; more -= 1) {
      const next = bytes[at]!;
      if (next < low || next > high) throw new Malformed('not UTF-8');
      low = 0x80;
      high = 0xbf;
      at += 1;
    }
  }
  return units;
}

function jsonDepth(source: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
