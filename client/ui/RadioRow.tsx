// A choice of one from a few, all in sight, side by side.
import { useId } from 'react';

export interface RadioRowProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; lang?: string }[];
}

export function RadioRow<T extends string>({ label, value, onChange, options }: RadioRowProps<T>) {
  const name = useId();
  return (
    <fieldset className="radio-row">
      <legend className="field-label">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="radio" lang={option.lang}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
