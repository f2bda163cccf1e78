// A web page to blocks, streaming. Only words, a few marks and safe addresses are ever taken over; scripts, handlers, frames
// and unknown elements cannot get through because nothing copies markup. Parts that a page itself calls navigation are kept
// as suspects for a person to decide.
import { Parser } from 'htmlparser2';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import type { Importer } from '../types.ts';
import { PageReader } from './reader.ts';

/** No honest page comes near; the parser's own stack is searched at every tag, so depth costs time squared. */
const MAX_DEPTH = 1_000;
const CHUNK = 64 * 1024;

export const htmlImporter: Importer = {
  format: 'html',
  extensions: ['html', 'htm', 'xhtml'],
  recognises: (content) =>
    (content.slice(0, 20_000).match(/<\/?(?:p|div|h[1-6]|ul|ol|li|br|blockquote|article|section|strong|em)\b[^<>]*>/gi)
      ?.length ?? 0) >= 2,
  parse(content, cleaning) {
    const reader = new PageReader(cleaning);
    let depth = 0;
    const parser = new Parser({
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH) throw new KopuroError('file-too-deep', { limit: MAX_DEPTH });
        reader.open(name, attributes);
      },
      onclosetag(name) {
        depth -= 1;
        reader.close(name);
      },
      ontext: (text) => reader.text(text),
    });
    for (let start = 0; start < content.length; start += CHUNK) parser.write(content.slice(start, start + CHUNK));
    parser.end();
    return reader.finish();
  },
};
