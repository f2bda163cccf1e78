// A text shown one way only: what the Y.Doc holds appears in the view, and nothing that the view does can reach the Y.Doc.
// Read-only columns use it in the place of y-prosemirror's binding, which writes even while it reads.
import type { Node } from 'prosemirror-model';
import { type EditorState, Plugin, type Transaction } from 'prosemirror-state';
import { ReplaceStep } from 'prosemirror-transform';
import type { EditorView } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';
import { type Block, type Inline, readBlock } from '../../../shared/article/blocks.ts';
import { articleSchema } from '../../../shared/article/schema.ts';

/** The ProseMirror node of a block. */
export function blockNode(block: Block): Node {
  const { id, kind, level, indent, ordered, content } = block;
  return articleSchema.node(
    'block',
    { id: id || null, kind, level, indent, ordered },
    content.map((run) => articleSchema.text(run.text, inlineMarks(run))),
  );
}

function inlineMarks(run: Inline) {
  const { bold, italic, link } = articleSchema.marks;
  return [
    ...(run.link ? [link!.create({ href: run.link })] : []),
    ...(run.bold ? [bold!.create()] : []),
    ...(run.italic ? [italic!.create()] : []),
  ];
}

/** Turns a fragment into documents, building anew only the blocks that changed. */
export class MirrorReader {
  private readonly fragment: Y.XmlFragment;
  private readonly nodes = new WeakMap<Y.XmlElement, Node>();

  constructor(fragment: Y.XmlFragment) {
    this.fragment = fragment;
  }

  forget(element: Y.XmlElement): void {
    this.nodes.delete(element);
  }

  document(): Node {
    const blocks: Node[] = [];
    for (const child of this.fragment.toArray()) {
      if (!(child instanceof Y.XmlElement) || child.nodeName !== 'block') continue;
      let node = this.nodes.get(child);
      if (!node) {
        node = blockNode(readBlock(child));
        this.nodes.set(child, node);
      }
      blocks.push(node);
    }
    return blocks.length > 0 ? articleSchema.node('doc', null, blocks) : articleSchema.topNodeType.createAndFill()!;
  }
}

/** The transaction that makes a state hold `document`, replacing only the stretch that differs; null if nothing does. */
export function replaceDifference(state: EditorState, document: Node): Transaction | null {
  const before = state.doc.content;
  const start = before.findDiffStart(document.content);
  if (start === null) return null;
  const end = before.findDiffEnd(document.content)!;
  // With repeated letters the two searches may run past each other: the stretch cannot end before it starts.
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  const slice = document.slice(start, end.b + overlap);
  const { tr } = state;
  if (tr.maybeStep(new ReplaceStep(start, end.a + overlap, slice)).failed) {
    tr.replaceWith(0, before.size, document.content);
  }
  return tr.setMeta('addToHistory', false).setMeta(ySyncPluginKey, { isChangeOrigin: true });
}

/**
 * The plugin. It stands under y-prosemirror's key with the part of its state that others read, so that the rest of the
 * editor need not know which binding it is in.
 */
export function mirrorPlugin(fragment: Y.XmlFragment, reader: MirrorReader): Plugin {
  return new Plugin({
    key: ySyncPluginKey,
    state: {
      init: () => ({ type: fragment, doc: fragment.doc, binding: null, isChangeOrigin: false }),
      apply: (tr, value) => {
        const isChangeOrigin = Boolean(tr.getMeta(ySyncPluginKey)?.isChangeOrigin);
        return isChangeOrigin === value.isChangeOrigin && !isChangeOrigin ? value : { ...value, isChangeOrigin };
      },
    },
    props: { editable: () => false },
    // Nothing but the document itself may change the view's document.
    filterTransaction: (tr) => !tr.docChanged || Boolean(tr.getMeta(ySyncPluginKey)?.isChangeOrigin),
    view: (view) => {
      const onChange = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
        for (const { target } of events) {
          const element = target instanceof Y.XmlText ? target.parent : target;
          if (element instanceof Y.XmlElement) reader.forget(element);
        }
        show(view, reader);
      };
      fragment.observeDeep(onChange as Parameters<typeof fragment.observeDeep>[0]);
      return { destroy: () => fragment.unobserveDeep(onChange as Parameters<typeof fragment.observeDeep>[0]) };
    },
  });
}

function show(view: EditorView, reader: MirrorReader): void {
  const tr = replaceDifference(view.state, reader.document());
  if (tr) view.dispatch(tr);
}
