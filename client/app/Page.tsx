// The frame of every page but the workspace: the top bar, a heading with its actions, the content.
import type { ReactNode } from 'react';
import { TopBar } from './TopBar.tsx';
import { useTitle } from './use-title.ts';

export interface PageProps {
  /** Heading and title of the tab. */
  title: string;
  /** Language of the title when it is not the interface's. */
  titleLang?: string;
  /** Beside the heading, at the end of its line. */
  actions?: ReactNode;
  /** Above the heading. */
  back?: ReactNode;
  width?: 'wide' | 'narrow';
  /** The heading is inside the content. */
  hideHeading?: boolean;
  children: ReactNode;
}

export function Page({ title, titleLang, actions, back, width = 'wide', hideHeading = false, children }: PageProps) {
  useTitle(title);
  return (
    <div className="frame">
      <TopBar />
      <main className={`page page-${width}`} id="main" tabIndex={-1}>
        {back}
        {hideHeading ? (
          <h1 className="visually-hidden">{title}</h1>
        ) : (
          <header className="page-header">
            <h1 className="page-title" lang={titleLang}>
              {title}
            </h1>
            {actions && <div className="page-actions">{actions}</div>}
          </header>
        )}
        {children}
      </main>
    </div>
  );
}
