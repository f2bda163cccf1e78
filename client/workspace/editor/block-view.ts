// How a block stands in the DOM: as its schema says, with a margin below it that the alignment of rows sets. ProseMirror is
// told to take no notice of that margin, so that aligning rows never makes it read the DOM again.
import { DOMSerializer, type Node } from 'prosemirror-model';
import type { NodeView } from 'prosemirror-view';

export class BlockView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;

  constructor(node: Node) {
    const { dom, contentDOM } = DOMSerializer.renderSpec(document, node.type.spec.toDOM!(node));
    this.dom = dom as HTMLElement;
    this.contentDOM = contentDOM ?? this.dom;
  }

  ignoreMutation(mutation: MutationRecord | { type: 'selection'; target: globalThis.Node }): boolean {
    return mutation.type === 'attributes' && mutation.target === this.dom && mutation.attributeName === 'style';
  }
}
