// Sets, changes or removes the link of the selected words.
import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { articleSchema, isSafeLink } from '../../../shared/article/schema.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';

const type = articleSchema.marks.link!;

/** The stretch that is meant and the link that it has: the selection, or the whole link around the caret. */
export function linkRange(state: EditorState): { from: number; to: number; href: string } {
  const { from, to, empty, $from } = state.selection;
  if (!empty) {
    let href = '';
    state.doc.nodesBetween(from, to, (node) => {
      href ||= String(type.isInSet(node.marks)?.attrs.href ?? '');
    });
    return { from, to, href };
  }
  const mark = type.isInSet($from.marks());
  if (!mark) return { from, to, href: '' };
  const start = $from.start();
  let range = { from, to };
  $from.parent.forEach((node, offset) => {
    if (!mark.isInSet(node.marks)) return;
    const [left, right] = [start + offset, start + offset + node.nodeSize];
    if (left <= from && from <= right) range = { from: left, to: right };
  });
  return { ...range, href: String(mark.attrs.href) };
}

/** What people write in the field as an address: "kaktus.media" is one too. */
export function toAddress(words: string): string {
  const trimmed = words.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed)) return trimmed;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(trimmed)) return `mailto:${trimmed}`;
  return trimmed === '' ? '' : `https://${trimmed}`;
}

export function LinkDialog({ view, onClose }: { view: EditorView; onClose(): void }) {
  const { t } = useTranslation();
  const [range] = useState(() => linkRange(view.state));
  const [words, setWords] = useState(range.href);
  const [failed, setFailed] = useState(false);

  function close(): void {
    onClose();
    setTimeout(() => view.focus());
  }

  function set(href: string): void {
    // Others may have typed meanwhile; then the selection, which moved along, counts.
    const { from, to } = view.state.selection.empty ? range : view.state.selection;
    if (to > view.state.doc.content.size) {
      close();
      return;
    }
    const tr = view.state.tr.removeMark(from, to, type);
    if (href !== '') tr.addMark(from, to, type.create({ href }));
    view.dispatch(tr);
    close();
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const href = toAddress(words);
    if (href === '' || isSafeLink(href)) set(href);
    else setFailed(true);
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('workspace.link.title')}
      size="s"
      footer={
        <>
          {range.href !== '' && (
            <Button variant="quiet" onClick={() => set('')}>
              {t('workspace.link.remove')}
            </Button>
          )}
          <Button variant="primary" type="submit" form="link-form">
            {t('workspace.link.set')}
          </Button>
        </>
      }
    >
      <form id="link-form" onSubmit={onSubmit}>
        <TextField
          label={t('workspace.link.address')}
          value={words}
          onChange={(next) => {
            setWords(next);
            setFailed(false);
          }}
          error={failed ? t('workspace.link.unsafe') : undefined}
          placeholder="https://"
          inputMode="url"
          autoFocus
        />
      </form>
    </Dialog>
  );
}
