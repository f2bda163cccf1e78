// Carets and selections of the others in one text, and the own one told to them. Names and colours are those that the
// server has stamped on a presence state. A caret's flag fades by itself when its owner rests.
import { type EditorState, Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { PresenceState } from '../../../shared/protocol/events.ts';
import { attributesOf } from '../editor/structure.ts';
import { toAbsolute, toRelative } from './positions.ts';

/** The own caret is told at most this often. */
const TELL_EVERY_MS = 60;

const caretsKey = new PluginKey<DecorationSet>('carets');

export interface CaretOptions {
  awareness: Awareness;
  fragment: Y.XmlFragment;
  language: string;
  /** What the flag says, e.g. "Aigul · translator". */
  describe(user: NonNullable<PresenceState['user']>): string;
}

export function caretsPlugin(options: CaretOptions): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set, _before, after) {
        if (tr.getMeta(caretsKey)) return draw(after, options);
        if (!tr.docChanged) return set;
        // y-prosemirror replaces the whole document on a remote edit, which mapping would not survive.
        return tr.getMeta(ySyncPluginKey)?.isChangeOrigin ? draw(after, options) : set.map(tr.mapping, tr.doc);
      },
    },
    props: { decorations: (state) => caretsKey.getState(state) },
    view: (view) => new Teller(view, options),
  });
}

function draw(state: EditorState, { awareness, fragment, language, describe }: CaretOptions): DecorationSet {
  const decorations: Decoration[] = [];
  for (const [clientId, presence] of awareness.getStates() as Map<number, PresenceState>) {
    const { user, cursor } = presence;
    if (clientId === awareness.clientID || !user || !cursor || presence.language !== language) continue;
    const anchor = toAbsolute(fragment, state.doc, cursor.anchor);
    const head = toAbsolute(fragment, state.doc, cursor.head);
    if (anchor === null || head === null) continue;
    decorations.push(
      Decoration.widget(head, () => caretElement(user, describe(user)), { key: `${clientId}/${user.color}`, side: 10 }),
    );
    if (anchor !== head) {
      const attributes = { class: 'other-selection', style: `--person: ${user.color}` };
      decorations.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), attributes));
    }
  }
  return decorations.length === 0 ? DecorationSet.empty : DecorationSet.create(state.doc, decorations);
}

function caretElement(user: NonNullable<PresenceState['user']>, label: string): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'other-caret';
  caret.style.setProperty('--person', user.color);
  caret.ariaHidden = 'true';
  const flag = document.createElement('span');
  flag.className = 'other-caret-flag';
  flag.textContent = label;
  // Word joiners keep the caret from breaking a line.
  caret.append('\u2060', flag, '\u2060');
  return caret;
}

/** Tells the own caret, and draws the others' once a frame at most. */
class Teller {
  private readonly view: EditorView;
  private readonly options: CaretOptions;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private frame = 0;
  private readonly onAwareness: (changes: { added: number[]; updated: number[]; removed: number[] }) => void;
  private readonly onFocus = () => this.tellSoon();

  constructor(view: EditorView, options: CaretOptions) {
    this.view = view;
    this.options = options;
    this.onAwareness = ({ added, updated, removed }) => {
      const own = options.awareness.clientID;
      if ([...added, ...updated, ...removed].some((clientId) => clientId !== own)) this.drawSoon();
    };
    options.awareness.on('change', this.onAwareness);
    view.dom.addEventListener('focus', this.onFocus);
    this.drawSoon();
  }

  update(view: EditorView, before: EditorState): void {
    if (view.hasFocus() && (!view.state.selection.eq(before.selection) || view.state.doc !== before.doc))
      this.tellSoon();
  }

  destroy(): void {
    this.options.awareness.off('change', this.onAwareness);
    this.view.dom.removeEventListener('focus', this.onFocus);
    if (this.timer !== null) clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (!this.view.isDestroyed)
        this.view.dispatch(this.view.state.tr.setMeta(caretsKey, true).setMeta('addToHistory', false));
    });
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => this.tell(), TELL_EVERY_MS);
  }

  private tell(): void {
    this.timer = null;
    const { view, options } = this;
    const { awareness, fragment, language } = options;
    const before = awareness.getLocalState();
    if (view.isDestroyed || !view.hasFocus() || before === null) return;
    const { anchor, head, $head } = view.state.selection;
    awareness.setLocalState({
      ...before,
      cursor: {
        anchor: toRelative(fragment, view.state.doc, anchor),
        head: toRelative(fragment, view.state.doc, head),
      },
      language,
      blockId: $head.depth === 0 ? null : attributesOf($head.node(1)).id,
    } satisfies PresenceState);
  }
}
