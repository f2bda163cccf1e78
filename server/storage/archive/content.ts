// What a document says, whatever way it came about: to compare two of them. It reads the visible content of every root with
// its formats and attributes, and how far Yjs knows each client. Deletions are left out: Yjs drops formats that show nowhere
// whenever it happens to notice them.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { languageOfRoot } from '../../../shared/article/roots.ts';

/** Digests; two documents with the same ones are the same to everybody. */
export interface Fingerprint {
  content: string;
  stateVector: string;
}

export function fingerprint(doc: Y.Doc): Fingerprint {
  const roots = [...doc.share.keys()].sort().map((root) => [root, rootContent(doc, root)] as const);
  return {
    // A root that nothing is in may or may not have been named.
    content: digest(roots.filter(([, inside]) => inside.length > 0)),
    stateVector: digest([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b)),
  };
}

/** Throws if updates are missing between those that were applied. */
export function requireWhole(doc: Y.Doc): void {
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) throw new Error('updates are missing');
}

function rootContent(doc: Y.Doc, root: string): unknown[] {
  return content(languageOfRoot(root) === null ? doc.getMap(root) : doc.getXmlFragment(root)) as unknown[];
}

function content(value: unknown): unknown {
  if (value instanceof Y.XmlText || value instanceof Y.Text) {
    return value
      .toDelta()
      .map((piece: { insert: unknown; attributes?: object }) => [
        content(piece.insert),
        sorted(piece.attributes ?? {}),
      ]);
  }
  if (value instanceof Y.XmlElement) {
    return [value.nodeName, sorted(value.getAttributes()), value.toArray().map(content)];
  }
  if (value instanceof Y.XmlFragment || value instanceof Y.Array) return value.toArray().map(content);
  if (value instanceof Y.Map) return sorted(Object.fromEntries(value.entries()));
  if (value instanceof Uint8Array) return [...value];
  if (typeof value === 'bigint') return `${value}n`;
  return value ?? null;
}

function sorted(object: object): unknown {
  return Object.entries(object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, content(value)]);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
