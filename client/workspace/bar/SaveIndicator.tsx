// What is saved, beside the title, and the words that could not be kept.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useArticle } from '../../article/ArticleProvider.tsx';
import type { SaveStatus } from '../../article/types.ts';
import { Button } from '../../ui/Button.tsx';
import { CheckIcon, OfflineIcon, WarningIcon } from '../../ui/icons.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { KeptWordsDialog } from './KeptWordsDialog.tsx';

export function SaveIndicator() {
  const { t } = useTranslation();
  const session = useArticle();
  const [refusal, setRefusal] = useState(() => refusalOf(session.status.get()));
  const [open, setOpen] = useState(false);
  const hasKept = refusal !== null && refusal.kept.length > 0;
  // Words that were lost to the article are shown at once, not only on a click.
  useEffect(() => setOpen(hasKept), [hasKept]);
  useEffect(() => session.status.subscribe(() => setRefusal(refusalOf(session.status.get()))), [session]);

  if (refusal) {
    return (
      <>
        <Button
          variant="quiet"
          size="s"
          className="ws-save ws-save-refused"
          icon={<WarningIcon />}
          onClick={() => setOpen(true)}
        >
          {hasKept && (
            <span className="ws-save-words">{t('workspace.save.refusedKept', { count: refusal.kept.length })}</span>
          )}
          <span className={hasKept ? 'ws-save-short' : undefined} aria-hidden={hasKept}>
            {t('workspace.save.refused')}
          </span>
        </Button>
        <KeptWordsDialog status={refusal} open={open} onOpenChange={setOpen} onDismiss={() => session.dismissKept()} />
      </>
    );
  }
  return <SaveState />;
}

function refusalOf(status: SaveStatus): Extract<SaveStatus, { state: 'refused' }> | null {
  return status.state === 'refused' ? status : null;
}

/**
 * The state changes twice with every keystroke, and with every commit React walks through the whole text that has the focus
 * to remember the selection in it. So these few words are changed in the DOM, without React.
 */
function SaveState() {
  const { t } = useTranslation();
  const session = useArticle();
  const root = useRef<HTMLSpanElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const show = () => {
      const status = session.status.get();
      if (status.state === 'refused' || !root.current || !label.current) return;
      const text = words(status, t);
      if (label.current.textContent !== text) label.current.textContent = text;
      root.current.dataset.save = status.state;
      root.current.dataset.waiting = 'changes' in status && status.changes > 0 ? String(status.changes) : '';
    };
    show();
    return session.status.subscribe(show);
  }, [session, t]);
  return (
    <span className="ws-save" role="status" ref={root}>
      <span className="ws-save-icon ws-save-icon-saved">
        <CheckIcon />
      </span>
      <span className="ws-save-icon ws-save-icon-offline">
        <OfflineIcon />
      </span>
      <span className="ws-save-icon ws-save-icon-unstored">
        <WarningIcon />
      </span>
      <span className="ws-save-icon ws-save-icon-saving">
        <Spinner />
      </span>
      <span className="ws-save-words" ref={label} />
    </span>
  );
}

function words(status: Exclude<SaveStatus, { state: 'refused' }>, t: ReturnType<typeof useTranslation>['t']): string {
  switch (status.state) {
    case 'saved':
      return t('workspace.save.saved');
    case 'saving':
      return t('workspace.save.saving');
    case 'loading':
      return t('workspace.save.loading');
    case 'offline':
      return status.changes === 0
        ? t('workspace.save.offline')
        : t('workspace.save.offlineWaiting', { count: status.changes });
    case 'unstored':
      return status.changes === 0
        ? t('workspace.save.unstored')
        : t('workspace.save.unstoredWaiting', { count: status.changes });
  }
}
