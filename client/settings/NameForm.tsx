// One's own name, as colleagues see it.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { useLanguageName } from '../app/use-formats.ts';
import { useSubmit } from '../app/use-submit.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { useToast } from '../ui/Toast.tsx';

export function NameForm({ person }: { person: Person }) {
  const { t } = useTranslation();
  const languageName = useLanguageName();
  const queries = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState(person.name);
  const changed = name.trim() !== '' && name.trim() !== person.name;
  const { busy, error, onSubmit } = useSubmit(async () => {
    await api.changePerson(person.id, { name });
    await queries.invalidateQueries({ queryKey: keys.session });
    await queries.invalidateQueries({ queryKey: keys.people });
    toast({ kind: 'good', title: t('settings.nameSaved') });
  }, changed);

  return (
    <>
      <p className="settings-person">
        <Avatar person={person} size="l" decorative />
        <span className="soft">
          {[t(`roles.${person.role}`), ...person.languages.map(languageName)].join('\u00a0· ')}
        </span>
      </p>
      <form className="settings-form" onSubmit={onSubmit}>
        <TextField
          label={t('settings.name')}
          value={name}
          onChange={setName}
          error={error}
          autoComplete="name"
          maxLength={100}
        />
        <Button type="submit" busy={busy} disabled={!changed}>
          {t('settings.save')}
        </Button>
      </form>
    </>
  );
}
