// Keeps the caret in sight without reading its place within every keystroke: a reading makes the browser lay the text out at
// once, and the frame that follows would do so anyway. While the caret cannot have come near an edge since its place was last
// read, there is nothing to scroll; else ProseMirror scrolls as it always does.
import { Plugin, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

/** px at the upper and the lower edge of what scrolls that the caret must keep free. */
export interface Edges {
  top: number;
  bottom: number;
}

interface Stretch {
  top: number;
  bottom: number;
}

/** So many characters at least stand in a line, however narrow the column. */
const SHORTEST_LINE = 8;
/** A line is at most so many times as high as the caret in it. */
const LINE_HEIGHT = 2;
/** A place is trusted so long, ms, should something have moved the text that nobody was told of. */
const TRUSTED_MS = 2_000;

/** By how many characters the caret may move within its block before it could leave the sight; negative if it has left it. */
export function roomOf(caret: Stretch, sight: Stretch): number {
  const line = LINE_HEIGHT * Math.max(1, caret.bottom - caret.top);
  const lines = Math.floor(Math.min(caret.top - sight.top, sight.bottom - caret.bottom) / line);
  // One line is kept back: a long word goes to the next one as a whole.
  return (lines - 1) * SHORTEST_LINE;
}

interface Read {
  block: unknown;
  offset: number;
  room: number;
  at: number;
}

/** The plugin. `edges`: those at which ProseMirror begins to scroll. */
export function caretSight(edges: Edges): Plugin {
  let read: Read | null = null;
  const forget = () => {
    read = null;
  };
  return new Plugin({
    props: {
      handleScrollToSelection(view) {
        const { selection } = view.state;
        const { $head } = selection;
        const block: unknown = $head.parent.attrs.id;
        if (!(selection instanceof TextSelection) || typeof block !== 'string') return false;
        const offset = $head.parentOffset;
        const now = performance.now();
        if (read?.block === block && Math.abs(offset - read.offset) <= read.room && now - read.at < TRUSTED_MS)
          return true;
        const room = roomOf(view.coordsAtPos(selection.head, 1), sightOf(view, edges));
        read = { block, offset, room, at: now };
        return room >= 0;
      },
    },
    view(view) {
      // Whatever may move the words under the caret: scrolling, another size of the window or of the text.
      const document = view.dom.ownerDocument;
      const window = document.defaultView!;
      const sizes = new ResizeObserver(forget);
      sizes.observe(view.dom);
      document.addEventListener('scroll', forget, { capture: true, passive: true });
      window.addEventListener('resize', forget);
      window.visualViewport?.addEventListener('resize', forget);
      return {
        destroy() {
          sizes.disconnect();
          document.removeEventListener('scroll', forget, { capture: true });
          window.removeEventListener('resize', forget);
          window.visualViewport?.removeEventListener('resize', forget);
        },
      };
    },
  });
}

/** What is seen of the text: the part of the window that all its scrolling ancestors leave, without the edges. */
function sightOf(view: EditorView, edges: Edges): Stretch {
  const window = view.dom.ownerDocument.defaultView!;
  let top = 0;
  let bottom = window.visualViewport?.height ?? window.innerHeight;
  for (let parent = view.dom.parentElement; parent; parent = parent.parentElement) {
    if (getComputedStyle(parent).overflowY === 'visible') continue;
    const box = parent.getBoundingClientRect();
    top = Math.max(top, box.top);
    bottom = Math.min(bottom, box.bottom);
  }
  return { top: top + edges.top, bottom: bottom - edges.bottom };
}
