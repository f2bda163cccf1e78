// What every small form does: one request at a time, the button busy meanwhile, a failure told beside what was entered.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from './error-text.ts';

export interface Submit {
  busy: boolean;
  /** In the reader's language; undefined if the last try did not fail. */
  error: string | undefined;
  onSubmit(event: FormEvent): void;
}

/** `work` is what sending does; it is not begun while `ready` is false. Its rejection becomes `error`. */
export function useSubmit(work: () => Promise<void>, ready = true): Submit {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  return {
    busy,
    error: failure === null ? undefined : errorText(failure, t),
    onSubmit(event) {
      event.preventDefault();
      if (!ready || busy) return;
      setBusy(true);
      setFailure(null);
      work()
        .catch(setFailure)
        .finally(() => setBusy(false));
    },
  };
}
