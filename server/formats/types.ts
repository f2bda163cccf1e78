// What a format is to the rest of this folder. A format knows how its text becomes blocks or comes from them; it knows
// nothing of bytes, encodings, files, articles or people.
import type { Block } from '../../shared/article/blocks.ts';
import type { ImportFormat, ImportPreview } from '../../shared/protocol/rest.ts';
import type { Cleaning } from './cleaning.ts';

export type SuspectReason = ImportPreview['suspects'][number]['reason'];

/** A block on its way in, with what its format knows of it. */
export interface Draft extends Omit<Block, 'id'> {
  /** Set if the source itself says that this is no part of the article (`<nav>`, `<footer>`, …). */
  suspect?: SuspectReason;
  /** The source names the kind; nobody may guess another one. */
  explicit?: true;
}

export interface Parsed {
  drafts: Draft[];
  /** The title that the file states outside its text (`<title>`); '' if none. */
  title: string;
}

/** Turns text whose characters are already clean into drafts. Throws KopuroError `file-too-deep`. */
export interface Importer {
  readonly format: ImportFormat;
  /** Lower case, without the dot. */
  readonly extensions: readonly string[];
  /** Whether a text without a name looks like this format, asked in the order of the registry. */
  recognises(content: string): boolean;
  parse(content: string, cleaning: Cleaning): Parsed;
}

export interface ExportOptions {
  language: string;
  title: string;
}

export interface Exporter {
  readonly mediaType: string;
  readonly extension: string;
  write(blocks: readonly Block[], options: ExportOptions): string;
}
