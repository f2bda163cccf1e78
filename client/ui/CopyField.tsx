// A value to be taken elsewhere (a link, a token): selected on focus, copied by a button that says so when it is done.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import { Field } from './Field.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';

export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  const { t } = useTranslation();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = async (input: HTMLInputElement | null) => {
    input?.select();
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch {
      setState('failed'); // not allowed here (plain http, a refusal): the value is selected, Ctrl C does it
    }
  };
  return (
    <Field label={label} hint={state === 'failed' ? t('app.copyByHand') : hint}>
      {(control) => (
        <div className="copy-field">
          <input {...control} className="input" readOnly value={value} onFocus={(event) => event.target.select()} />
          <Button
            icon={state === 'copied' ? <CheckIcon /> : <CopyIcon />}
            onClick={(event) => copy(event.currentTarget.parentElement?.querySelector('input') ?? null)}
          >
            <span aria-live="polite">{state === 'copied' ? t('app.copied') : t('app.copy')}</span>
          </Button>
        </div>
      )}
    </Field>
  );
}
