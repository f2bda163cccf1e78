// A choice of one, on the browser's own select: right on touch screens, with every keyboard and screen reader.
import { Field, type FieldProps } from './Field.tsx';

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  /** Language of the label when it is not the interface's. */
  lang?: string;
  disabled?: boolean;
}

export interface SelectProps<T extends string>
  extends Pick<FieldProps, 'label' | 'hint' | 'error' | 'hideLabel' | 'className'> {
  value: T;
  onChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  disabled?: boolean;
}

export function Select<T extends string>({ value, onChange, options, disabled, ...field }: SelectProps<T>) {
  return (
    <Field {...field}>
      {(control) => (
        <span className="select">
          <select
            {...control}
            className="input"
            value={value}
            disabled={disabled}
            onChange={(event) => onChange(event.target.value as T)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} lang={option.lang} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  );
}
