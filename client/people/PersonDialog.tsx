// Changes a person: an editor everything, everybody their own name.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { useSubmit } from '../app/use-submit.ts';
import { TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { RoleAndLanguages } from './RoleAndLanguages.tsx';

export interface PersonDialogProps {
  person: Person;
  isMe: boolean;
  mayManage: boolean;
  onClose: () => void;
}

export function PersonDialog({ person, isMe, mayManage, onClose }: PersonDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState(person.role);
  const [languages, setLanguages] = useState(person.languages);
  const submit = useSubmit(async () => {
    await api.changePerson(person.id, mayManage ? { name, role, languages } : { name });
    await queries.invalidateQueries({ queryKey: keys.people });
    if (isMe) await queries.invalidateQueries({ queryKey: keys.session });
    onClose();
  }, name.trim() !== '');

  return (
    <FormDialog title={person.name} submit={submit} submitLabel={t('people.save')} onClose={onClose}>
      <TextField label={t('people.name')} value={name} onChange={setName} maxLength={100} required />
      {mayManage && <RoleAndLanguages role={role} languages={languages} onRole={setRole} onLanguages={setLanguages} />}
    </FormDialog>
  );
}
