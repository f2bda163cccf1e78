// Making an article: its whole initial content is one update, written by the server in the transaction that creates the
// article. No client ever seeds a document.
import * as Y from 'yjs';
import { type Block, blockText, createBlockElement } from '../../shared/article/blocks.ts';
import { newBlockId } from '../../shared/article/ids.ts';
import { type ArticleMeta, articleLanguages, writeMeta } from '../../shared/article/meta.ts';
import { textRoot } from '../../shared/article/roots.ts';

export interface NewArticleInput extends ArticleMeta {
  /** Left out: a new random one. The same id again, by the same person, makes nothing new. */
  id?: string;
  /** The source text. Blocks whose id is '' are named. */
  blocks: Block[];
  /** Initial target texts by language; a target left out starts as an empty text. Ids are those of the source's blocks. */
  targets?: Record<string, Block[]>;
}

/** A new document with the given facts and texts. The caller encodes it, and keeps nothing of it. */
export function buildArticleDoc(content: { meta: ArticleMeta; texts: Record<string, readonly Block[]> }): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    writeMeta(doc, content.meta);
    for (const language of articleLanguages(content.meta)) {
      const taken = new Set<string>();
      const elements = (content.texts[language] ?? []).map((block) => {
        const id = block.id === '' || taken.has(block.id) ? newBlockId() : block.id;
        taken.add(id);
        return createBlockElement({ ...block, id });
      });
      if (elements.length > 0) doc.getXmlFragment(textRoot(language)).insert(0, elements);
    }
  });
  return doc;
}

/** The headline of an article that was given no title: its first heading, else the beginning of its first words. */
export function titleOf(blocks: readonly Block[]): string {
  const source = blocks.find((block) => block.kind === 'heading') ?? blocks.find((block) => blockText(block).trim());
  const text = source ? blockText(source).replace(/\s+/g, ' ').trim() : '';
  return text.length <= 120 ? text : `${text.slice(0, 119).replace(/\s+\S*$/, '')}…`;
}
