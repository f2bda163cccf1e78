// One line under the top bar while there is no connection: what still works. It waits a moment before it says so.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OfflineIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useLive } from './live-context.ts';

/** Reconnecting after a restart of the server takes about this long; nobody needs to hear of it. */
const PATIENCE_MS = 4_000;

export function Offline() {
  const { t } = useTranslation();
  const connected = useObservable(useLive().connected);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (connected) return setLost(false);
    const timer = setTimeout(() => setLost(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [connected]);
  return (
    <div className="offline" role="status">
      {lost && (
        <p>
          <OfflineIcon />
          {t('app.offline')}
        </p>
      )}
    </div>
  );
}
