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

/** So long saving must take before the ring turns, ms. */
const SLOW_MS = 400;

/**
 * The state changes twice with every keystroke. With every commit React walks through the whole text that has the focus to
 * remember the selection in it, so these few words are changed in the DOM, without React. And the words of a state stand there
 * before it comes: only what is visible changes, so that the browser need not lay the bar out anew within the keystroke.
 */
function SaveState() {
  const { t } = useTranslation();
  const session = useArticle();
  const root = useRef<HTMLSpanElement>(null);
  const trouble = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    let shown: SaveStatus['state'] | null = null;
    let slow: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      const status = session.status.get();
      const element = root.current;
      if (status.state === 'refused' || !element || !trouble.current) return;
      if (status.state === 'offline' || status.state === 'unstored') {
        const text = troubleWords(status, t);
        if (trouble.current.textContent !== text) trouble.current.textContent = text;
        element.dataset.waiting = status.changes > 0 ? String(status.changes) : '';
      }
      if (status.state === shown) return;
      shown = status.state;
      element.dataset.save = shown;
      // A ring that turns is a layer of its own: with a good line every keystroke is saved before that is worth its while.
      clearTimeout(slow);
      if (element.dataset.slow !== undefined) delete element.dataset.slow;
      if (shown === 'saving' || shown === 'loading') {
        slow = setTimeout(() => {
          element.dataset.slow = '';
        }, SLOW_MS);
      }
    };
    show();
    const stop = session.status.subscribe(show);
    return () => {
      clearTimeout(slow);
      stop();
    };
  }, [session, t]);
  return (
    <span className="ws-save" role="status" ref={root}>
      <span className="ws-save-icons">
        <span className="ws-save-saved">
          <CheckIcon />
        </span>
        <span className="ws-save-offline">
          <OfflineIcon />
        </span>
        <span className="ws-save-unstored">
          <WarningIcon />
        </span>
        <span className="ws-save-saving ws-save-loading">
          <Spinner />
        </span>
      </span>
      <span className="ws-save-words">
        <span className="ws-save-saved">{t('workspace.save.saved')}</span>
        <span className="ws-save-saving">{t('workspace.save.saving')}</span>
        <span className="ws-save-loading">{t('workspace.save.loading')}</span>
        <span className="ws-save-offline ws-save-unstored" ref={trouble} />
      </span>
    </span>
  );
}

type Trouble = Extract<SaveStatus, { state: 'offline' | 'unstored' }>;

function troubleWords({ state, changes }: Trouble, t: ReturnType<typeof useTranslation>['t']): string {
  if (changes === 0) return t(`workspace.save.${state}`);
  return t(`workspace.save.${state}Waiting`, { count: changes });
}
