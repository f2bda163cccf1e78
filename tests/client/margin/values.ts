// Annotations and documents for the tests of the margin.
import type { Node } from 'prosemirror-model';
import * as Y from 'yjs';
import { makeAnchor } from '../../../shared/annotation/anchors.ts';
import { insertAnnotation } from '../../../shared/annotation/read.ts';
import { openText } from '../../../shared/annotation/textView.ts';
import type { Annotation, Author, Message } from '../../../shared/annotation/types.ts';
import { type Block, createBlockElement, makeBlock } from '../../../shared/article/blocks.ts';
import { textRoot } from '../../../shared/article/roots.ts';
import { articleSchema } from '../../../shared/article/schema.ts';

export const AIGUL: Author = { id: 'aigul', name: 'Aigul', role: 'translator' };
export const NURLAN: Author = { id: 'nurlan', name: 'Nurlan', role: 'fact-checker' };

export function message(id: string, by: Author, body: string, at = 1): Message {
  return { id, by, at, body, editedAt: null, deletedAt: null };
}

export function annotation(id: string, change: Partial<Annotation> = {}): Annotation {
  return {
    id,
    kind: 'comment',
    language: 'en',
    anchor: {
      start: '',
      end: '',
      startBlock: 'a',
      endBlock: 'a',
      exact: 'words',
      prefix: '',
      suffix: '',
      startOffset: 0,
      endOffset: 5,
      lostAt: null,
    },
    anchorState: 'attached',
    status: 'open',
    resolvedBy: null,
    resolvedAt: null,
    createdBy: AIGUL,
    createdAt: 1,
    category: null,
    severity: null,
    suggestion: null,
    claim: null,
    thread: [message(`${id}-body`, AIGUL, 'body')],
    ...change,
  };
}

/** A document with one text; blocks are named `a`, `b`, `c` … in order. */
export function articleOf(texts: readonly string[], language = 'en'): { ydoc: Y.Doc; doc: Node; blocks: Block[] } {
  const blocks = texts.map((text, index) => makeBlock(String.fromCharCode(97 + index), text));
  const ydoc = new Y.Doc();
  ydoc.getXmlFragment(textRoot(language)).insert(0, blocks.map(createBlockElement));
  return { ydoc, blocks, doc: nodeOf(texts) };
}

/** Blocks named `a`, `b`, `c` … in order, or as `ids` says. */
export function nodeOf(texts: readonly string[], ids = 'abcdefghij'): Node {
  return articleSchema.node(
    'doc',
    null,
    texts.map((text, index) =>
      articleSchema.node('block', { id: ids[index] }, text === '' ? [] : [articleSchema.text(text)]),
    ),
  );
}

/** An annotation on the first `words` of a block, in the document as the server would have written it. */
export function annotate(ydoc: Y.Doc, id: string, blockIndex: number, words: string, language = 'en'): Annotation {
  const view = openText(ydoc, language);
  const startOffset = view.blocks[blockIndex]!.text.indexOf(words);
  const span = { start: blockIndex, startOffset, end: blockIndex, endOffset: startOffset + words.length };
  const made = annotation(id, { language, anchor: makeAnchor(view, span) });
  insertAnnotation(ydoc, made);
  return made;
}
