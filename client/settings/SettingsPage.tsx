// What a person sets for themselves: language, appearance, name, tokens for programs, the way out.
import { useTranslation } from 'react-i18next';
import { INTERFACE_LANGUAGES, OWN_NAMES } from '../app/i18n.ts';
import { Page } from '../app/Page.tsx';
import { usePerson } from '../app/session.tsx';
import { THEMES } from '../app/theme.ts';
import { useInterfaceLanguage } from '../app/use-interface-language.ts';
import { useSignOut } from '../app/use-sign-out.ts';
import { useTheme } from '../app/use-theme.ts';
import { Button } from '../ui/Button.tsx';
import { SignOutIcon } from '../ui/icons.tsx';
import { RadioRow } from '../ui/RadioRow.tsx';
import { NameForm } from './NameForm.tsx';
import { Tokens } from './Tokens.tsx';
import './settings.css';

export default function SettingsPage() {
  const { t } = useTranslation();
  const person = usePerson();
  const [language, setLanguage] = useInterfaceLanguage();
  const [theme, setTheme] = useTheme();
  const signOut = useSignOut();
  return (
    <Page title={t('settings.title')} width="narrow">
      <section className="section">
        <RadioRow
          label={t('settings.language')}
          value={language}
          onChange={setLanguage}
          options={INTERFACE_LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value], lang: value }))}
        />
        <RadioRow
          label={t('settings.theme')}
          value={theme}
          onChange={setTheme}
          options={THEMES.map((value) => ({ value, label: t(`app.themes.${value}`) }))}
        />
      </section>
      <section className="section" aria-labelledby="settings-name">
        <h2 className="section-title" id="settings-name">
          {t('settings.you')}
        </h2>
        <NameForm key={person.name} person={person} />
      </section>
      <Tokens />
      <section className="section">
        <div>
          <Button icon={<SignOutIcon />} onClick={signOut}>
            {t('app.signOut')}
          </Button>
        </div>
      </section>
    </Page>
  );
}
