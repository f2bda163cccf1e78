// The long article and how it was written: every keystroke as the update that it was. Kept in a file between the processes.
import { readFile, writeFile } from 'node:fs/promises';
import type * as Y from 'yjs';
import { blockElements, blockTextNodes } from '../../../shared/article/blocks.ts';
import { randomSource } from '../article.ts';

const AUTHORS = 10;
const FIRST_AUTHOR = 2_000;
/** Keys that somebody types at one place before going elsewhere, and how many of them are Backspace. */
const KEYS_AT_A_PLACE = 40;
const BACKSPACES = 0.1;

export interface Keystroke {
  /** 0 to 9. */
  author: number;
  client: number;
  update: Uint8Array;
}

/** Types in `doc`, in all `languages`, now here, now there. */
export function typeHistory(doc: Y.Doc, languages: readonly string[], keystrokes: number, seed = 11): Keystroke[] {
  const random = randomSource(seed);
  const texts = languages.flatMap((language) => blockElements(doc, language).flatMap((block) => blockTextNodes(block)));
  const typed: Keystroke[] = [];
  let author = 0;
  doc.on('update', (update) => typed.push({ author, client: FIRST_AUTHOR + author, update }));
  while (typed.length < keystrokes) {
    author = Math.floor(random() * AUTHORS);
    doc.clientID = FIRST_AUTHOR + author;
    const text = texts[Math.floor(random() * texts.length)]!;
    let at = Math.floor(random() * (text.length + 1));
    for (let key = 0; key < KEYS_AT_A_PLACE && typed.length < keystrokes; key += 1) {
      if (at > 0 && random() < BACKSPACES) text.delete(--at, 1);
      else text.insert(at++, 'etaoin shrdlu'[Math.floor(random() * 13)]!);
    }
  }
  return typed;
}

export async function writeHistory(file: string, updates: readonly Uint8Array[]): Promise<void> {
  const parts = updates.flatMap((update) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(update.length);
    return [length, update];
  });
  await writeFile(file, Buffer.concat(parts));
}

export async function readHistory(file: string): Promise<Uint8Array[]> {
  const bytes = await readFile(file);
  const updates: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    updates.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return updates;
}
