// The frame of pages for people who are not signed in: the name, a sheet of paper, the choice of language.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { INTERFACE_LANGUAGES, OWN_NAMES } from './i18n.ts';
import { useInterfaceLanguage } from './use-interface-language.ts';
import { useTitle } from './use-title.ts';
import { Wordmark } from './Wordmark.tsx';

export function PublicPage({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [language, setLanguage] = useInterfaceLanguage();
  useTitle(title);
  return (
    <div className="public">
      <header className="public-header">
        <Wordmark />
      </header>
      <main className="public-sheet" id="main">
        <h1 className="page-title">{title}</h1>
        {children}
      </main>
      <footer className="public-languages">
        <ul aria-label={t('app.language')}>
          {INTERFACE_LANGUAGES.map((value) => (
            <li key={value}>
              <button
                type="button"
                className="public-language"
                lang={value}
                aria-pressed={value === language}
                onClick={() => setLanguage(value)}
              >
                {OWN_NAMES[value]}
              </button>
            </li>
          ))}
        </ul>
      </footer>
    </div>
  );
}
