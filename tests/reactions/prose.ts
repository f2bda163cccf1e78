// Somebody's real editor without its view: ProseMirror steps written into a Y.Doc by y-prosemirror itself, with its undo. What
// it does to the CRDT (text re-created on Enter and Backspace) is what anchors must survive.
import { joinBackward, splitBlockAs } from 'prosemirror-commands';
import { EditorState, TextSelection, type Transaction } from 'prosemirror-state';
import { initProseMirrorDoc, updateYFragment } from 'y-prosemirror';
import * as Y from 'yjs';
import type { Room } from '../../server/sync/types.ts';
import { newBlockId } from '../../shared/article/ids.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { articleSchema } from '../../shared/article/schema.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import { joinRoom } from '../commands/memory.ts';

export interface ProseEditor {
  readonly doc: Y.Doc;
  /** Applies an edit to the text as it is and sends it. */
  edit(change: (state: EditorState) => Transaction): void;
  select(state: EditorState, block: string, from: number, to?: number): EditorState;
  /** Enter at a place. */
  enter(block: string, offset: number): void;
  /** Backspace at a block's start. */
  backspace(block: string): void;
  type(block: string, from: number, to: number, text: string): void;
  /** Cuts words out and pastes them elsewhere, as two edits. */
  move(block: string, from: number, to: number, into: string, at: number): void;
  undo(): void;
  redo(): void;
  sync(): void;
}

/** `online` false: edits stay here until `sync`. */
export function openEditor(room: Room, person: Pick<Person, 'id'>, language: string, online = true): ProseEditor {
  const { doc, sync } = joinRoom(room, person);
  const fragment = doc.getXmlFragment(textRoot(language));
  const origin = {};
  const history = new Y.UndoManager(fragment, { trackedOrigins: new Set([origin]), captureTimeout: 0 });

  function edit(change: (state: EditorState) => Transaction): void {
    const { doc: prose, meta } = initProseMirrorDoc(fragment, articleSchema);
    const state = EditorState.create({ doc: prose });
    const next = state.apply(change(state));
    doc.transact(() => updateYFragment(doc, fragment, next.doc, meta), origin);
    if (online) sync();
  }

  function place(state: EditorState, block: string, offset: number): number {
    let position = -1;
    state.doc.forEach((node, start) => {
      if (node.attrs.id === block) position = start + 1 + offset;
    });
    if (position === -1) throw new Error(`no block ${block}`);
    return position;
  }

  function select(state: EditorState, block: string, from: number, to = from): EditorState {
    const selection = TextSelection.create(state.doc, place(state, block, from), place(state, block, to));
    return state.apply(state.tr.setSelection(selection));
  }

  function run(state: EditorState, command: (state: EditorState, dispatch: (tr: Transaction) => void) => boolean) {
    let result: Transaction | null = null;
    command(state, (tr) => {
      result = tr;
    });
    if (!result) throw new Error('the command does not apply');
    return result as Transaction;
  }

  function type(block: string, from: number, to: number, text: string): void {
    edit((state) => state.tr.insertText(text, place(state, block, from), place(state, block, to)));
  }

  return {
    doc,
    edit,
    select,
    enter(block, offset) {
      edit((state) => {
        const split = splitBlockAs((node) => ({ type: node.type, attrs: { ...node.attrs, id: newBlockId() } }));
        const at = select(state, block, offset);
        const tr = run(at, split);
        return rebase(state, tr);
      });
    },
    backspace(block) {
      edit((state) => rebase(state, run(select(state, block, 0), joinBackward)));
    },
    type,
    move(block, from, to, into, at) {
      let words = '';
      edit((state) => {
        words = state.doc.textBetween(place(state, block, from), place(state, block, to));
        return state.tr.delete(place(state, block, from), place(state, block, to));
      });
      edit((state) => state.tr.insertText(words, place(state, into, at)));
    },
    undo() {
      history.undo();
      if (online) sync();
    },
    redo() {
      history.redo();
      if (online) sync();
    },
    sync,
  };
}

/** The steps of `tr` as a transaction of `state`, which has the same document. */
function rebase(state: EditorState, tr: Transaction): Transaction {
  return tr.steps.reduce((rebased, step) => rebased.step(step), state.tr);
}
