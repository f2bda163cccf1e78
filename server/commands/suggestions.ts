// Suggested wordings: proposed, accepted in place by the smallest edit, rejected, reverted. Acceptance re-targets every
// annotation that overlaps the changed words, in the same transaction.
import * as Y from 'yjs';
import { makeAnchor, resolveEnds, resolveSpan } from '../../shared/annotation/anchors.ts';
import { updateAnnotation } from '../../shared/annotation/read.ts';
import { newSuggestion } from '../../shared/annotation/suggestions.ts';
import { openText, type Span, spanText, type TextView } from '../../shared/annotation/textView.ts';
import { type Annotation, MEANING_PRESERVING, type Suggestion } from '../../shared/annotation/types.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { joinHunks, minimalHunks } from '../../shared/translation/diff.ts';
import { applyHunksToBlock } from './edits.ts';
import { tell } from './notifications.ts';
import { invalid, requireAnnotation, requireRight } from './requirements.ts';
import { overlapping, retarget } from './retargeting.ts';
import { keepConfirmations } from './review.ts';
import type { CommandContext, Handler } from './types.ts';

export const proposeSuggestion: Handler<'suggestion.propose'> = {
  authorise: (context) => requireRight(context, 'annotate'),
  apply(context, { annotationId, text }) {
    const { doc } = context;
    const annotation = requireAnnotation(doc, annotationId);
    if (annotation.kind !== 'language') throw invalid('annotationId', 'not a language issue');
    const view = openText(doc, annotation.language);
    const span = annotation.anchorState === 'attached' ? resolveSpan(view, annotation.anchor) : null;
    if (!span) throw new KopuroError('anchor-lost', { annotationId });
    if (span.start !== span.end) throw invalid('text', 'a suggestion stays inside one block');
    const words = spanText(view, span);
    if (words === text) throw invalid('text', 'the same words');
    updateAnnotation(doc, annotationId, { suggestion: newSuggestion(text, words, context.author, context.at) });
    return { ok: true };
  },
};

export const acceptSuggestion: Handler<'suggestion.accept'> = {
  authorise: onlyDeciders,
  apply(context, { annotationId }) {
    const { doc } = context;
    const annotation = requireAnnotation(doc, annotationId);
    const suggestion = pendingSuggestion(annotation);
    const view = openText(doc, annotation.language);
    const span = annotation.anchorState === 'attached' ? resolveSpan(view, annotation.anchor) : null;
    if (!span || span.start !== span.end) throw new KopuroError('suggestion-conflict', { annotationId });
    const replaced = spanText(view, span);
    decide(context, annotation, { ...suggestion, status: 'accepted', replaced, check: false });
    if (annotation.status === 'open') {
      updateAnnotation(doc, annotationId, { status: 'resolved', resolvedBy: context.author, resolvedAt: context.at });
    }
    replaceWords(context, annotation, view, span, suggestion.text);
    tell(context, suggestion.by.id, 'suggestion-decided', annotationId, suggestion.text || replaced);
    return { ok: true };
  },
};

export const rejectSuggestion: Handler<'suggestion.reject'> = {
  authorise: onlyDeciders,
  apply(context, { annotationId }) {
    const annotation = requireAnnotation(context.doc, annotationId);
    const suggestion = pendingSuggestion(annotation);
    decide(context, annotation, { ...suggestion, status: 'rejected' });
    tell(context, suggestion.by.id, 'suggestion-decided', annotationId, suggestion.text);
    return { ok: true };
  },
};

export const revertSuggestion: Handler<'suggestion.revert'> = {
  authorise: onlyDeciders,
  apply(context, { annotationId }) {
    const { doc } = context;
    const annotation = requireAnnotation(doc, annotationId);
    const { suggestion } = annotation;
    if (!suggestion) throw new KopuroError('suggestion-missing', { annotationId });
    const view = openText(doc, annotation.language);
    const span = spanOfAccepted(view, annotation);
    if (suggestion.status !== 'accepted' || suggestion.replaced === null || !span) {
      throw new KopuroError('suggestion-not-revertible', { annotationId });
    }
    updateAnnotation(doc, annotationId, {
      status: 'open',
      resolvedBy: null,
      resolvedAt: null,
      suggestion: {
        ...suggestion,
        status: 'pending',
        decidedBy: null,
        decidedAt: null,
        replaced: null,
        check: suggestion.replaced !== suggestion.original,
      },
    });
    replaceWords(context, annotation, view, span, suggestion.replaced);
    return { ok: true };
  },
};

function onlyDeciders(context: CommandContext, { annotationId }: { annotationId: string }): void {
  requireRight(context, 'decideSuggestion', requireAnnotation(context.doc, annotationId).language);
}

function pendingSuggestion(annotation: Annotation): Suggestion {
  const { suggestion } = annotation;
  if (!suggestion) throw new KopuroError('suggestion-missing', { annotationId: annotation.id });
  if (suggestion.status !== 'pending') {
    throw new KopuroError('suggestion-decided', { annotationId: annotation.id, status: suggestion.status });
  }
  return suggestion;
}

function decide(context: CommandContext, annotation: Annotation, suggestion: Suggestion): void {
  updateAnnotation(context.doc, annotation.id, {
    suggestion: { ...suggestion, decidedBy: context.author, decidedAt: context.at },
  });
}

/** Where the accepted words stand, unchanged; for words that were to go, the empty place that they left. Else null. */
function spanOfAccepted(view: TextView, annotation: Annotation): Span | null {
  const wanted = annotation.suggestion?.text;
  if (wanted === '') {
    const { start, end } = resolveEnds(view, annotation.anchor);
    const gone = start && end && start.block === end.block && start.offset === end.offset;
    return gone ? { start: start.block, startOffset: start.offset, end: end.block, endOffset: end.offset } : null;
  }
  const span = annotation.anchorState === 'attached' ? resolveSpan(view, annotation.anchor) : null;
  return span && span.start === span.end && spanText(view, span) === wanted ? span : null;
}

/** Changes the words of a span (within one block), and puts this annotation and all that overlap it onto the new words. */
function replaceWords(context: CommandContext, annotation: Annotation, view: TextView, span: Span, text: string): void {
  const { doc } = context;
  const { language } = annotation;
  const block = view.blocks[span.start]!;
  const before = block.text;
  const lostAt = Y.encodeStateVector(doc);
  const others = overlapping(doc, view, span).filter(({ id }) => id !== annotation.id);
  const hunks = minimalHunks(before.slice(span.startOffset, span.endOffset), text, language).map((hunk) => ({
    ...hunk,
    offset: hunk.offset + span.startOffset,
  }));
  applyHunksToBlock(block, hunks, { from: span.startOffset, to: span.endOffset });

  const after = openText(doc, language);
  if (text === '') retarget(doc, after, annotation, null, lostAt);
  else {
    updateAnnotation(doc, annotation.id, {
      anchor: makeAnchor(after, { ...span, endOffset: span.startOffset + text.length }),
      anchorState: 'attached',
    });
  }
  const steps = joinHunks(before, hunks);
  for (const other of others) retarget(doc, after, other, other.map(steps, block.index), lostAt);
  if (annotation.category && MEANING_PRESERVING.includes(annotation.category)) {
    keepConfirmations(doc, language, block.id, before, after.blocks[span.start]!.text);
  }
}
