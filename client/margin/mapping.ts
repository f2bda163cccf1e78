// How decorations follow a change of the document. y-prosemirror replaces the whole document on a remote edit, so that the
// transaction's own mapping would lose everything: what really changed is found by comparing the two documents.
import type { Node } from 'prosemirror-model';
import { type Mappable, Mapping, StepMap } from 'prosemirror-transform';
import type { DecorationSet } from 'prosemirror-view';

/** The one stretch in which two documents differ, as a mapping from the old one to the new one. */
export function changeBetween(before: Node, after: Node): Mapping {
  const start = before.content.findDiffStart(after.content);
  if (start === null) return new Mapping();
  const end = before.content.findDiffEnd(after.content)!;
  // With repeated letters the two searches may run past each other: the stretch cannot end before it starts.
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  return new Mapping([new StepMap([start, end.a + overlap - start, end.b + overlap - start])]);
}

export function mapDecorations(set: DecorationSet, mapping: Mappable, doc: Node): DecorationSet {
  return set.map(mapping as Mapping, doc);
}
