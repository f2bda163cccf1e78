// What a claim's card holds besides the discussion: statement, verdict with its reasons, evidence, and the forms for them.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Claim, Evidence } from '../../shared/annotation/types.ts';
import { useFormats } from '../app/use-formats.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { ExternalIcon, FlagIcon, PencilIcon, PlusIcon, TrashIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { ByLine } from './ByLine.tsx';
import { CardForm } from './CardForm.tsx';
import { EvidenceForm, VerdictForm } from './ClaimForms.tsx';
import { useMargin } from './context.tsx';
import { type CardRights, mayRemoveEvidence } from './permissions.ts';
import type { AnnotationItem } from './types.ts';
import { VerdictStamp } from './Verdict.tsx';

type OpenForm = 'verdict' | 'evidence' | 'statement' | null;

interface Props {
  item: AnnotationItem;
  claim: Claim;
  rights: CardRights;
  active: boolean;
}

export function ClaimPart({ item, claim, rights, active }: Props) {
  const { t } = useTranslation();
  const margin = useMargin();
  const session = useArticle();
  const standing = useObservable(session.standing);
  const [form, setForm] = useState<OpenForm>(null);
  const annotationId = item.annotation.id;
  const close = () => setForm(null);

  return (
    <div className="claim">
      {form === 'statement' ? (
        <StatementForm
          initial={claim.statement}
          onDone={(statement) => {
            close();
            if (statement !== null) void margin.send('claim.statement', { annotationId, statement });
          }}
        />
      ) : (
        <div className="claim-head">
          <p className="claim-statement">{claim.statement}</p>
          {active && !item.unsent && form === null && rights.changeStatement && (
            <IconButton
              size="s"
              label={t('margin.claim.editStatement')}
              icon={<PencilIcon />}
              onClick={() => setForm('statement')}
            />
          )}
        </div>
      )}
      <p className="claim-verdict">
        <VerdictStamp verdict={claim.verdict} />
        <ByLine by={claim.judgedBy} at={claim.judgedAt} />
      </p>
      {claim.rationale !== '' && (
        <p className={active ? 'claim-rationale' : 'claim-rationale clamped'}>{claim.rationale}</p>
      )}
      {claim.evidence.length > 0 &&
        (active ? (
          <ul className="evidence" aria-label={t('margin.claim.evidence')}>
            {claim.evidence.map((evidence) => (
              <EvidenceView
                key={evidence.id}
                evidence={evidence}
                waiting={item.waiting.has(evidence.id)}
                onRemove={
                  mayRemoveEvidence(standing, evidence, session.person.id)
                    ? () => void margin.send('claim.removeEvidence', { annotationId, evidenceId: evidence.id })
                    : null
                }
              />
            ))}
          </ul>
        ) : (
          <p className="thread-more">{t('margin.claim.evidenceCount', { count: claim.evidence.length })}</p>
        ))}
      {active && !item.unsent && form === null && rights.judge && (
        <div className="card-buttons">
          <Button
            size="s"
            variant={claim.verdict === null ? 'primary' : 'secondary'}
            icon={<FlagIcon />}
            onClick={() => setForm('verdict')}
          >
            {claim.verdict === null ? t('margin.claim.giveVerdict') : t('margin.claim.changeVerdict')}
          </Button>
          <Button size="s" icon={<PlusIcon />} onClick={() => setForm('evidence')}>
            {t('margin.claim.addEvidence')}
          </Button>
        </div>
      )}
      {form === 'verdict' && (
        <VerdictForm
          claim={claim}
          onDone={(judgement) => {
            close();
            if (judgement) void margin.send('claim.verdict', { annotationId, ...judgement });
          }}
        />
      )}
      {form === 'evidence' && (
        <EvidenceForm
          onDone={(evidence) => {
            close();
            if (evidence) void margin.send('claim.addEvidence', { annotationId, evidence });
          }}
        />
      )}
    </div>
  );
}

const STANCE_SIGN = { supports: '+', contradicts: '−', context: 'i' } as const;

function EvidenceView({
  evidence,
  waiting,
  onRemove,
}: {
  evidence: Evidence;
  waiting: boolean;
  onRemove: (() => void) | null;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <li className={`evidence-item evidence-${evidence.stance}`}>
      <div className="evidence-head">
        <span className="evidence-stance">
          <span className="evidence-sign" aria-hidden="true">
            {STANCE_SIGN[evidence.stance]}
          </span>
          {t(`margin.stance.${evidence.stance}`)}
        </span>
        {onRemove && !waiting && (
          <IconButton size="s" label={t('margin.claim.removeEvidence')} icon={<TrashIcon />} onClick={onRemove} />
        )}
      </div>
      <a className="evidence-title" href={evidence.url} target="_blank" rel="noopener noreferrer">
        {evidence.title || hostOf(evidence.url)}
        <ExternalIcon size={12} />
      </a>
      {evidence.quote !== '' && <blockquote className="evidence-quote">{evidence.quote}</blockquote>}
      <p className="soft">
        {[evidence.publisher || hostOf(evidence.url), evidence.by.name].join(' · ')}
        {' · '}
        {waiting ? t('margin.waiting') : t('margin.claim.accessed', { date: formats.date(evidence.accessedAt) })}
      </p>
    </li>
  );
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : url;
}

function StatementForm({ initial, onDone }: { initial: string; onDone(statement: string | null): void }) {
  const { t } = useTranslation();
  const [statement, setStatement] = useState(initial);
  return (
    <CardForm
      label={t('margin.claim.editStatement')}
      ready={statement.trim() !== ''}
      sendLabel={t('margin.save')}
      onSend={() => onDone(statement.trim() === initial ? null : statement.trim())}
      onCancel={() => onDone(null)}
    >
      <TextArea label={t('margin.claim.statement')} value={statement} onChange={setStatement} autoFocus rows={3} />
    </CardForm>
  );
}
