// Who did something on a card, and when.
import type { Author } from '../../shared/annotation/types.ts';
import { When } from './When.tsx';

export function ByLine({ by, at }: { by: Author | null; at: number | null }) {
  if (!by) return null;
  return (
    <span className="soft">
      {by.name}
      {at !== null && (
        <>
          {' · '}
          <When at={at} />
        </>
      )}
    </span>
  );
}
