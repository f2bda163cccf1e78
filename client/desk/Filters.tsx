// The row of filters above the board.
import { useTranslation } from 'react-i18next';
import { type DeskFilter, NO_FILTER } from '../../shared/desk/finding.ts';
import { STATES } from '../../shared/desk/states.ts';
import { useLanguageLabel } from '../app/use-formats.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { SearchIcon } from '../ui/icons.tsx';
import { Select } from '../ui/Select.tsx';
import { isFiltering } from './filters.ts';

export interface FiltersProps {
  filter: DeskFilter;
  onChange: (filter: DeskFilter) => void;
  languages: readonly string[];
}

export function Filters({ filter, onChange, languages }: FiltersProps) {
  const { t } = useTranslation();
  const languageName = useLanguageLabel();
  const change = (part: Partial<DeskFilter>) => onChange({ ...filter, ...part });
  return (
    <search className="filters" aria-label={t('desk.filters')}>
      <div className="filters-search">
        <SearchIcon />
        <TextField
          type="search"
          label={t('desk.search')}
          hideLabel
          placeholder={t('desk.search')}
          value={filter.search}
          onChange={(search) => change({ search })}
        />
      </div>
      <Select
        label={t('desk.language')}
        hideLabel
        value={filter.language}
        onChange={(language) => change({ language })}
        options={[
          { value: '', label: t('desk.anyLanguage') },
          ...languages.map((value) => ({ value, label: languageName(value) })),
        ]}
      />
      <Select
        label={t('desk.state')}
        hideLabel
        value={filter.state}
        onChange={(state) => change({ state })}
        options={STATES.map((value) => ({ value, label: t(`desk.states.${value}`) }))}
      />
      <button
        type="button"
        className="toggle"
        aria-pressed={filter.mine}
        onClick={() => change({ mine: !filter.mine })}
      >
        {t('desk.mine')}
      </button>
      {isFiltering(filter) && (
        <Button variant="quiet" size="s" onClick={() => onChange(NO_FILTER)}>
          {t('desk.clearFilters')}
        </Button>
      )}
    </search>
  );
}
