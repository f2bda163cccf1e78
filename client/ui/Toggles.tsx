// A choice of several from a few: each is a button that is pressed or not.
import type { ReactNode } from 'react';

export interface TogglesProps<T extends string> {
  legend: string;
  options: readonly { value: T; label: string; lang?: string }[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
  hint?: ReactNode;
  /** Controls after the buttons, in their row. */
  children?: ReactNode;
}

export function Toggles<T extends string>({ legend, options, chosen, onChange, hint, children }: TogglesProps<T>) {
  const toggle = (value: T) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <fieldset className="toggles">
      <legend className="field-label">{legend}</legend>
      {options.map(({ value, label, lang }) => (
        <button
          key={value}
          type="button"
          className="toggle"
          lang={lang}
          aria-pressed={chosen.includes(value)}
          onClick={() => toggle(value)}
        >
          {label}
        </button>
      ))}
      {children}
      {hint && <p className="field-hint">{hint}</p>}
    </fieldset>
  );
}
