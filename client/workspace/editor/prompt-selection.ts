// Reads the caret before a key or a paste is acted upon. Browsers tell of a moved caret in a task of its own, which comes late on a
// busy machine; ProseMirror acts upon what it was told last, and Enter pressed soon after a click would split another paragraph.
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

/** The part of ProseMirror's view that reads the browser's selection; internal to it, and the only way to ask for it at once. */
interface WithObserver {
  domObserver: { flush(): void };
}

export function promptSelection(): Plugin {
  const read = (view: EditorView) => {
    if (!view.composing && view.hasFocus()) (view as unknown as WithObserver).domObserver.flush();
    return false;
  };
  return new Plugin({
    props: { handleDOMEvents: { keydown: read, beforeinput: read, paste: read, cut: read, copy: read } },
  });
}
