// Who one is, and the choices that go with a person and a browser: language, theme, settings, the way out.
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Avatar } from '../ui/Avatar.tsx';
import { SettingsIcon, SignOutIcon } from '../ui/icons.tsx';
import { Menu, MenuItem, MenuRadioGroup, MenuSeparator } from '../ui/Menu.tsx';
import { INTERFACE_LANGUAGES, OWN_NAMES } from './i18n.ts';
import { usePerson } from './session.tsx';
import { THEMES } from './theme.ts';
import { useInterfaceLanguage } from './use-interface-language.ts';
import { useSignOut } from './use-sign-out.ts';
import { useTheme } from './use-theme.ts';

export function AccountMenu() {
  const { t } = useTranslation();
  const person = usePerson();
  const [, navigate] = useLocation();
  const [language, setLanguage] = useInterfaceLanguage();
  const [theme, setTheme] = useTheme();
  const signOut = useSignOut();
  return (
    <Menu
      trigger={
        <button type="button" className="account-button" aria-label={t('app.account', { name: person.name })}>
          <Avatar person={person} size="m" decorative />
        </button>
      }
    >
      <div className="account-head">
        <Avatar person={person} size="l" decorative />
        <div className="account-words">
          <strong>{person.name}</strong>
          <span>{t(`roles.${person.role}`)}</span>
        </div>
      </div>
      <MenuSeparator />
      <MenuRadioGroup
        label={t('app.language')}
        value={language}
        onChange={setLanguage}
        options={INTERFACE_LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value], lang: value }))}
      />
      <MenuSeparator />
      <MenuRadioGroup
        label={t('app.theme')}
        value={theme}
        onChange={setTheme}
        options={THEMES.map((value) => ({ value, label: t(`app.themes.${value}`) }))}
      />
      <MenuSeparator />
      <MenuItem icon={<SettingsIcon />} onSelect={() => navigate('/settings')}>
        {t('app.settings')}
      </MenuItem>
      <MenuItem icon={<SignOutIcon />} onSelect={signOut}>
        {t('app.signOut')}
      </MenuItem>
    </Menu>
  );
}
