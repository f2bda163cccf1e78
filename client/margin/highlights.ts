// Annotations drawn in a text: the ProseMirror plugin. It shows what is drawn (drawn.ts), lets it be resolved anew
// (refresher.ts) and tells which annotation was clicked. It knows nothing of cards, and writes nothing to the document.
import { Plugin } from 'prosemirror-state';
import { DecorationSet } from 'prosemirror-view';
import { apply, DRAFT, type Drawn, highlightsKey } from './drawn.ts';
import { Refresher } from './refresher.ts';
import type { HighlightSource } from './types.ts';

/** The plugin for the text in `language`. */
export function annotationHighlights(source: HighlightSource, language: string): Plugin<Drawn> {
  return new Plugin<Drawn>({
    key: highlightsKey,
    state: {
      init: () => ({ set: DecorationSet.empty, active: null }),
      apply: (tr, drawn) => apply(tr, drawn),
    },
    props: {
      decorations: (state) => highlightsKey.getState(state)?.set,
      handleDOMEvents: {
        click: (_view, event) => {
          const selection = window.getSelection();
          if (!selection || selection.isCollapsed) source.activate(nextActive(event.target, source.active.get()));
          return false;
        },
      },
    },
    view: (view) => new Refresher(view, source, language),
  });
}

/** Which annotation a click makes active: the innermost one there, or the next outer one if that is active already. */
function nextActive(target: EventTarget | null, active: string | null): string | null {
  const ids: string[] = [];
  let element = target instanceof Element ? target.closest('[data-annotation]') : null;
  while (element) {
    const id = element.getAttribute('data-annotation');
    if (id && id !== DRAFT) ids.push(id);
    element = element.parentElement?.closest('[data-annotation]') ?? null;
  }
  if (ids.length === 0) return null;
  return ids[(ids.indexOf(active ?? '') + 1) % ids.length] ?? null;
}
