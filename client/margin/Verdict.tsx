// A verdict as a labelled stamp: its own sign and words, so that the colour never stands alone.
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../shared/annotation/types.ts';
import './verdict.css';

type Tone = 'good' | 'warn' | 'danger' | 'neutral';

const LOOK: Record<Verdict, { tone: Tone; sign: string }> = {
  true: { tone: 'good', sign: '✓' },
  'mostly-true': { tone: 'good', sign: '≈' },
  misleading: { tone: 'warn', sign: '↯' },
  unsupported: { tone: 'warn', sign: '?' },
  outdated: { tone: 'warn', sign: '↻' },
  false: { tone: 'danger', sign: '✕' },
  'not-checkable': { tone: 'neutral', sign: '–' },
};

export function VerdictStamp({ verdict }: { verdict: Verdict | null }) {
  const { t } = useTranslation();
  const { tone, sign } = verdict === null ? { tone: 'neutral' as Tone, sign: '…' } : LOOK[verdict];
  return (
    <span className={`stamp stamp-${tone} ${verdict === null ? 'stamp-none' : ''}`}>
      <span className="stamp-sign" aria-hidden="true">
        {sign}
      </span>
      {verdict === null ? t('margin.claim.noVerdict') : t(`margin.verdict.${verdict}`)}
    </span>
  );
}
