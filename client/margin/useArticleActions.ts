// What can be done with the open article by name: its columns, snapshots, claims and deadline, confirming a block, export.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { may } from '../../shared/access/roles.ts';
import { articleLanguages } from '../../shared/article/meta.ts';
import { useLanguageName } from '../app/use-formats.ts';
import { useObservable } from '../ui/useObservable.ts';
import { useWorkspace } from '../workspace/context.tsx';
import { confirmHere } from '../workspace/review/confirm.ts';
import { jumpSideways } from '../workspace/sideways.ts';
import { useActions } from './ActionRoot.tsx';
import type { Action } from './actions.ts';

const EXPORTS = ['txt', 'md', 'html'] as const;

interface Offers {
  openDialog(dialog: 'deadline' | 'language' | 'snapshot'): void;
  download(address: string): void;
}

export function useArticleActions({ openDialog, download }: Offers): void {
  const { t } = useTranslation();
  const nameOf = useLanguageName();
  const [, navigate] = useLocation();
  const { workspace, statuses, meta, narrow } = useWorkspace();
  const { session, arrangement } = workspace;
  const standing = useObservable(session.standing);
  const shown = useObservable(workspace.shown);
  const focused = useObservable(workspace.focused);

  const actions = useMemo<Action[]>(() => {
    const { articleId } = session;
    const address = `/articles/${articleId}`;
    const here = focused?.language;
    const languages = articleLanguages(meta);
    const sideways = (id: string, step: 1 | -1, key: string): Action => ({
      id,
      title: t(`keys.${id === 'block.right' ? 'blockRight' : 'blockLeft'}`),
      group: 'text',
      shows: [key],
      disabled: here === undefined,
      run: () => here && jumpSideways(workspace, here, step),
    });
    return [
      {
        id: 'block.confirm',
        title: t('keys.confirmBlock'),
        group: 'text',
        shows: ['Mod+Enter'],
        disabled: here === undefined || here === meta.sourceLanguage || !may(standing, 'confirmTranslated', here),
        run: () => here && confirmHere(workspace, statuses, here),
      },
      sideways('block.right', 1, 'Mod+Alt+ArrowRight'),
      sideways('block.left', -1, 'Mod+Alt+ArrowLeft'),
      ...languages.map<Action>((language) => ({
        id: `column.${language}`,
        title: t(shown.includes(language) ? 'keys.hideColumn' : 'keys.showColumn', { language: nameOf(language) }),
        group: 'view',
        disabled: shown.includes(language) && (narrow || shown.length === 1),
        run: () => (shown.includes(language) ? arrangement.hide(language) : arrangement.show(language)),
      })),
      {
        id: 'article.snapshots',
        title: t('workspace.menu.snapshots'),
        group: 'article',
        run: () => navigate(`${address}/snapshots`),
      },
      {
        id: 'article.snapshot',
        title: t('workspace.menu.takeSnapshot'),
        group: 'article',
        disabled: !may(standing, 'takeSnapshot'),
        run: () => openDialog('snapshot'),
      },
      {
        id: 'article.claims',
        title: t('workspace.menu.claims'),
        group: 'article',
        run: () => navigate(`${address}/claims`),
      },
      {
        id: 'article.deadline',
        title: t('workspace.menu.deadline'),
        group: 'article',
        disabled: !may(standing, 'manageArticle'),
        run: () => openDialog('deadline'),
      },
      {
        id: 'article.addLanguage',
        title: t('workspace.menu.addLanguage'),
        group: 'article',
        disabled: !may(standing, 'manageArticle'),
        run: () => openDialog('language'),
      },
      ...languages.flatMap((language) =>
        EXPORTS.map<Action>((format) => ({
          id: `export.${language}.${format}`,
          title: `${t('workspace.export.language', { language: nameOf(language) })}, ${t(`workspace.export.${format}`)}`,
          group: 'article',
          run: () => download(`/api/articles/${articleId}/texts/${language}?format=${format}`),
        })),
      ),
    ];
  }, [
    t,
    nameOf,
    navigate,
    workspace,
    statuses,
    meta,
    narrow,
    session,
    arrangement,
    standing,
    shown,
    focused,
    openDialog,
    download,
  ]);
  useActions(actions);
}
