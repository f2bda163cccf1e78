// How long ago something was, in the words of the interface language, with the exact time as a tooltip.
import { useFormats, useNow } from '../app/use-formats.ts';

export function When({ at }: { at: number }) {
  const formats = useFormats();
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formats.dateTime(at)}>
      {formats.relative(at, now)}
    </time>
  );
}
