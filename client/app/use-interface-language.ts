// The interface language and the way to change it: everything on screen, what the server says next, and the next visit.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type InterfaceLanguage, isInterfaceLanguage, switchLanguage } from './i18n.ts';

export function useInterfaceLanguage(): [InterfaceLanguage, (language: InterfaceLanguage) => void] {
  const { i18n } = useTranslation();
  const change = useCallback(
    (language: InterfaceLanguage) => {
      // If the language's file cannot be fetched, what is on screen stays as it is; the offline notice says why.
      switchLanguage(i18n, language).catch((error: unknown) => console.warn('the language could not be loaded', error));
    },
    [i18n],
  );
  return [isInterfaceLanguage(i18n.language) ? i18n.language : 'en', change];
}
