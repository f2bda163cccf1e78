// One line under the bar while the server does not let this window in, or cannot store: what is not saved, and that nothing needs
// to be done about it.
import { useTranslation } from 'react-i18next';
import { useArticle } from '../../article/ArticleProvider.tsx';
import { WarningIcon } from '../../ui/icons.tsx';
import { useObservable } from '../../ui/useObservable.ts';

export function OutageNotice() {
  const { t } = useTranslation();
  const article = useArticle();
  const outage = useObservable(article.outage);
  const obstacle = useObservable(article.obstacle);
  return (
    <div className="ws-outage" role="status">
      {obstacle ? <Notice text={t(`errors.${obstacle}`)} /> : outage && <Outage />}
    </div>
  );
}

/** It alone follows the status, which changes with every key. */
function Outage() {
  const { t } = useTranslation();
  const status = useObservable(useArticle().status);
  const changes = status.state === 'unstored' ? status.changes : 0;
  return (
    <Notice text={changes === 0 ? t('workspace.outage.none') : t('workspace.outage.waiting', { count: changes })} />
  );
}

function Notice({ text }: { text: string }) {
  return (
    <p>
      <WarningIcon />
      <span>{text}</span>
    </p>
  );
}
