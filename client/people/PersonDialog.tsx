// Changes a person: an editor everything, everybody their own name.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setBusy(true);
    setError(null);
    try {
      await api.changePerson(person.id, mayManage ? { name, role, languages } : { name });
      await queries.invalidateQueries({ queryKey: keys.people });
      if (isMe) await queries.invalidateQueries({ queryKey: keys.session });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={person.name}>
      <form className="form" onSubmit={submit}>
        <TextField label={t('people.name')} value={name} onChange={setName} maxLength={100} required />
        {mayManage && (
          <RoleAndLanguages role={role} languages={languages} onRole={setRole} onLanguages={setLanguages} />
        )}
        {error !== null && (
          <p className="notice notice-danger" role="alert">
            {errorText(error, t)}
          </p>
        )}
        <div className="form-actions form-actions-end">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('people.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
