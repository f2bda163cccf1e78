// What the server refused, where it happened: the reason in the reader's language, the words that were kept, another try.
import { useTranslation } from 'react-i18next';
import { errorText } from '../app/error-text.ts';
import { Button } from '../ui/Button.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useMargin } from './context.tsx';
import type { Failure } from './margin.ts';

/** The refusals that concern one annotation. */
export function CardFailures({ annotationId }: { annotationId: string }) {
  const margin = useMargin();
  const failures = useObservable(margin.failures).filter(({ command }) => concernsAnnotation(command, annotationId));
  return failures.map((failure) => <FailureNotice key={failure.command.id} failure={failure} />);
}

function concernsAnnotation(command: Failure['command'], annotationId: string): boolean {
  if (command.type === 'annotation.create') return command.id === annotationId;
  return (command.payload as { annotationId?: string } | null)?.annotationId === annotationId;
}

function FailureNotice({ failure }: { failure: Failure }) {
  const { t } = useTranslation();
  const margin = useMargin();
  const words = keptWords(failure.command.payload);
  return (
    <div className="failure" role="alert">
      <p className="failure-reason">
        <WarningIcon />
        {errorText(failure.error, t)}
      </p>
      {words !== '' && <p className="failure-words">{words}</p>}
      <div className="card-buttons">
        <Button size="s" onClick={() => margin.retry(failure)}>
          {t('margin.retry')}
        </Button>
        <Button size="s" variant="quiet" onClick={() => margin.dismiss(failure)}>
          {t('margin.discard')}
        </Button>
      </div>
    </div>
  );
}

/** What a person wrote in a command, so that it is not lost with it. */
function keptWords(payload: unknown): string {
  const fields = payload as { body?: unknown; text?: unknown; statement?: unknown; rationale?: unknown } | null;
  const words = fields?.body ?? fields?.text ?? fields?.statement ?? fields?.rationale;
  return typeof words === 'string' ? words : '';
}
