// Holds the places of bar and columns while an article is on its way.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../app/TopBar.tsx';
import { ProgressBar, Skeleton } from '../ui/display.tsx';

const LINES = ['92%', '78%', '85%', '40%', '88%', '70%'];

export function Loading({ leading }: { leading: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="ws" aria-busy="true">
      <div className="ws-bar">
        <TopBar leading={leading} />
      </div>
      <main className="ws-loading" id="main">
        <ProgressBar value={null} label={t('workspace.save.loading')} />
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
