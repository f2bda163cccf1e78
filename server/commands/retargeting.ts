// Annotations whose words the server itself changes: their new spans are known exactly, so they are put there at once.
import { toBase64 } from 'lib0/buffer';
import type * as Y from 'yjs';
import { makeAnchor, resolveSpan } from '../../shared/annotation/anchors.ts';
import { readAnnotation, readAnnotations, updateAnnotation } from '../../shared/annotation/read.ts';
import { withCheck } from '../../shared/annotation/suggestions.ts';
import { isEmptySpan, type Span, spansOverlap, type TextView } from '../../shared/annotation/textView.ts';
import type { Annotation } from '../../shared/annotation/types.ts';
import { type Hunk, mapOffset } from '../../shared/translation/diff.ts';

export interface Overlapping extends Annotation {
  /** Where it will be once `hunks` are applied to the block of that index; null if none of its words stay. */
  map(hunks: readonly Hunk[], block: number): Span | null;
}

/** The annotations of a text that share words with a span, before these change. */
export function overlapping(doc: Y.Doc, view: TextView, span: Span): Overlapping[] {
  return readAnnotations(doc).flatMap((annotation) => {
    if (annotation.language !== view.language || annotation.anchorState === 'orphan') return [];
    const own = resolveSpan(view, annotation.anchor);
    if (!own || !spansOverlap(own, span)) return [];
    return [{ ...annotation, map: (hunks, block) => mapSpan(own, hunks, block) }];
  });
}

function mapSpan(span: Span, hunks: readonly Hunk[], block: number): Span | null {
  const mapped = {
    ...span,
    startOffset: span.start === block ? mapOffset(hunks, span.startOffset, 'start') : span.startOffset,
    endOffset: span.end === block ? mapOffset(hunks, span.endOffset, 'end') : span.endOffset,
  };
  return isEmptySpan(mapped) ? null : mapped;
}

/** Writes where an annotation stands after such a change. Without a span it becomes an orphan that keeps its quote. */
export function retarget(
  doc: Y.Doc,
  view: TextView,
  annotation: Annotation,
  span: Span | null,
  lostAt: Uint8Array,
): void {
  if (!span) {
    updateAnnotation(doc, annotation.id, {
      anchor: { ...annotation.anchor, lostAt: toBase64(lostAt) },
      anchorState: 'orphan',
    });
    return;
  }
  const anchor = makeAnchor(view, span);
  const suggestion = readAnnotation(doc, annotation.id)?.suggestion ?? null;
  updateAnnotation(doc, annotation.id, { anchor, ...withCheck(suggestion, anchor.exact) });
}
