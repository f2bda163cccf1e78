// The desk's figures of an article, computed from its document: progress by words, open annotations by kind, claims without a
// verdict. A pure function; when it is asked is summaries.ts.
import type * as Y from 'yjs';
import { annotationsMap } from '../../shared/annotation/read.ts';
import type { Annotation, AnnotationKind, Claim } from '../../shared/annotation/types.ts';
import { blockText, readBlocks } from '../../shared/article/blocks.ts';
import { readMeta } from '../../shared/article/meta.ts';
import type { ArticleSummary, Progress } from '../../shared/protocol/rest.ts';
import { countWords } from '../../shared/translation/diff.ts';
import { blockStatus, readReview } from '../../shared/translation/review.ts';
import type { CountWords } from './wordCounts.ts';

/** What a document does not say of its article, and what never changes. */
export type Identity = Pick<ArticleSummary, 'id' | 'createdAt' | 'createdBy'>;

/** The rest of a summary: what follows the document. */
export type Figures = Omit<ArticleSummary, keyof Identity>;

export function figuresOf(doc: Y.Doc, changedAt: number, count: CountWords = countWords): Figures {
  const { title, sourceLanguage, targetLanguages, deadline } = readMeta(doc);
  const source = readBlocks(doc, sourceLanguage).map((block) => {
    const text = blockText(block);
    return { id: block.id, text, words: count(text, sourceLanguage) };
  });
  const words = source.reduce((sum, block) => sum + block.words, 0);
  const progress = targetLanguages.map((language): Progress => {
    const target = new Map(readBlocks(doc, language).map((block) => [block.id, blockText(block)]));
    const figures: Progress = {
      language,
      total: words,
      missing: 0,
      draft: 0,
      translated: 0,
      reviewed: 0,
      final: 0,
      stale: 0,
    };
    for (const block of source) {
      figures[blockStatus(block.text, target.get(block.id) ?? null, readReview(doc, language, block.id))] +=
        block.words;
    }
    return figures;
  });
  return {
    title,
    sourceLanguage,
    targetLanguages,
    deadline,
    changedAt,
    progress,
    ...annotationCounts(doc),
    words,
  };
}

function annotationCounts(doc: Y.Doc): Pick<ArticleSummary, 'open' | 'unverifiedClaims'> {
  const open = { language: 0, claim: 0, comment: 0 };
  let unverifiedClaims = 0;
  for (const map of annotationsMap(doc).values()) {
    const kind = map.get('kind') as AnnotationKind;
    if ((map.get('status') as Annotation['status']) === 'open') open[kind]++;
    if (kind === 'claim' && (map.get('claim') as Claim).verdict === null) unverifiedClaims++;
  }
  return { open, unverifiedClaims };
}
