// Reads the caret as soon as a click or a key has moved it, and before a key or a paste is acted upon. Browsers tell of a moved
// caret in a task of its own, which comes late on a busy machine. Until ProseMirror has been told, it acts where the caret was:
// Enter would split another paragraph, and somebody's change that arrives just then would put the caret back.
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
  const before = { keydown: read, beforeinput: read, paste: read, cut: read, copy: read };
  const after = { mouseup: read, click: read, keyup: read };
  return new Plugin({ props: { handleDOMEvents: { ...before, ...after } } });
}
