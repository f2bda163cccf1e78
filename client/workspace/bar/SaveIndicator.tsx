// What is saved, beside the title, and the words that could not be kept.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useArticle } from '../../article/ArticleProvider.tsx';
import type { SaveStatus } from '../../article/types.ts';
import { Button } from '../../ui/Button.tsx';
import { CheckIcon, OfflineIcon, WarningIcon } from '../../ui/icons.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { KeptWordsDialog } from './KeptWordsDialog.tsx';

export function SaveIndicator() {
  const { t } = useTranslation();
  const session = useArticle();
  const status = useObservable(session.status);
  const [open, setOpen] = useState(false);
  const refused = status.state === 'refused' && status.kept.length > 0;
  // Words that were lost to the article are shown at once, not only on a click.
  useEffect(() => setOpen(refused), [refused]);

  if (status.state === 'refused') {
    return (
      <>
        <Button
          variant="quiet"
          size="s"
          className="ws-save ws-save-refused"
          icon={<WarningIcon />}
          onClick={() => setOpen(true)}
        >
          {status.kept.length > 0
            ? t('workspace.save.refusedKept', { count: status.kept.length })
            : t('workspace.save.refused')}
        </Button>
        <KeptWordsDialog status={status} open={open} onOpenChange={setOpen} onDismiss={() => session.dismissKept()} />
      </>
    );
  }
  return (
    <span className={`ws-save ws-save-${status.state}`} role="status" data-save={status.state}>
      <SaveIcon state={status.state} />
      <span className="ws-save-words">{words(status, t)}</span>
    </span>
  );
}

function SaveIcon({ state }: { state: Exclude<SaveStatus['state'], 'refused'> }) {
  switch (state) {
    case 'saved':
      return <CheckIcon />;
    case 'offline':
      return <OfflineIcon />;
    case 'saving':
    case 'loading':
      return <Spinner />;
  }
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
  }
}
