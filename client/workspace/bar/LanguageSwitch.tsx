// Where one column fits: which language it shows.
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';

export function LanguageSwitch() {
  const { t } = useTranslation();
  const name = useLanguageName();
  const { workspace } = useWorkspace();
  const order = useObservable(workspace.arrangement.order);
  const [current] = useObservable(workspace.shown);
  return (
    <nav className="ws-switch" aria-label={t('workspace.columns.choose')}>
      {order.map((language) => (
        <button
          key={language}
          type="button"
          className="ws-switch-language"
          aria-pressed={language === current}
          onClick={() => workspace.arrangement.show(language)}
        >
          {name(language)}
        </button>
      ))}
    </nav>
  );
}
