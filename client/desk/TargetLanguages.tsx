// Into which languages an article goes: the usual ones as toggles, any other from a list.
import { useTranslation } from 'react-i18next';
import { MORE_LANGUAGES, USUAL_LANGUAGES } from '../app/languages.ts';
import { useLanguageLabel } from '../app/use-formats.ts';
import { Select } from '../ui/Select.tsx';
import { Toggles } from '../ui/Toggles.tsx';

export interface TargetLanguagesProps {
  source: string;
  targets: readonly string[];
  onChange: (targets: readonly string[]) => void;
}

export function TargetLanguages({ source, targets, onChange }: TargetLanguagesProps) {
  const { t } = useTranslation();
  const languageName = useLanguageLabel();
  const usual: readonly string[] = USUAL_LANGUAGES;
  const offered = [...usual, ...targets.filter((language) => !usual.includes(language))].filter(
    (language) => language !== source,
  );
  const others = MORE_LANGUAGES.filter((language) => language !== source && !targets.includes(language));
  return (
    <Toggles
      legend={t('import.targets')}
      options={offered.map((value) => ({ value, label: languageName(value) }))}
      chosen={targets}
      onChange={onChange}
    >
      <Select
        label={t('import.moreLanguages')}
        hideLabel
        value=""
        onChange={(language) => language !== '' && onChange([...targets, language])}
        options={[
          { value: '', label: t('import.moreLanguages') },
          ...others.map((value) => ({ value: value as string, label: languageName(value) })),
        ]}
      />
    </Toggles>
  );
}
