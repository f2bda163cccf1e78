// One text on screen: a ProseMirror view bound to its root of the article's Y.Doc, two ways where one may edit and one way
// where one may not. It puts the plugins together and knows nothing of columns, React or the server.
import { keymap } from 'prosemirror-keymap';
import { EditorState, type Plugin } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { initProseMirrorDoc, ySyncPlugin, yUndoPlugin, yUndoPluginKey } from 'y-prosemirror';
import type * as Y from 'yjs';
import { textRoot } from '../../../shared/article/roots.ts';
import { articleSchema } from '../../../shared/article/schema.ts';
import { blockIdsPlugin } from './block-ids.ts';
import { BlockView } from './block-view.ts';
import { caretSight } from './caret-sight.ts';
import { blockInputRules } from './input-rules.ts';
import { editorKeys } from './keys.ts';
import { listNumbersPlugin } from './list-numbers.ts';
import { MirrorReader, mirrorPlugin } from './mirror.ts';
import { cleanHtml, cleanSlice, textToSlice } from './paste.ts';
import { promptSelection } from './prompt-selection.ts';

/** So near to an edge of what scrolls the caret makes it scroll, px. The head of the columns covers the top. */
const EDGES = { top: 72, bottom: 48 };

export interface TextViewOptions {
  mount: HTMLElement;
  doc: Y.Doc;
  language: string;
  editable: boolean;
  /** The accessible name of the text. */
  label: string;
  /** Carets, highlights and what else the workspace adds; made anew for every state. */
  plugins(fragment: Y.XmlFragment): Plugin[];
  openLink(): void;
  /** Keys of the workspace, before the editor's own; they count in read-only texts too. */
  keys: Record<string, () => boolean>;
  /** A click, or a key that would type, where one may not edit. */
  onRefusedEdit(): void;
}

export interface TextView {
  readonly view: EditorView;
  /** Rights changed: binds the other way. The undo stack starts empty. */
  setEditable(editable: boolean): void;
  clearUndo(): void;
  destroy(): void;
}

export function createTextView(options: TextViewOptions): TextView {
  const { mount, doc, language } = options;
  const fragment = doc.getXmlFragment(textRoot(language));
  let editable = options.editable;

  const view: EditorView = new EditorView(mount, {
    state: createState(options, fragment, editable),
    attributes: () => ({
      class: editable ? 'text' : 'text text-read-only',
      lang: language,
      spellcheck: String(editable),
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': options.label,
      'aria-readonly': String(!editable),
      tabindex: '0',
      translate: 'no',
    }),
    nodeViews: { block: (node) => new BlockView(node) },
    transformPastedHTML: cleanHtml,
    transformPasted: cleanSlice,
    clipboardTextParser: textToSlice,
    scrollThreshold: { ...EDGES, left: 0, right: 0 },
    scrollMargin: { top: 96, bottom: 72, left: 0, right: 0 },
    handleKeyDown: (_view, event) => {
      if (!editable && wouldType(event)) options.onRefusedEdit();
      return false;
    },
    handleDOMEvents: {
      paste: () => {
        if (!editable) options.onRefusedEdit();
        return false;
      },
    },
    // y-prosemirror's timers may come after the view has gone.
    dispatchTransaction(this: EditorView, tr) {
      if (!this.isDestroyed) this.updateState(this.state.apply(tr));
    },
  });

  return {
    view,
    setEditable(next) {
      if (next === editable || view.isDestroyed) return;
      editable = next;
      view.updateState(createState(options, fragment, editable));
    },
    clearUndo() {
      yUndoPluginKey.getState(view.state)?.undoManager.clear();
    },
    destroy: () => view.destroy(),
  };
}

function createState(options: TextViewOptions, fragment: Y.XmlFragment, editable: boolean): EditorState {
  const shared = [
    promptSelection(),
    caretSight(EDGES),
    keymap(options.keys),
    listNumbersPlugin(),
    ...options.plugins(fragment),
  ];
  if (!editable) {
    const reader = new MirrorReader(fragment);
    return EditorState.create({ doc: reader.document(), plugins: [mirrorPlugin(fragment, reader), ...shared] });
  }
  const empty = fragment.length === 0;
  const initial = empty ? null : initProseMirrorDoc(fragment, articleSchema);
  return EditorState.create({
    schema: articleSchema,
    ...(initial ? { doc: initial.doc } : {}),
    plugins: [
      ySyncPlugin(fragment, { mapping: initial?.mapping ?? new Map() }),
      // Undo takes back only one's own changes, and never a block that others may have typed in meanwhile.
      yUndoPlugin({ protectedNodes: new Set(['block']) }),
      blockInputRules(),
      blockIdsPlugin(),
      ...shared,
      ...editorKeys(options.openLink),
    ],
  });
}

function wouldType(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  return event.key === 'Backspace' || event.key === 'Delete' || event.key === 'Enter';
}
