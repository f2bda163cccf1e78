// One snapshot: its text in one language, as it was or compared with now, and the button that brings it back.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys, useSnapshotText, useText } from '../api/queries.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { errorText } from '../app/error-text.ts';
import { useFormats, useLanguageLabel } from '../app/use-formats.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { Checkbox } from '../ui/Field.tsx';
import { HistoryIcon } from '../ui/icons.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useToast } from '../ui/Toast.tsx';
import { snapshotName } from './names.ts';
import { ComparedText, PlainText, TextSkeleton } from './Texts.tsx';

export interface PreviewProps {
  snapshot: SnapshotInfo;
  languages: readonly string[];
  mayRestore: boolean;
}

export function Preview({ snapshot, languages, mayRestore }: PreviewProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageLabel();
  const [wanted, setLanguage] = useState(languages[0] ?? '');
  const [comparing, setComparing] = useState(false);
  const [asking, setAsking] = useState(false);
  const restore = useRestore(snapshot);
  const language = languages.includes(wanted) ? wanted : (languages[0] ?? '');
  const name = snapshotName(snapshot, t);
  return (
    <section className="snapshot" aria-label={name}>
      <header className="snapshot-header">
        <div>
          <h2>{name}</h2>
          <p className="soft">
            {formats.dateTime(snapshot.createdAt)}
            {snapshot.by && ` · ${snapshot.by.name}`}
          </p>
        </div>
        {mayRestore && (
          <Button icon={<HistoryIcon />} onClick={() => setAsking(true)}>
            {t('snapshots.restore')}
          </Button>
        )}
      </header>
      <Tabs
        label={t('snapshots.language')}
        value={language}
        onChange={setLanguage}
        tabs={languages.map((value) => ({ value, label: languageName(value) }))}
      >
        <div className="snapshot-compare">
          <Checkbox checked={comparing} onChange={setComparing}>
            {t('snapshots.compare')}
          </Checkbox>
        </div>
        <SnapshotText snapshot={snapshot} language={language} comparing={comparing} />
      </Tabs>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('snapshots.restoreTitle')}
        description={t('snapshots.restoreBody', { name, date: formats.dateTime(snapshot.createdAt) })}
        confirmLabel={t('snapshots.restore')}
        onConfirm={restore}
      />
    </section>
  );
}

function SnapshotText({
  snapshot,
  language,
  comparing,
}: {
  snapshot: SnapshotInfo;
  language: string;
  comparing: boolean;
}) {
  const then = useSnapshotText(snapshot.articleId, snapshot.id, language);
  const now = useText(snapshot.articleId, language, comparing);
  const failed = then.error ?? (comparing ? now.error : null);
  if (failed) return <ErrorView error={failed} onRetry={() => (then.error ? then.refetch() : now.refetch())} />;
  if (!then.data || (comparing && !now.data)) return <TextSkeleton />;
  if (comparing && now.data) return <ComparedText before={then.data} after={now.data} language={language} />;
  return <PlainText blocks={then.data} language={language} />;
}

function useRestore(snapshot: SnapshotInfo): () => Promise<void> {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  return async () => {
    try {
      await api.restoreSnapshot(snapshot.articleId, snapshot.id);
      toast({ kind: 'good', title: t('snapshots.restored'), body: t('snapshots.restoredBody') });
    } catch (error) {
      toast({ kind: 'danger', title: t('snapshots.restoreFailed'), body: errorText(error, t) });
    }
    await queries.invalidateQueries({ queryKey: keys.snapshots(snapshot.articleId) });
    await queries.invalidateQueries({ queryKey: ['text', snapshot.articleId] });
  };
}
