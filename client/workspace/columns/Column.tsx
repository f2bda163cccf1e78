// One text: mounts its view once, binds it the other way when the rights change, and lays marks and buttons over it.
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import { useMargin } from '../../margin/context.tsx';
import { annotationHighlights } from '../../margin/highlights.ts';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { LinkDialog } from '../editor/LinkDialog.tsx';
import { createTextView, type TextView } from '../editor/text-view.ts';
import { caretsPlugin } from '../presence/carets.ts';
import { confirmHere } from '../review/confirm.ts';
import { jumpSideways } from '../sideways.ts';
import { viewListener } from '../view-listener.ts';
import { Gutter } from './Gutter.tsx';
import { ReadOnlyReason } from './ReadOnlyReason.tsx';

export function Column({ language }: { language: string }) {
  const { t } = useTranslation();
  const name = useLanguageName();
  const { workspace, statuses } = useWorkspace();
  const { session } = workspace;
  const margin = useMargin();
  const editable = useObservable(session.editable).includes(language);
  const mount = useRef<HTMLDivElement>(null);
  const current = useRef<TextView | null>(null);
  const linking = useObservable(workspace.linking) === language;
  const [refusedAt, setRefusedAt] = useState(0);

  // Words of the interface that live inside the view are read when they are needed.
  const texts = useRef({ t, name });
  useEffect(() => {
    texts.current = { t, name };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of rights is the next effect's
  useEffect(() => {
    const view = createTextView({
      mount: mount.current!,
      doc: session.doc,
      language,
      editable,
      label: name(language),
      openLink: () => workspace.openLink(language),
      onRefusedEdit: () => setRefusedAt(Date.now()),
      keys: {
        'Mod-Enter': () => confirmHere(workspace, statuses, language),
        'Mod-Alt-ArrowRight': () => jumpSideways(workspace, language, 1),
        'Mod-Alt-ArrowLeft': () => jumpSideways(workspace, language, -1),
      },
      plugins: (fragment) => [
        annotationHighlights(margin, language),
        caretsPlugin({
          awareness: session.awareness,
          fragment,
          language,
          describe: (user) => `${user.name} · ${texts.current.t(`roles.${user.role}`)}`,
        }),
        viewListener((changed) => workspace.viewChanged(language, changed)),
      ],
    });
    current.current = view;
    return workspace.attachView(language, view);
  }, [workspace, session, language, margin]);

  useEffect(() => current.current?.setEditable(editable), [editable]);

  function onClick(event: MouseEvent): void {
    if (editable || (event.target as Element).closest('[data-annotation], a, button')) return;
    if (window.getSelection()?.isCollapsed) setRefusedAt(Date.now());
  }

  return (
    <div className="ws-column" data-column={language}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: keys are refused inside the view */}
      <div className="ws-text" ref={mount} onClick={onClick} />
      <Gutter language={language} editable={editable} />
      {refusedAt > 0 && !editable && (
        <ReadOnlyReason key={refusedAt} language={language} onEnd={() => setRefusedAt(0)} />
      )}
      {linking && current.current && (
        <LinkDialog view={current.current.view} onClose={() => workspace.openLink(null)} />
      )}
    </div>
  );
}
