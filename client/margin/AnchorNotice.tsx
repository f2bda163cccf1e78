// Says that an annotation's words moved or are gone, shows the words it was about, and offers what a person can do.
import { Selection } from 'prosemirror-state';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useTextColumns } from '../workspace/context.tsx';
import { useMargin } from './context.tsx';
import { targetOfSelection } from './target.ts';
import type { AnnotationItem } from './types.ts';

export function AnchorNotice({ item, allowed }: { item: AnnotationItem; allowed: boolean }) {
  const { t } = useTranslation();
  const margin = useMargin();
  const columns = useTextColumns();
  const selection = useObservable(columns.selection);
  const reattaching = useObservable(margin.reattaching);
  const { annotation } = item;
  if (annotation.anchorState === 'attached') return null;
  const choosing = reattaching === annotation.id;
  const usable = selection?.language === annotation.language ? selection : null;

  const attach = () => {
    const view = usable && columns.view(usable.language);
    const target = view && targetOfSelection(view.state.doc, usable);
    if (!target) return;
    margin.reattaching.set(null);
    void margin.send('annotation.reattach', { annotationId: annotation.id, target });
    // The selection has done its work; left standing, it would offer to annotate the same words.
    view.dispatch(view.state.tr.setSelection(Selection.near(view.state.selection.$to, -1)));
  };

  return (
    <div className="anchor-notice">
      <p className="card-note card-note-warn">
        <WarningIcon />
        {annotation.anchorState === 'moved' ? t('margin.anchor.moved') : t('margin.anchor.orphan')}
      </p>
      <blockquote className="card-quote" lang={annotation.language}>
        {annotation.anchor.exact}
      </blockquote>
      {allowed && (
        <div className="card-buttons">
          {annotation.anchorState === 'moved' && (
            <Button size="s" onClick={() => void margin.send('annotation.reattach', { annotationId: annotation.id })}>
              {t('margin.anchor.confirm')}
            </Button>
          )}
          {usable ? (
            // The button must not take the selection away before it is read.
            <Button size="s" onMouseDown={(event) => event.preventDefault()} onClick={attach}>
              {t('margin.anchor.attachHere')}
            </Button>
          ) : (
            <Button
              size="s"
              variant="quiet"
              aria-pressed={choosing}
              onClick={() => margin.reattaching.set(choosing ? null : annotation.id)}
            >
              {t('margin.anchor.choose')}
            </Button>
          )}
        </div>
      )}
      {choosing && !usable && (
        <p className="soft" role="status">
          {t('margin.anchor.howToChoose')}
        </p>
      )}
    </div>
  );
}
