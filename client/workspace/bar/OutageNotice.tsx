// One line under the bar while the server cannot store: what is not saved, and that nothing needs to be done about it.
import { useTranslation } from 'react-i18next';
import { useArticle } from '../../article/ArticleProvider.tsx';
import { WarningIcon } from '../../ui/icons.tsx';
import { useObservable } from '../../ui/useObservable.ts';

export function OutageNotice() {
  const outage = useObservable(useArticle().outage);
  return (
    <div className="ws-outage" role="status">
      {outage && <Outage />}
    </div>
  );
}

/** It alone follows the status, which changes with every key. */
function Outage() {
  const { t } = useTranslation();
  const status = useObservable(useArticle().status);
  const changes = status.state === 'unstored' ? status.changes : 0;
  return (
    <p>
      <WarningIcon />
      <span>{changes === 0 ? t('workspace.outage.none') : t('workspace.outage.waiting', { count: changes })}</span>
    </p>
  );
}
