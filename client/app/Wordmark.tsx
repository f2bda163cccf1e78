// The name with its bridge. The name is set, not drawn: it follows the interface's language.
import { useTranslation } from 'react-i18next';

export function Wordmark() {
  const { t } = useTranslation();
  return (
    <span className="wordmark">
      <svg width="22" height="16" viewBox="0 0 22 16" aria-hidden="true" focusable="false">
        <path d="M1 13h20M2.500 13a8.500 8.500 0 0 1 17 0M7 13V6.200M15 13V6.200M11 13V4.500" />
      </svg>
      <span className="wordmark-name">{t('app.name')}</span>
    </span>
  );
}
