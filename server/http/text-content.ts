// A text as the answer of a request: in a format, with its media type and the name of a file.
import type { Block } from '../../shared/article/blocks.ts';
import type { ExportFormat } from '../../shared/protocol/rest.ts';
import { exportMediaType, exportText } from '../formats/export.ts';
import { Content } from './route.ts';

export function textContent(
  blocks: readonly Block[],
  format: ExportFormat,
  options: { language: string; title: string },
): Content {
  const name = `${fileNameOf(options.title)}.${options.language}.${format}`;
  return new Content(exportMediaType(format), exportText(blocks, format, options), name);
}

/** A title as the name of a file, without what some system does not allow in one. */
export function fileNameOf(title: string): string {
  const allowed = title.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|]+/gu, ' ');
  const short = [...allowed.replace(/\s+/g, ' ')].slice(0, 80).join('');
  return short.replace(/^[.\s]+|[.\s]+$/g, '') || 'article';
}
