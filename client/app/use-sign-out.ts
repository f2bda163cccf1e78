// The way out: ends the session at the server and forgets what this tab knows.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/calls.ts';
import { useToast } from '../ui/Toast.tsx';
import { errorText } from './error-text.ts';

export function useSignOut(): () => void {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  return useCallback(() => {
    api.signOut().then(
      () => {
        queries.clear();
        location.assign('/sign-in'); // a fresh page: nothing of the person stays in memory
      },
      (error: unknown) => toast({ kind: 'danger', title: t('app.signOutFailed'), body: errorText(error, t) }),
    );
  }, [queries, toast, t]);
}
