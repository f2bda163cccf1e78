// A person as a small round of their colour with their initial.
import { useTranslation } from 'react-i18next';
import { Tooltip } from './Tooltip.tsx';

export interface AvatarPerson {
  id: string;
  name: string;
  color: string;
}

export interface AvatarProps {
  person: Pick<AvatarPerson, 'name' | 'color'>;
  size?: 's' | 'm' | 'l';
  /** The name stands beside it already: screen readers skip the picture. */
  decorative?: boolean;
}

export function Avatar({ person, size = 'm', decorative = false }: AvatarProps) {
  const picture = (
    <span
      className={`avatar avatar-${size}`}
      style={{ '--person': person.color } as React.CSSProperties}
      {...(decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': person.name })}
    >
      {initial(person.name)}
    </span>
  );
  return decorative ? picture : <Tooltip label={person.name}>{picture}</Tooltip>;
}

/** Several people side by side, overlapping a little; the rest as a number. */
export function AvatarStack({
  people,
  max = 4,
  size = 's',
}: {
  people: readonly AvatarPerson[];
  max?: number;
  size?: 's' | 'm';
}) {
  const { t } = useTranslation();
  const shown = people.length > max ? people.slice(0, max - 1) : people;
  const rest = people.slice(shown.length);
  if (people.length === 0) return null;
  return (
    <ul className="avatar-stack" aria-label={t('app.hereNow')}>
      {shown.map((person) => (
        <li key={person.id}>
          <Avatar person={person} size={size} />
        </li>
      ))}
      {rest.length > 0 && (
        <li>
          <Tooltip label={rest.map((person) => person.name).join(', ')}>
            <span
              className={`avatar avatar-${size} avatar-rest`}
              role="img"
              aria-label={rest.map((person) => person.name).join(', ')}
            >
              +{rest.length}
            </span>
          </Tooltip>
        </li>
      )}
    </ul>
  );
}

function initial(name: string): string {
  // Segmenters are dear, and nearly all names begin with a letter that is one code point.
  const letter = /^\s*(\p{L})(?![\p{M}\u200d])/u.exec(name)?.[1];
  if (letter) return letter.toLocaleUpperCase();
  const first = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())][0];
  return first ? first.segment.toLocaleUpperCase() : '?';
}
