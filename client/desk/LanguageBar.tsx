// One language of an article: its tag, a thin stacked bar, the share that is confirmed. The whole of it is told in words too.
import { useTranslation } from 'react-i18next';
import { barParts, confirmedShare, PARTS } from '../../shared/desk/progress.ts';
import type { Progress } from '../../shared/protocol/rest.ts';
import { useFormats, useLanguageName } from '../app/use-formats.ts';
import { Tooltip } from '../ui/Tooltip.tsx';

export function LanguageBar({ progress }: { progress: Progress }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageName();
  const parts = barParts(progress);
  const told = parts.map(({ part, share }) => `${t(`desk.parts.${part}`)} ${formats.percent(share)}`);
  const label = `${languageName(progress.language)}: ${told.length === 0 ? t('desk.notBegun') : told.join(', ')}`;
  return (
    <Tooltip label={label}>
      <div className="language-bar" role="img" aria-label={label}>
        <span className="language-bar-tag">{progress.language.toUpperCase()}</span>
        <span className="language-bar-track">
          {parts.map(({ part, share }) => (
            <span key={part} className={`language-bar-part part-${part}`} style={{ width: `${share * 100}%` }} />
          ))}
        </span>
        <span className="language-bar-share">{formats.percent(confirmedShare(progress))}</span>
      </div>
    </Tooltip>
  );
}

/** What the colours of the bars mean. */
export function BarLegend() {
  const { t } = useTranslation();
  return (
    <ul className="bar-legend" aria-label={t('desk.legend')}>
      {PARTS.map((part) => (
        <li key={part}>
          <span className={`bar-legend-mark part-${part}`} aria-hidden="true" />
          {t(`desk.parts.${part}`)}
        </li>
      ))}
    </ul>
  );
}
