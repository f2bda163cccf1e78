// Holds the places of bar and columns while an article is on its way.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../app/TopBar.tsx';
import { ProgressBar, Skeleton } from '../ui/display.tsx';

const LINES = ['92%', '78%', '85%', '40%', '88%', '70%'];

/** `progress`: how much of the article is here, 0 to 1; null while that is not known. */
export function Loading({ leading, progress = null }: { leading: ReactNode; progress?: number | null }) {
  const { t } = useTranslation();
  return (
    <div className="ws" aria-busy="true">
      <div className="ws-bar">
        <TopBar leading={leading} />
      </div>
      <main className="ws-loading" id="main">
        <ProgressBar
          value={progress}
          label={progress === null ? t('workspace.save.loading') : t('workspace.loading')}
        />
        <div className="ws-loading-columns">
          {['a', 'b', 'c'].map((column) => (
            <div key={column}>
              {LINES.map((width) => (
                <Skeleton key={width} width={width} height="1.1rem" />
              ))}
            </div>
          ))}
        </div>
      </main>
    </div>
  );
}
