// How a block stands, who confirmed it, what changed in its source since, and the next steps that this person may take.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { may } from '../../../shared/access/roles.ts';
import { wordDiff } from '../../../shared/translation/diff.ts';
import { useFormats } from '../../app/use-formats.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { type Confirmation, confirmations, needsReason, nextConfirmation } from './confirm.ts';

interface Props {
  language: string;
  blockId: string;
  onDone(): void;
}

export function ReviewPanel({ language, blockId, onDone }: Props) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { workspace, statuses, meta } = useWorkspace();
  const { session } = workspace;
  const standing = useObservable(session.standing);
  const [asked, setAsked] = useState<Confirmation | null>(null);
  const [reason, setReason] = useState('');
  const status = statuses.status(language, blockId);
  const record = statuses.record(language, blockId);
  const steps = confirmations(standing, language, status);
  // The way onwards stands out; a step back can be taken too.
  const next = nextConfirmation(standing, language, status);

  function confirm(state: Confirmation): void {
    if (asked !== state && needsReason(state, record, standing, session.person.id)) {
      setAsked(state);
      return;
    }
    session.send('review.confirm', { language, blockId, state, reason }).catch(workspace.onError);
    onDone();
  }

  function withdraw(): void {
    session.send('review.withdraw', { language, blockId }).catch(workspace.onError);
    onDone();
  }

  const label = (step: Confirmation) =>
    status === 'stale' && step === 'translated'
      ? t('workspace.review.stillRight')
      : t(`workspace.review.confirm.${step}`);

  return (
    <div className="ws-review-panel">
      <p className="ws-review-status">{t(`workspace.status.${status}`)}</p>
      {record && (
        <p className="ws-review-by">
          {t('workspace.review.by', { name: record.by.name, when: formats.dateTime(record.at) })}
          {record.reason !== '' && <span className="ws-review-reason"> {record.reason}</span>}
        </p>
      )}
      {status === 'stale' && record && (
        <div className="ws-review-difference">
          <p className="ws-review-heading">{t('workspace.review.whatChanged')}</p>
          <p lang={meta.sourceLanguage} className="ws-difference">
            {wordDiff(record.source, statuses.sourceText(blockId), meta.sourceLanguage).map((part, index) => {
              const key = `${index}`;
              if (part.kind === 'added') return <ins key={key}>{part.text}</ins>;
              if (part.kind === 'removed') return <del key={key}>{part.text}</del>;
              return <span key={key}>{part.text}</span>;
            })}
          </p>
        </div>
      )}
      {asked && (
        <TextField
          label={t('workspace.review.reason')}
          hint={t('workspace.review.reasonHint')}
          value={reason}
          onChange={setReason}
          autoFocus
        />
      )}
      {steps.length > 0 && (
        <div className="ws-review-steps">
          {steps.map((step) => (
            <Button
              key={step}
              size="s"
              variant={step === next ? 'primary' : 'secondary'}
              disabled={asked === step && reason.trim() === ''}
              onClick={() => confirm(step)}
            >
              {label(step)}
            </Button>
          ))}
        </div>
      )}
      {record && may(standing, 'confirmTranslated', language) && (
        <Button size="s" variant="quiet" className="ws-review-withdraw" onClick={withdraw}>
          {t('workspace.review.withdraw')}
        </Button>
      )}
    </div>
  );
}
