// What one can do with the whole article: columns, snapshots, claims, export, deadline.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { may } from '../../../shared/access/roles.ts';
import { articleLanguages } from '../../../shared/article/meta.ts';
import { useLanguageLabel, useLanguageName } from '../../app/use-formats.ts';
import { useArticleActions } from '../../margin/useArticleActions.ts';
import { IconButton } from '../../ui/Button.tsx';
import {
  BookmarkIcon,
  ClaimIcon,
  ClockIcon,
  ColumnsIcon,
  DownloadIcon,
  HistoryIcon,
  MoreIcon,
  PlusIcon,
} from '../../ui/icons.tsx';
import { Menu, MenuCheckItem, MenuItem, MenuLabel, MenuSeparator } from '../../ui/Menu.tsx';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';
import { DeadlineDialog } from './DeadlineDialog.tsx';
import { LanguageDialog } from './LanguageDialog.tsx';
import { SnapshotDialog } from './SnapshotDialog.tsx';

const FORMATS = ['txt', 'md', 'html'] as const;

export function ArticleMenus() {
  const { t } = useTranslation();
  const name = useLanguageName();
  const label = useLanguageLabel();
  const [, navigate] = useLocation();
  const { workspace, meta, narrow } = useWorkspace();
  const { session, arrangement } = workspace;
  const standing = useObservable(session.standing);
  const shown = useObservable(workspace.shown);
  const order = useObservable(arrangement.order);
  const [dialog, setDialog] = useState<'deadline' | 'language' | 'snapshot' | null>(null);
  const address = `/articles/${session.articleId}`;
  useArticleActions({ openDialog: setDialog, download });

  return (
    <>
      {!narrow && order.length > 1 && (
        <Menu trigger={<IconButton label={t('workspace.columns.choose')} icon={<ColumnsIcon />} />}>
          <MenuLabel>{t('workspace.columns.choose')}</MenuLabel>
          {order.map((language) => (
            <MenuCheckItem
              key={language}
              keepOpen
              checked={shown.includes(language)}
              disabled={shown.length === 1 && shown[0] === language}
              onCheckedChange={(checked) => (checked ? arrangement.show(language) : arrangement.hide(language))}
            >
              {label(language)}
            </MenuCheckItem>
          ))}
        </Menu>
      )}
      <Menu trigger={<IconButton label={t('workspace.menu.more')} icon={<MoreIcon />} />}>
        <MenuItem icon={<HistoryIcon />} onSelect={() => navigate(`${address}/snapshots`)}>
          {t('workspace.menu.snapshots')}
        </MenuItem>
        {may(standing, 'takeSnapshot') && (
          <MenuItem icon={<BookmarkIcon />} onSelect={() => setDialog('snapshot')}>
            {t('workspace.menu.takeSnapshot')}
          </MenuItem>
        )}
        <MenuItem icon={<ClaimIcon />} onSelect={() => navigate(`${address}/claims`)}>
          {t('workspace.menu.claims')}
        </MenuItem>
        {may(standing, 'manageArticle') && (
          <MenuItem icon={<ClockIcon />} onSelect={() => setDialog('deadline')}>
            {t('workspace.menu.deadline')}
          </MenuItem>
        )}
        {may(standing, 'manageArticle') && (
          <MenuItem icon={<PlusIcon />} onSelect={() => setDialog('language')}>
            {t('workspace.menu.addLanguage')}
          </MenuItem>
        )}
        <MenuSeparator />
        {articleLanguages(meta).map((language) => (
          <ExportItems key={language} articleId={session.articleId} language={language} label={name(language)} />
        ))}
      </Menu>
      <DeadlineDialog open={dialog === 'deadline'} onClose={() => setDialog(null)} />
      <LanguageDialog open={dialog === 'language'} onClose={() => setDialog(null)} />
      <SnapshotDialog open={dialog === 'snapshot'} onClose={() => setDialog(null)} />
    </>
  );
}

function ExportItems({ articleId, language, label }: { articleId: string; language: string; label: string }) {
  const { t } = useTranslation();
  return (
    <>
      <MenuLabel>{t('workspace.export.language', { language: label })}</MenuLabel>
      {FORMATS.map((format) => (
        <MenuItem
          key={format}
          icon={<DownloadIcon />}
          onSelect={() => download(`/api/articles/${articleId}/texts/${language}?format=${format}`)}
        >
          {t(`workspace.export.${format}`)}
        </MenuItem>
      ))}
    </>
  );
}

/** The server names the file; the browser saves it. */
function download(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
