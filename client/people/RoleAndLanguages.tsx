// The role of a person, what it allows, and the languages that are theirs.
import { useTranslation } from 'react-i18next';
import { ROLES, type Role } from '../../shared/access/roles.ts';
import { OFFERED_LANGUAGES } from '../app/languages.ts';
import { useBeginning, useLanguageLabel } from '../app/use-formats.ts';
import { Select } from '../ui/Select.tsx';
import { Toggles } from '../ui/Toggles.tsx';

export interface RoleAndLanguagesProps {
  role: Role;
  languages: readonly string[];
  onRole: (role: Role) => void;
  onLanguages: (languages: string[]) => void;
}

export function RoleAndLanguages({ role, languages, onRole, onLanguages }: RoleAndLanguagesProps) {
  const { t } = useTranslation();
  const languageName = useLanguageLabel();
  const begin = useBeginning();
  const shown = [...OFFERED_LANGUAGES, ...languages.filter((language) => !OFFERED_LANGUAGES.includes(language))];
  return (
    <>
      <Select
        label={t('people.role')}
        hint={t(`people.roleHints.${role}`)}
        value={role}
        onChange={onRole}
        options={ROLES.map((value) => ({ value, label: begin(t(`roles.${value}`)) }))}
      />
      <Toggles
        legend={t('people.languages')}
        options={shown.map((value) => ({ value, label: languageName(value) }))}
        chosen={languages}
        onChange={onLanguages}
        hint={t('people.languagesHint')}
      />
    </>
  );
}
