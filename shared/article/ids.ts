// Identifiers: short, unguessable where it matters, safe in URLs and CSS selectors. Works in Node and in browsers.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` random letters and digits, the first one a letter (so that it can start a CSS identifier). 21 give 124 bits. */
export function randomId(length = 21): string {
  let id = '';
  while (id.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      const character = ALPHABET[byte & 63]; // the two values past the alphabet are thrown away: no bias
      if (character === undefined || (id === '' && character <= '9')) continue;
      id += character;
      if (id.length === length) break;
    }
  }
  return id;
}

/** An id for a new block: 12 characters are plenty within one article. */
export function newBlockId(): string {
  return randomId(12);
}

export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
