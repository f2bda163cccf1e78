// The title of the browser's tab.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** "People · Köpürö"; the name alone for ''. */
export function useTitle(title: string): void {
  const { t } = useTranslation();
  const name = t('app.name');
  useEffect(() => {
    document.title = title === '' ? name : `${title} · ${name}`;
  }, [title, name]);
}
