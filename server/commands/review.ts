// Confirming translated blocks: that these words are right for those words. What follows from later changes (stale, fallen
// back) is derived from the record by shared/translation/review.ts and never written.
import type * as Y from 'yjs';
import { nodeText } from '../../shared/annotation/textView.ts';
import { blockTextNodes, findBlockElement } from '../../shared/article/blocks.ts';
import { readMeta } from '../../shared/article/meta.ts';
import { REVIEW_ROOT } from '../../shared/article/roots.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { type ReviewRecord, readReview, reviewKey } from '../../shared/translation/review.ts';
import { invalid, requireRight } from './requirements.ts';
import type { CommandContext, Handler } from './types.ts';

const RIGHT_FOR = {
  translated: 'confirmTranslated',
  reviewed: 'confirmReviewed',
  final: 'confirmFinal',
} as const;

export const confirm: Handler<'review.confirm'> = {
  authorise: (context, { state, language }) => requireRight(context, RIGHT_FOR[state], language),
  apply(context, { language, blockId, state, reason }) {
    const { doc, author, at } = context;
    requireTarget(doc, language);
    const source = wordsOf(doc, readMeta(doc).sourceLanguage, blockId);
    const target = wordsOf(doc, language, blockId);
    if (source === null || target === null) throw new KopuroError('block-not-found', { blockId });
    if (target.trim() === '') throw invalid('blockId', 'nothing is translated yet');
    const before = readReview(doc, language, blockId);
    if (state === 'reviewed' && reason.trim() === '') requireSecondPair(context, before, source, target);
    const translatedBy = state === 'translated' || !before ? author : before.translatedBy;
    const record: ReviewRecord = { state, source, target, by: author, at, translatedBy, reason: reason.trim() };
    doc.getMap(REVIEW_ROOT).set(reviewKey(language, blockId), record);
    return { ok: true };
  },
};

export const withdraw: Handler<'review.withdraw'> = {
  authorise(context, { language, blockId }) {
    const record = readReview(context.doc, language, blockId);
    requireRight(context, RIGHT_FOR[record?.state ?? 'translated'], language);
  },
  apply(context, { language, blockId }) {
    requireTarget(context.doc, language);
    if (!readReview(context.doc, language, blockId)) throw new KopuroError('not-found', { blockId });
    context.doc.getMap(REVIEW_ROOT).delete(reviewKey(language, blockId));
    return { ok: true };
  },
};

/**
 * Carries the confirmations of a source block over a change that leaves its meaning alone (spelling, punctuation, markup):
 * what was confirmed for the words before is confirmed for the words after. Stale ones stay stale.
 */
export function keepConfirmations(doc: Y.Doc, language: string, blockId: string, before: string, after: string): void {
  const { sourceLanguage, targetLanguages } = readMeta(doc);
  if (language !== sourceLanguage || before === after) return;
  for (const target of targetLanguages) {
    const record = readReview(doc, target, blockId);
    if (record?.source === before)
      doc.getMap(REVIEW_ROOT).set(reviewKey(target, blockId), { ...record, source: after });
  }
}

/** A translator reviews what somebody else confirmed, of these very words; an editor reviews anything. */
function requireSecondPair(context: CommandContext, before: ReviewRecord | null, source: string, target: string): void {
  if (context.standing.role === 'editor') return;
  const current = before !== null && before.source === source && before.target === target;
  if (!current || before.translatedBy.id === context.person.id) throw new KopuroError('reason-required');
}

function requireTarget(doc: Y.Doc, language: string): void {
  if (!readMeta(doc).targetLanguages.includes(language)) throw new KopuroError('language-not-in-article', { language });
}

function wordsOf(doc: Y.Doc, language: string, blockId: string): string | null {
  const element = findBlockElement(doc, language, blockId);
  return element && blockTextNodes(element).map(nodeText).join('');
}
