// One person in the list.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { useFormats, useLanguageName, useNow } from '../app/use-formats.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { Badge } from '../ui/display.tsx';
import { LinkIcon, MoreIcon, PencilIcon, TrashIcon } from '../ui/icons.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { useToast } from '../ui/Toast.tsx';
import { LinkDialog } from './LinkDialog.tsx';

export interface PersonRowProps {
  person: Person;
  isMe: boolean;
  mayManage: boolean;
  onChange: () => void;
}

export function PersonRow({ person, isMe, mayManage, onChange }: PersonRowProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageName();
  const now = useNow();
  const facts = [t(`roles.${person.role}`), ...person.languages.map(languageName)];
  return (
    <li className="person">
      <Avatar person={person} size="l" decorative />
      <div className="person-words">
        <span className="person-name">
          {person.name}
          {isMe && <Badge>{t('people.you')}</Badge>}
        </span>
        <span className="person-facts">{facts.join('\u00a0· ')}</span>
      </div>
      <span className="person-seen">
        {isMe || person.lastSeenAt === null
          ? person.lastSeenAt === null && t('people.neverSeen')
          : t('people.seen', { when: formats.relative(person.lastSeenAt, now) })}
      </span>
      {mayManage ? (
        <PersonMenu person={person} isMe={isMe} onChange={onChange} />
      ) : (
        isMe && (
          <Button size="s" icon={<PencilIcon />} onClick={onChange}>
            {t('people.rename')}
          </Button>
        )
      )}
    </li>
  );
}

function PersonMenu({ person, isMe, onChange }: Pick<PersonRowProps, 'person' | 'isMe' | 'onChange'>) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  const [removing, setRemoving] = useState(false);
  const [link, setLink] = useState<{ url: string; expiresAt: number } | null>(null);

  const remove = async () => {
    try {
      await api.removePerson(person.id);
      toast({ kind: 'good', title: t('people.removed', { name: person.name }) });
    } catch (error) {
      toast({ kind: 'danger', title: t('people.removeFailed'), body: errorText(error, t) });
    }
    await queries.invalidateQueries({ queryKey: keys.people });
  };
  const makeLink = async () => {
    try {
      setLink(await api.signInLink(person.id));
    } catch (error) {
      toast({ kind: 'danger', title: t('people.linkFailed'), body: errorText(error, t) });
    }
  };

  return (
    <>
      <Menu trigger={<IconButton size="s" label={t('people.actionsFor', { name: person.name })} icon={<MoreIcon />} />}>
        <MenuItem icon={<PencilIcon />} onSelect={onChange}>
          {t('people.change')}
        </MenuItem>
        <MenuItem icon={<LinkIcon />} onSelect={makeLink}>
          {t('people.signInLink')}
        </MenuItem>
        {!isMe && (
          <>
            <MenuSeparator />
            <MenuItem danger icon={<TrashIcon />} onSelect={() => setRemoving(true)}>
              {t('people.remove')}
            </MenuItem>
          </>
        )}
      </Menu>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        danger
        title={t('people.removeTitle', { name: person.name })}
        description={t('people.removeBody')}
        confirmLabel={t('people.remove')}
        onConfirm={remove}
      />
      {link && (
        <LinkDialog
          title={t('people.linkTitle', { name: person.name })}
          url={link.url}
          expiresAt={link.expiresAt}
          hint={t('people.linkHint')}
          onClose={() => setLink(null)}
        />
      )}
    </>
  );
}
