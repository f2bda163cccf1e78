// Who is here: faces in the bar, and behind them a list that says in which text and block each one is, and jumps there.
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import { Avatar, AvatarStack } from '../../ui/Avatar.tsx';
import { Menu, MenuItem, MenuLabel } from '../../ui/Menu.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import type { PersonHere } from '../presence/here.ts';

export function PeopleHereList() {
  const { t } = useTranslation();
  const name = useLanguageName();
  const { workspace } = useWorkspace();
  const people = useObservable(workspace.people);
  if (people.length === 0) return null;

  function jump({ language, blockId }: PersonHere): void {
    if (!language || !blockId) return;
    if (!workspace.shown.get().includes(language)) workspace.arrangement.show(language);
    requestAnimationFrame(() => requestAnimationFrame(() => workspace.scrollToBlock(language, blockId)));
  }

  function place({ language, blockId }: PersonHere): string {
    if (!language) return t('workspace.here.looking');
    const number =
      workspace.structure
        .blocks(language)
        .get()
        .findIndex(({ id }) => id === blockId) + 1;
    return number > 0 ? t('workspace.here.block', { language: name(language), number }) : name(language);
  }

  return (
    <Menu
      trigger={
        <button
          type="button"
          className="ws-here-button"
          aria-label={t('workspace.here.label', { count: people.length })}
        >
          <AvatarStack people={people.map(({ user }) => user)} />
        </button>
      }
    >
      <MenuLabel>{t('workspace.here.title')}</MenuLabel>
      {people.map((person) => (
        <MenuItem
          key={person.user.id}
          icon={<Avatar person={person.user} size="s" decorative />}
          disabled={!person.blockId}
          onSelect={() => jump(person)}
        >
          <span className="ws-here-name">{person.user.name}</span>
          <span className="ws-here-place">
            {t(`roles.${person.user.role}`)} · {place(person)}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
