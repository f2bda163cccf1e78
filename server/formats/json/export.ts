// Blocks as they are, with their ids: for programs.
import type { Exporter } from '../types.ts';

export const jsonExporter: Exporter = {
  mediaType: 'application/json; charset=utf-8',
  extension: 'json',
  write: (blocks, { language, title }) => `${JSON.stringify({ language, title, blocks }, null, 2)}\n`,
};
