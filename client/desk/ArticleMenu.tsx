// What one can do with an article from the desk.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { api } from '../api/calls.ts';
import { keys } from '../api/queries.ts';
import { errorText } from '../app/error-text.ts';
import { useMay } from '../app/session.tsx';
import { IconButton } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { ClaimIcon, DocumentIcon, HistoryIcon, MoreIcon, TrashIcon } from '../ui/icons.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { useToast } from '../ui/Toast.tsx';
import { type ArticlePages, without } from './pages.ts';

export function ArticleMenu({ article }: { article: ArticleSummary }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const mayDelete = useMay('manageArticle');
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const toast = useToast();
  const title = article.title || t('desk.untitled');

  const remove = async () => {
    try {
      await api.deleteArticle(article.id);
      queries.setQueriesData<ArticlePages>({ queryKey: keys.articles }, (known) => known && without(known, article.id));
      toast({ kind: 'good', title: t('desk.deleted', { title }) });
    } catch (error) {
      toast({ kind: 'danger', title: t('desk.deleteFailed'), body: errorText(error, t) });
    }
  };

  return (
    <>
      <Menu trigger={<IconButton size="s" label={t('desk.actionsFor', { title })} icon={<MoreIcon />} />}>
        <MenuItem icon={<DocumentIcon />} onSelect={() => navigate(`/articles/${article.id}`)}>
          {t('desk.open')}
        </MenuItem>
        <MenuItem icon={<ClaimIcon />} onSelect={() => navigate(`/articles/${article.id}/claims`)}>
          {t('desk.claims')}
        </MenuItem>
        <MenuItem icon={<HistoryIcon />} onSelect={() => navigate(`/articles/${article.id}/snapshots`)}>
          {t('desk.snapshots')}
        </MenuItem>
        {mayDelete && (
          <>
            <MenuSeparator />
            <MenuItem danger icon={<TrashIcon />} onSelect={() => setAsking(true)}>
              {t('desk.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('desk.deleteTitle')}
        description={t('desk.deleteBody', { title })}
        confirmLabel={t('desk.delete')}
        onConfirm={remove}
      />
    </>
  );
}
