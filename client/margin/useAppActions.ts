// What can be done everywhere in the app by name: going to its places, the interface's language, light and dark.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { INTERFACE_LANGUAGES, OWN_NAMES } from '../app/i18n.ts';
import { THEMES } from '../app/theme.ts';
import { useInterfaceLanguage } from '../app/use-interface-language.ts';
import { useTheme } from '../app/use-theme.ts';
import type { Action } from './actions.ts';

const PLACES = [
  { id: 'desk', address: '/' },
  { id: 'people', address: '/people' },
  { id: 'settings', address: '/settings' },
] as const;

export function useAppActions(): readonly Action[] {
  const { t } = useTranslation();
  const [location, navigate] = useLocation();
  const [language, setLanguage] = useInterfaceLanguage();
  const [theme, setTheme] = useTheme();
  return useMemo<Action[]>(
    () => [
      ...PLACES.map<Action>(({ id, address }) => ({
        id: `go.${id}`,
        title: t('keys.goTo', { place: t(`app.${id}`) }),
        group: 'navigation',
        disabled: location === address,
        run: () => navigate(address),
      })),
      ...INTERFACE_LANGUAGES.map<Action>((tag) => ({
        id: `language.${tag}`,
        title: t('keys.choose', { setting: t('app.language'), value: OWN_NAMES[tag] }),
        group: 'view',
        disabled: tag === language,
        run: () => setLanguage(tag),
      })),
      ...THEMES.map<Action>((name) => ({
        id: `theme.${name}`,
        title: t('keys.choose', { setting: t('app.theme'), value: t(`app.themes.${name}`) }),
        group: 'view',
        disabled: name === theme,
        run: () => setTheme(name),
      })),
    ],
    [t, location, navigate, language, setLanguage, theme, setTheme],
  );
}
