// Blocks out of the house: one function for every format of the registry.
import type { Block } from '../../shared/article/blocks.ts';
import type { ExportFormat } from '../../shared/protocol/rest.ts';
import { EXPORTERS } from './registry.ts';
import type { ExportOptions } from './types.ts';

/** The whole text in a format: `html` is a complete document, `json` the blocks with their ids. */
export function exportText(blocks: readonly Block[], format: ExportFormat, options: ExportOptions): string {
  return EXPORTERS[format].write(blocks, options);
}

/** The Content-Type of a format, charset included. */
export function exportMediaType(format: ExportFormat): string {
  return EXPORTERS[format].mediaType;
}

/** The usual ending of a file of a format, without the dot. */
export function exportExtension(format: ExportFormat): string {
  return EXPORTERS[format].extension;
}
