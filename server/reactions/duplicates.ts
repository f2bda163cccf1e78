// Two people who fill one missing paragraph at the same instant make two blocks for it. Their ids are told apart at once (see
// blockIds.ts); when the room has come to rest, the one that nobody wrote in goes, or one of two that read the same. Words
// are never dropped: where both hold some, both stay, and people decide.
import type * as Y from 'yjs';
import { readAnnotations } from '../../shared/annotation/read.ts';
import { blockElements, blockId, blockText, findBlockElement, readBlock } from '../../shared/article/blocks.ts';
import { readMeta } from '../../shared/article/meta.ts';
import { textRoot } from '../../shared/article/roots.ts';

/** A block that was given another id because the one that it had was taken. */
export interface Duplicate {
  language: string;
  /** The id that it was given. */
  id: string;
  /** The id that it had. */
  of: string;
}

export interface Settlement {
  language: string;
  drop: Y.XmlElement;
  /** The block that takes the place of the dropped one, with its id. */
  heir: { element: Y.XmlElement; id: string } | null;
}

/** What is to be done about these duplicates as the document is now. Pure; every server would do the same. */
export function settlementsOf(doc: Y.Doc, duplicates: readonly Duplicate[]): Settlement[] {
  const { sourceLanguage } = readMeta(doc);
  const sources = new Set(blockElements(doc, sourceLanguage).map(blockId));
  const annotated = new Set(
    readAnnotations(doc).flatMap(({ language, anchor }) =>
      [anchor.startBlock, anchor.endBlock].map((id) => `${language}/${id}`),
    ),
  );
  const settlements: Settlement[] = [];
  for (const { language, id, of } of duplicates) {
    if (language === sourceLanguage || !sources.has(of) || annotated.has(`${language}/${id}`)) continue;
    const extra = findBlockElement(doc, language, id);
    const first = findBlockElement(doc, language, of);
    if (!extra || !first) continue;
    if (isEmpty(extra) || reads(extra) === reads(first)) settlements.push({ language, drop: extra, heir: null });
    else if (isEmpty(first) && !annotated.has(`${language}/${of}`)) {
      settlements.push({ language, drop: first, heir: { element: extra, id: of } });
    }
  }
  return settlements;
}

/** Does it. Call it inside a server transaction. */
export function settleDuplicates(doc: Y.Doc, settlements: readonly Settlement[]): void {
  for (const { language, drop, heir } of settlements) {
    const fragment = doc.getXmlFragment(textRoot(language));
    const index = fragment.toArray().indexOf(drop);
    if (index < 0) continue;
    fragment.delete(index, 1);
    heir?.element.setAttribute('id', heir.id);
  }
}

function isEmpty(element: Y.XmlElement): boolean {
  return blockText(readBlock(element)).trim() === '';
}

/** What makes two blocks the same to a reader. */
function reads(element: Y.XmlElement): string {
  const { id: _, ...rest } = readBlock(element);
  return JSON.stringify(rest);
}
