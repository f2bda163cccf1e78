// What the columns of texts and the annotation margin tell each other. Vertical positions are px from the top of the
// workspace's scrolling content: columns and margin scroll together, in one container.
import type { EditorView } from 'prosemirror-view';
import type { Observable } from '../article/types.ts';

/** Words selected in a column; offsets are UTF-16 code units within their blocks. */
export interface TextSelection {
  language: string;
  startBlock: string;
  startOffset: number;
  endBlock: string;
  endOffset: number;
  exact: string;
  /** Where it is on screen (viewport px), for the small bar that rises above it. */
  rect: { left: number; top: number; right: number; bottom: number };
}

export interface FocusedBlock {
  language: string;
  blockId: string;
}

/** The columns, as the margin and the commands of keyboard and palette use them. */
export interface TextColumns {
  /** Languages of the columns shown, left to right. */
  readonly shown: Observable<readonly string[]>;
  readonly selection: Observable<TextSelection | null>;
  readonly focused: Observable<FocusedBlock | null>;
  /** The annotation whose words and card are lifted. */
  readonly activeAnnotation: Observable<string | null>;
  setActiveAnnotation(id: string | null): void;
  view(language: string): EditorView | null;
  /** Top of a block in a shown column, or null if it is not there. */
  blockTop(language: string, blockId: string): number | null;
  /** Called after rows moved (once a frame at most). */
  onLayout(listener: () => void): () => void;
  scrollToBlock(language: string, blockId: string): void;
  /** Shows the language's column if it is hidden, scrolls to the annotation's words and makes it active. */
  reveal(annotationId: string): void;
}
