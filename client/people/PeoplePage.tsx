// The people of the newsroom: who they are, what they may do, and how new ones come in.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys, usePeople } from '../api/queries.ts';
import { ErrorView } from '../app/ErrorView.tsx';
import { useLiveEvent } from '../app/live-context.ts';
import { Page } from '../app/Page.tsx';
import { useMay, usePerson } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/display.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { InviteDialog } from './InviteDialog.tsx';
import { PendingInvitations } from './PendingInvitations.tsx';
import { PersonDialog } from './PersonDialog.tsx';
import { PersonRow } from './PersonRow.tsx';
import './people.css';
import { byRole } from './order.ts';

export default function PeoplePage() {
  const { t } = useTranslation();
  const me = usePerson();
  const mayManage = useMay('managePeople');
  const queries = useQueryClient();
  const people = usePeople();
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<string | null>(null);
  useLiveEvent('people.changed', () => {
    void queries.invalidateQueries({ queryKey: keys.people });
    void queries.invalidateQueries({ queryKey: keys.invitations });
  });

  const here = people.data?.filter(({ removedAt }) => removedAt === null).sort(byRole) ?? [];
  const changed = here.find(({ id }) => id === changing);
  return (
    <Page
      title={t('people.title')}
      width="narrow"
      actions={
        mayManage && (
          <Button variant="primary" icon={<PlusIcon />} onClick={() => setInviting(true)}>
            {t('people.invite')}
          </Button>
        )
      }
    >
      {people.isPending ? (
        <ul className="people" aria-busy="true">
          {['first', 'second', 'third', 'fourth'].map((row) => (
            <li key={row} className="person">
              <Skeleton width="2.25rem" height="2.25rem" className="person-face" />
              <div className="person-words">
                <Skeleton width="11rem" />
                <Skeleton width="16rem" />
              </div>
            </li>
          ))}
        </ul>
      ) : people.isError && !people.data ? (
        <ErrorView error={people.error} onRetry={() => people.refetch()} />
      ) : (
        <ul className="people" aria-label={t('people.title')}>
          {here.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              isMe={person.id === me.id}
              mayManage={mayManage}
              onChange={() => setChanging(person.id)}
            />
          ))}
        </ul>
      )}
      {mayManage && <PendingInvitations />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {changed && (
        <PersonDialog
          key={changed.id}
          person={changed}
          isMe={changed.id === me.id}
          mayManage={mayManage}
          onClose={() => setChanging(null)}
        />
      )}
    </Page>
  );
}
