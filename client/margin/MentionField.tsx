// A field for messages: grows with its words, offers people after "@", sends with Ctrl+Enter, gives up with Esc. What it
// answers with is a body with mentions; in the field itself only names stand.
import { type KeyboardEvent, type Ref, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../ui/Avatar.tsx';
import { classes } from '../ui/classes.ts';
import { fromBody, type Mentionable, matchPeople, mentionQuery, toBody } from './mentions.ts';
import { usePeopleHere } from './people.ts';

export interface MentionFieldHandle {
  focus(): void;
}

interface MentionFieldProps {
  label: string;
  placeholder?: string;
  /** A body with mentions. */
  value: string;
  onChange(body: string): void;
  onSend?(): void;
  onCancel?(): void;
  autoFocus?: boolean;
  lang?: string;
  rows?: number;
  ref?: Ref<MentionFieldHandle>;
}

export function MentionField({
  label,
  placeholder,
  value,
  onChange,
  onSend,
  onCancel,
  autoFocus = false,
  lang,
  rows = 1,
  ref,
}: MentionFieldProps) {
  const { t } = useTranslation();
  const people = usePeopleHere();
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [chosen, setChosen] = useState<readonly Mentionable[]>(() => fromBody(value).chosen);
  const typed = fromBody(value).typed;
  const [query, setQuery] = useState<{ from: number; query: string } | null>(null);
  const [marked, setMarked] = useState(0);
  const matches = query ? matchPeople(people, query.query) : [];

  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus() }));
  useGrowing(area, typed);
  useFocusOnce(area, autoFocus);

  const change = (text: string, caret: number, known: readonly Mentionable[] = chosen) => {
    onChange(toBody(text, known));
    setQuery(mentionQuery(text, caret));
    setMarked(0);
  };

  const choose = (person: Mentionable) => {
    const field = area.current;
    if (!query || !field) return;
    const end = query.from + 1 + query.query.length;
    const text = `${typed.slice(0, query.from)}@${person.name} ${typed.slice(end)}`;
    const known = chosen.some(({ id }) => id === person.id) ? chosen : [...chosen, person];
    setChosen(known);
    onChange(toBody(text, known));
    setQuery(null);
    const caret = query.from + person.name.length + 2;
    requestAnimationFrame(() => field.setSelectionRange(caret, caret));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (matches.length > 0) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        setMarked((marked + step + matches.length) % matches.length);
        return;
      }
      if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') {
        event.preventDefault();
        choose(matches[marked]!);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        setQuery(null);
        return;
      }
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend?.();
    } else if (event.key === 'Escape' && onCancel) {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
  };

  return (
    <div className="mention-field">
      <textarea
        ref={area}
        className="input textarea"
        rows={rows}
        value={typed}
        lang={lang}
        placeholder={placeholder}
        aria-label={label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={matches.length > 0 ? listId : undefined}
        aria-activedescendant={matches.length > 0 ? `${listId}-${marked}` : undefined}
        onChange={(event) => change(event.target.value, event.target.selectionStart)}
        onKeyDown={onKeyDown}
        onBlur={() => setQuery(null)}
      />
      {matches.length > 0 && (
        <div className="mention-list" id={listId} role="listbox" aria-label={t('margin.people')}>
          {matches.map((person, index) => (
            // The keyboard chooses through the field itself, as the combobox pattern has it.
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            <div
              key={person.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === marked}
              className={classes('mention-option', index === marked && 'mention-option-marked')}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(person)}
            >
              <Avatar person={person} size="s" decorative />
              <span>{person.name}</span>
              <span className="soft">{t(`roles.${person.role}`)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** A text area as high as its words. */
export function useGrowing(area: { current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the words
  useLayoutEffect(() => {
    const field = area.current;
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + 2}px`;
  }, [area, text]);
}

/** Focus when it appears, without scrolling: the card stands level with its words already. */
export function useFocusOnce(field: { current: HTMLElement | null }, wanted: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it appears
  useLayoutEffect(() => {
    if (wanted) field.current?.focus({ preventScroll: true });
  }, []);
}
