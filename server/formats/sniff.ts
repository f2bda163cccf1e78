// Which format a text is in, from its name and, without one, from itself.
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { ImportFormat } from '../../shared/protocol/rest.ts';
import { IMPORTERS } from './registry.ts';

const PAGE_START = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b/i;
const OTHER_STARTS = /^\s*(?:\{\\rtf|%!PS|<\?xml(?![\s\S]{0,500}<html))/;

/** Throws `file-format-unknown` for the endings and beginnings of formats that we do not read. */
export function formatOf(fileName: string | undefined, content: string): ImportFormat {
  const head = content.slice(0, 4096);
  if (PAGE_START.test(head)) return 'html'; // a page saved as .txt is still a page
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(fileName ?? '')?.[1]?.toLowerCase();
  if (OTHER_STARTS.test(head)) throw unknown(extension);
  const importers = Object.values(IMPORTERS);
  if (extension !== undefined) {
    const named = importers.find((importer) => importer.extensions.includes(extension));
    if (!named) throw unknown(extension);
    return named.format;
  }
  return importers.find((importer) => importer.recognises(content))?.format ?? 'txt';
}

function unknown(extension: string | undefined): KopuroError {
  return new KopuroError('file-format-unknown', { extension: extension ?? '' });
}
