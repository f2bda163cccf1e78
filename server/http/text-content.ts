// A text as the answer of a request: in a format, with its media type.
import type { Block } from '../../shared/article/blocks.ts';
import type { ExportFormat } from '../../shared/protocol/rest.ts';
import { exportMediaType, exportText } from '../formats/export.ts';
import { Content } from './route.ts';

export function textContent(
  blocks: readonly Block[],
  format: ExportFormat,
  options: { language: string; title: string },
): Content {
  return new Content(exportMediaType(format), exportText(blocks, format, options));
}
