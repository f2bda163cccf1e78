// Into which languages an article goes: the usual ones as toggles, any other from a list.
import { useTranslation } from 'react-i18next';
import { MORE_LANGUAGES, USUAL_LANGUAGES } from '../app/languages.ts';
import { useLanguageName } from '../app/use-formats.ts';
import { Select } from '../ui/Select.tsx';

export interface TargetLanguagesProps {
  source: string;
  targets: readonly string[];
  onChange: (targets: readonly string[]) => void;
}

export function TargetLanguages({ source, targets, onChange }: TargetLanguagesProps) {
  const { t } = useTranslation();
  const languageName = useLanguageName();
  const usual: readonly string[] = USUAL_LANGUAGES;
  const offered = [...usual, ...targets.filter((language) => !usual.includes(language))].filter(
    (language) => language !== source,
  );
  const others = MORE_LANGUAGES.filter((language) => language !== source && !targets.includes(language));
  const toggle = (language: string) =>
    onChange(targets.includes(language) ? targets.filter((one) => one !== language) : [...targets, language]);
  return (
    <fieldset className="targets">
      <legend className="field-label">{t('import.targets')}</legend>
      {offered.map((language) => (
        <button
          key={language}
          type="button"
          className="toggle"
          aria-pressed={targets.includes(language)}
          onClick={() => toggle(language)}
        >
          {languageName(language)}
        </button>
      ))}
      <Select
        label={t('import.moreLanguages')}
        hideLabel
        value=""
        onChange={(language) => language !== '' && toggle(language)}
        options={[
          { value: '', label: t('import.moreLanguages') },
          ...others.map((value) => ({ value: value as string, label: languageName(value) })),
        ]}
      />
    </fieldset>
  );
}
