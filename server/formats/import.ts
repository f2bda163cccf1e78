// The way of a text into the house: bytes → characters → a format's drafts → clean blocks, with what was cleaned and what
// looks like a leftover. Pure: it reads no file and stores nothing.
import { type Block, blockText } from '../../shared/article/blocks.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import {
  type CleaningNote,
  type ImportFormat,
  type ImportPreview,
  MAX_IMPORT_BYTES,
} from '../../shared/protocol/rest.ts';
import { cleanCharacters } from './characters.ts';
import { Cleaning } from './cleaning.ts';
import { decodeBytes } from './decode.ts';
import { finishDrafts } from './finish.ts';
import { IMPORTERS } from './registry.ts';
import { formatOf } from './sniff.ts';

export interface ImportInput {
  bytes: Uint8Array;
  /** The file's name, for its ending; it is not trusted further. */
  fileName?: string;
  /** Given, it is taken instead of what name and content suggest. */
  format?: ImportFormat;
}

/** What a text becomes. The blocks have no ids yet ('' each); `suspects` index into them. */
export interface ImportedText {
  blocks: Block[];
  suspects: ImportPreview['suspects'];
  cleaned: CleaningNote[];
  title: string;
}

/**
 * Reads a file. Throws KopuroError `file-empty`, `file-too-large`, `file-binary`, `file-format-unknown` or `file-too-deep`.
 * The preview's blocks are exactly those that `blocksOf(preview.content, preview.format)` gives.
 */
export function readImport(input: ImportInput): { preview: ImportPreview } {
  if (input.bytes.byteLength > MAX_IMPORT_BYTES) throw tooLarge();
  if (input.bytes.byteLength === 0) throw new KopuroError('file-empty');
  const cleaning = new Cleaning();
  const content = decodeBytes(input.bytes, cleaning);
  return preview(content, input.format ?? formatOf(input.fileName, content), cleaning);
}

/** The same for text that is already Unicode: pasted, or sent as JSON. */
export function previewText(content: string, format?: ImportFormat, fileName?: string): { preview: ImportPreview } {
  refuseLength(content);
  return preview(content, format ?? formatOf(fileName, content), new Cleaning());
}

/** The blocks of a text, the same ones every time. Throws `file-empty`, `file-too-large`, `file-binary`, `file-too-deep`. */
export function blocksOf(content: string, format: ImportFormat): ImportedText {
  refuseLength(content);
  return importedText(content, format, new Cleaning());
}

function preview(content: string, format: ImportFormat, cleaning: Cleaning): { preview: ImportPreview } {
  return { preview: { format, content, ...importedText(content, format, cleaning) } };
}

function importedText(content: string, format: ImportFormat, cleaning: Cleaning): ImportedText {
  const parsed = IMPORTERS[format].parse(cleanCharacters(content, cleaning), cleaning);
  const { blocks, suspects } = finishDrafts(parsed.drafts, cleaning);
  if (blocks.length === 0) throw new KopuroError('file-empty');
  return { blocks, suspects, cleaned: cleaning.notes(), title: titleOf(blocks, suspects, parsed.title) };
}

/** The first heading that is no leftover; else what the file states; else the first words that are no leftover. */
function titleOf(blocks: readonly Block[], suspects: ImportPreview['suspects'], stated: string): string {
  const leftovers = new Set(suspects.map((suspect) => suspect.index));
  const kept = blocks.filter((_, index) => !leftovers.has(index));
  const heading = kept.find((block) => block.kind === 'heading');
  const text = heading ? blockText(heading) : stated || (kept[0] ? blockText(kept[0]) : '');
  return text.length <= 120 ? text : `${text.slice(0, 119).replace(/\s+\S*$/, '')}…`;
}

function refuseLength(content: string): void {
  if (content.length > MAX_IMPORT_BYTES || Buffer.byteLength(content) > MAX_IMPORT_BYTES) throw tooLarge();
  if (content.trim() === '') throw new KopuroError('file-empty');
}

function tooLarge(): KopuroError {
  return new KopuroError('file-too-large', { limitMegabytes: MAX_IMPORT_BYTES / 1024 / 1024 });
}
