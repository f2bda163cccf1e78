// The forms of a claim: a verdict with its reasons, and a piece of evidence.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Claim,
  EVIDENCE_STANCES,
  type EvidenceStance,
  VERDICTS,
  type Verdict,
} from '../../shared/annotation/types.ts';
import type { CommandInput } from '../../shared/protocol/commands.ts';
import { TextArea, TextField } from '../ui/Field.tsx';
import { CardForm } from './CardForm.tsx';
import { Choice } from './Choice.tsx';
import { VerdictStamp } from './Verdict.tsx';

export type Judgement = Pick<CommandInput<'claim.verdict'>, 'verdict' | 'rationale'>;
export type NewEvidence = CommandInput<'claim.addEvidence'>['evidence'];

export function VerdictForm({ claim, onDone }: { claim: Claim; onDone(judgement: Judgement | null): void }) {
  const { t } = useTranslation();
  const name = useId();
  const [verdict, setVerdict] = useState<Verdict | null>(claim.verdict);
  const [rationale, setRationale] = useState(claim.rationale);
  return (
    <CardForm
      label={t('margin.claim.giveVerdict')}
      ready={verdict !== claim.verdict || rationale !== claim.rationale}
      sendLabel={t('margin.claim.saveVerdict')}
      onSend={() => onDone({ verdict, rationale })}
      onCancel={() => onDone(null)}
    >
      <fieldset className="verdicts">
        <legend className="field-label">{t('margin.claim.verdict')}</legend>
        {[...VERDICTS, null].map((value, index) => (
          <label key={value ?? 'none'} className="verdict-option">
            <input
              type="radio"
              name={name}
              checked={verdict === value}
              // biome-ignore lint/a11y/noAutofocus: the form opened because its reader asked for it
              autoFocus={value === claim.verdict || (claim.verdict === null && index === VERDICTS.length)}
              onChange={() => setVerdict(value)}
            />
            <VerdictStamp verdict={value} />
          </label>
        ))}
      </fieldset>
      <TextArea label={t('margin.claim.rationale')} value={rationale} onChange={setRationale} rows={3} />
    </CardForm>
  );
}

const WEB_ADDRESS = /^https?:\/\/[^\s]+$/i;

export function EvidenceForm({ onDone }: { onDone(evidence: NewEvidence | null): void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [title, setTitle] = useState('');
  const [publisher, setPublisher] = useState('');
  const [quote, setQuote] = useState('');
  const [stance, setStance] = useState<EvidenceStance>('supports');
  const [accessed, setAccessed] = useState(() => localDay(Date.now()));
  const address = url.trim();
  const valid = WEB_ADDRESS.test(address) && URL.canParse(address);
  return (
    <CardForm
      label={t('margin.claim.addEvidence')}
      ready={valid}
      sendLabel={t('margin.claim.saveEvidence')}
      onCancel={() => onDone(null)}
      onSend={() =>
        onDone({
          url: address,
          title,
          publisher,
          quote,
          stance,
          accessedAt: accessed === '' ? Date.now() : new Date(`${accessed}T12:00`).getTime(),
        })
      }
    >
      <TextField
        label={t('margin.claim.url')}
        type="url"
        inputMode="url"
        placeholder="https://"
        value={url}
        onChange={setUrl}
        error={address !== '' && !valid && address.length > 8 ? t('margin.claim.urlInvalid') : undefined}
        autoFocus
      />
      <Choice<EvidenceStance>
        label={t('margin.claim.stance')}
        value={stance}
        onChange={setStance}
        options={EVIDENCE_STANCES.map((value) => ({ value, label: t(`margin.stance.${value}`) }))}
      />
      <TextField label={t('margin.claim.title')} value={title} onChange={setTitle} maxLength={500} />
      <TextField label={t('margin.claim.publisher')} value={publisher} onChange={setPublisher} maxLength={200} />
      <TextArea label={t('margin.claim.quote')} value={quote} onChange={setQuote} rows={2} maxLength={5000} />
      <TextField label={t('margin.claim.accessedOn')} type="date" value={accessed} onChange={setAccessed} />
    </CardForm>
  );
}

function localDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
