// The texts side by side in one scrolling container, their heads above them and the margin at their right.
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { Column } from './Column.tsx';
import { ColumnHead } from './ColumnHead.tsx';
import { Resizer } from './Resizer.tsx';

/** From so many blocks on, those off screen are not laid out. */
const LONG_ARTICLE = 150;

export function Columns({ margin }: { margin: ReactNode }) {
  const { t } = useTranslation();
  const { workspace, meta, narrow } = useWorkspace();
  const shown = useObservable(workspace.shown);
  const widths = useObservable(workspace.arrangement.widths);
  const blocks = useObservable(workspace.structure.blocks(meta.sourceLanguage)).length;
  const scroller = useRef<HTMLDivElement>(null);
  const texts = useRef<HTMLDivElement>(null);

  useEffect(() => workspace.attachScroller(scroller.current!, texts.current!), [workspace]);

  const share = (language: string) => ({ flexGrow: narrow ? 1 : (widths[language] ?? 1) });
  return (
    <div className="ws-scroller" ref={scroller}>
      <div className={`ws-content${blocks > LONG_ARTICLE ? ' ws-long' : ''}${blocks > 0 ? ' ws-has-source' : ''}`}>
        <main className="ws-texts" id="main" tabIndex={-1} aria-label={t('workspace.texts')}>
          <div className="ws-heads">
            {shown.map((language) => (
              <div className="ws-head-cell" key={language} style={share(language)}>
                <ColumnHead language={language} />
              </div>
            ))}
          </div>
          <div className="ws-columns" ref={texts}>
            {shown.map((language, index) => (
              <div className="ws-column-cell" key={language} style={share(language)}>
                <Column language={language} />
                {index < shown.length - 1 && <Resizer left={language} right={shown[index + 1]!} />}
              </div>
            ))}
          </div>
        </main>
        {margin}
      </div>
    </div>
  );
}
