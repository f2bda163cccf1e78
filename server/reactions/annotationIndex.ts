// Which annotations a change in a block may concern, without reading them all on every key. Kept per document, thrown away
// whenever an annotation changes.
import type * as Y from 'yjs';
import { annotationsMap } from '../../shared/annotation/read.ts';
import type { Anchor, AnchorState } from '../../shared/annotation/types.ts';

export interface TextIndex {
  /** Ids of annotations by the blocks in which they start and end. */
  byBlock: Map<string, string[]>;
  /** Those that span several blocks: a change in between concerns them too. */
  wide: string[];
  /** Those that wait for their words: `moved` and `orphan`. */
  waiting: string[];
}

export type AnnotationIndex = (doc: Y.Doc, language: string) => TextIndex | null;

/** An index for any number of documents; what it holds goes with the document. */
export function createAnnotationIndex(): AnnotationIndex {
  const indexes = new WeakMap<Y.Doc, Map<string, TextIndex> | null>();
  return (doc, language) => {
    let index = indexes.get(doc);
    if (index === undefined) annotationsMap(doc).observeDeep(() => indexes.set(doc, null));
    if (!index) {
      index = build(doc);
      indexes.set(doc, index);
    }
    return index.get(language) ?? null;
  };
}

function build(doc: Y.Doc): Map<string, TextIndex> {
  const index = new Map<string, TextIndex>();
  for (const [id, map] of annotationsMap(doc)) {
    const language = map.get('language') as string;
    const anchor = map.get('anchor') as Anchor;
    const text: TextIndex = index.get(language) ?? { byBlock: new Map(), wide: [], waiting: [] };
    index.set(language, text);
    add(text.byBlock, anchor.startBlock, id);
    if (anchor.endBlock !== anchor.startBlock) {
      add(text.byBlock, anchor.endBlock, id);
      text.wide.push(id);
    }
    if ((map.get('anchorState') as AnchorState) !== 'attached') text.waiting.push(id);
  }
  return index;
}

function add(byBlock: Map<string, string[]>, block: string, id: string): void {
  const ids = byBlock.get(block);
  if (ids) ids.push(id);
  else byBlock.set(block, [id]);
}
