// The formats, one line each. A new format is one new file (or two) and one line here.
import type { ExportFormat, ImportFormat } from '../../shared/protocol/rest.ts';
import { htmlExporter } from './html/export.ts';
import { htmlImporter } from './html/import.ts';
import { jsonExporter } from './json/export.ts';
import { markdownExporter } from './md/export.ts';
import { markdownImporter } from './md/import.ts';
import { textExporter } from './txt/export.ts';
import { textImporter } from './txt/import.ts';
import type { Exporter, Importer } from './types.ts';

/** In the order in which they are asked whether they recognise a nameless text; plain text takes everything. */
export const IMPORTERS: Record<ImportFormat, Importer> = {
  html: htmlImporter,
  md: markdownImporter,
  txt: textImporter,
};

export const EXPORTERS: Record<ExportFormat, Exporter> = {
  txt: textExporter,
  md: markdownExporter,
  html: htmlExporter,
  json: jsonExporter,
};
