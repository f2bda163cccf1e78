// Tells when a view's state or focus changed.
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

export function viewListener(onChange: (view: EditorView) => void): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        focus: (view) => {
          onChange(view);
          return false;
        },
      },
    },
    view: () => ({
      update(view, before) {
        if (
          view.state.doc !== before.doc ||
          !view.state.selection.eq(before.selection) ||
          view.state.storedMarks !== before.storedMarks
        ) {
          onChange(view);
        }
      },
    }),
  });
}
